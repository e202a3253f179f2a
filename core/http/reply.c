/* SPDX-License-Identifier: Apache-2.0 */
#include "reply.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct receiver *receiver = context;

    if (receiver->framing.fault) {
        receiver->excess = EXCESS_FRAMING;
        return 0;
    }
    buf_append(&receiver->body, bytes, size * count);
    if (receiver->body.failed == PLEXCTL_OK)
        return size * count;
    receiver->excess = receiver->body.failed == PLEXCTL_NO_MEMORY ? EXCESS_MEMORY : EXCESS_BODY;
    return 0;
}

static size_t take_header(char *line, size_t size, size_t count, void *context)
{
    struct receiver *receiver = context;
    size_t len = size * count;

    receiver->headers_bytes += len;
    framing_take(&receiver->framing, line, len);
    /* Interim replies and a proxy's come before; trailers end in an empty line too. */
    if (len >= 5 && memcmp(line, "HTTP/", 5) == 0)
        receiver->has_headers = false;
    else if (len > 0 && (line[0] == '\r' || line[0] == '\n'))
        receiver->has_headers = true;
    if (receiver->headers_bytes <= REPLY_HEADERS_MAX_BYTES)
        return len;
    receiver->excess = EXCESS_HEADERS;
    return 0;
}

CURLcode receiver_attach(struct receiver *receiver, CURL *easy)
{
    receiver->easy = easy;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, receiver);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, receiver);
    return code;
}

plexctl_status receiver_explain(const struct receiver *receiver, const char *peer, struct error *err)
{
    if (receiver->excess == EXCESS_MEMORY)
        return error_no_memory(err);
    if (receiver->excess == EXCESS_FRAMING)
        return error_set(err, PLEXCTL_FAILED,
                         "reply from %s: %s; this does not look like a plexsphere API; check --server", peer,
                         receiver->framing.fault);
    if (receiver->excess == EXCESS_INTAKE)
        return error_set(err, PLEXCTL_FAILED,
                         "reply from %s: it has no end; this does not look like a plexsphere API; check --server",
                         peer);
    bool is_body = receiver->excess == EXCESS_BODY;
    return error_set(err, PLEXCTL_FAILED,
                     "reply from %s: its %s longer than %zu bytes; this does not look like a plexsphere API; "
                     "check --server",
                     peer, is_body ? "body is" : "headers are",
                     is_body ? receiver->body.max : (size_t)REPLY_HEADERS_MAX_BYTES);
}

/* RFC 9110 section 8.3.1: type and subtype are compared without case. Odd bytes make it no type that we know. */
static char *take_content_type(CURL *easy)
{
    const char *header = NULL;

    if (curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &header) != CURLE_OK || !header)
        header = "";
    size_t len = strcspn(header, "; \t");
    char *type = strndup(header, len);
    for (size_t i = 0; type && i < len; i++) {
        if (type[i] <= ' ' || type[i] > '~') {
            type[0] = '\0';
            break;
        }
        if (type[i] >= 'A' && type[i] <= 'Z')
            type[i] = (char)(type[i] + ('a' - 'A'));
    }
    return type;
}

/* RFC 9110 section 10.2.3: seconds or a date. CURLINFO_RETRY_AFTER cannot tell 0 from absent, nor a huge number. */
static int64_t seconds_of_retry_after(const char *value)
{
    size_t digits = strspn(value, "0123456789");
    int64_t seconds = 0;

    if (digits > 0 && value[digits] == '\0') {
        for (size_t i = 0; i < digits && seconds <= REPLY_RETRY_AFTER_MAX_S; i++)
            seconds = seconds * 10 + (value[i] - '0');
    } else {
        time_t date = curl_getdate(value, NULL);
        if (date == -1)
            return -1;
        seconds = (int64_t)date - (int64_t)time(NULL);
    }
    if (seconds < 0)
        return 0;
    return seconds < REPLY_RETRY_AFTER_MAX_S ? seconds : REPLY_RETRY_AFTER_MAX_S;
}

static int64_t take_retry_after(CURL *easy)
{
    struct curl_header *header = NULL;

    if (curl_easy_header(easy, "Retry-After", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return -1;
    return seconds_of_retry_after(header->value);
}

plexctl_status receiver_finish(struct receiver *receiver, const char *peer, struct http_reply *ret_reply,
                               struct error *err)
{
    auto_free char *content_type = NULL;
    long status = 0;

    if (receiver->framing.fault) {
        receiver->excess = EXCESS_FRAMING;
        return receiver_explain(receiver, peer, err);
    }
    (void)curl_easy_getinfo(receiver->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status < 100 || status > 599)
        return error_set(err, PLEXCTL_FAILED, "reply from %s: HTTP status %ld does not exist; check --server", peer,
                         status);
    content_type = take_content_type(receiver->easy);
    if (!content_type)
        return error_no_memory(err);
    *ret_reply = (struct http_reply){.status = (int32_t)status,
                                     .content_type = take_ptr(&content_type),
                                     .body = receiver->body,
                                     .retry_after_s = take_retry_after(receiver->easy)};
    receiver->body = (struct buf)BUF_INIT(receiver->body.max);
    return PLEXCTL_OK;
}

void receiver_release(struct receiver *receiver)
{
    buf_release(&receiver->body);
}

void reply_release(struct http_reply *reply)
{
    free(reply->content_type);
    buf_release(&reply->body);
    *reply = (struct http_reply)HTTP_REPLY_INIT;
}
