/* SPDX-License-Identifier: Apache-2.0 */
#include "problem.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

#define URL_MAX_BYTES 200
#define PEER_MAX_BYTES 200
/* What a plugin says before and behind it. */
#define ROOM_BYTES 160

static const char no_api[] = "this does not look like a plexsphere API; check --server";
static const char html[] = " with HTML, which does not look like a plexsphere API";

/* What to do where the server says nothing better. The first row that fits. */
static const struct advice {
    int first, last; /* HTTP status */
    const char *text;
} advices[] = {
    {300, 399, "plexctl follows no redirect: check --server"},
    {401, 401, "log in again with `plexctl login`"},
    {403, 403, "ask whoever runs the control plane for access"},
    {501, 501, "this control plane does not offer it"},
    {429, 429, "try again later"},
    {500, 599, "try again later, or tell whoever runs the control plane"},
};

static bool is_html(const struct plexctl_http_reply *reply)
{
    return strcmp(reply->content_type, "text/html") == 0 || reply->body[0] == '<';
}

/* `otherwise`: where the status alone does not say it; NULL for nothing. */
static void append_advice(struct buf *out, const struct plexctl_http_reply *reply, const char *otherwise)
{
    if (reply->retry_after_s > 0 && (reply->status == 429 || reply->status >= 500)) {
        buf_appendf(out, "try again in %" PRId64 " s", reply->retry_after_s);
        return;
    }
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++) {
        if (reply->status >= advices[i].first && reply->status <= advices[i].last) {
            buf_append_text(out, advices[i].text);
            return;
        }
    }
    if (otherwise)
        buf_append_text(out, otherwise);
}

/* Of `room` bytes that the server's words may take. */
static void append_words(struct buf *out, const char *before, const char *words, size_t *room)
{
    size_t start = out->len;

    if (!words || !words[0] || *room < 16)
        return;
    buf_append_text(out, before);
    text_sanitise(out, words, strlen(words), *room < TEXT_SERVER_MAX_BYTES ? *room : TEXT_SERVER_MAX_BYTES);
    size_t taken = out->len - start;
    *room = taken < *room ? *room - taken : 0;
}

/* RFC 9457 members, and `error` of RFC 6749 section 5.2 where a code is missing. *ret_is_problem is false where it has
 * none of them. */
static plexctl_status append_problem(struct buf *out, const struct plexctl_http_reply *reply, size_t room,
                                     bool *ret_is_problem)
{
    struct error fault = ERROR_INIT;
    struct plexctl_json *body = NULL;

    *ret_is_problem = false;
    if (json_parse(reply->body, (size_t)reply->body_size, &body, &fault) != PLEXCTL_OK)
        return fault.status == PLEXCTL_NO_MEMORY ? fault.status : PLEXCTL_OK;
    const char *title = json_string(json_get(body, "title")), *detail = json_string(json_get(body, "detail"));
    const char *code = json_string(json_get(body, "code"));
    if (!code)
        code = json_string(json_get(body, "error"));
    append_words(out, ": ", title, &room);
    if (!title || !detail || strcmp(title, detail) != 0)
        append_words(out, ": ", detail, &room);
    size_t before = out->len;
    append_words(out, " (code ", code, &room);
    if (out->len > before)
        buf_append_char(out, ')');
    *ret_is_problem = title || detail || code;
    json_free(body);
    return PLEXCTL_OK;
}

/* The URL with the port that was dialled, and the proxy if there is one. */
static void append_source(struct buf *out, const struct problem_source *source)
{
    auto_buf struct buf url = BUF_FIXED((size_t)8 * ERROR_TEXT_SIZE);
    const char *host = strstr(source->url, "//"), *proxy = strchr(source->peer, ' ');
    const char *path = host ? strchr(host + 2, '/') : NULL;

    if (path) {
        buf_append(&url, source->url, (size_t)(host + 2 - source->url));
        buf_append(&url, source->peer, strcspn(source->peer, " "));
    }
    buf_append_text(&url, path ? path : source->url);
    text_sanitise(out, buf_text(&url), url.len, URL_MAX_BYTES);
    if (proxy)
        text_sanitise(out, proxy, strlen(proxy), PEER_MAX_BYTES);
}

plexctl_status problem_explain(const struct problem_source *source, const struct plexctl_http_reply *reply,
                               struct error *err)
{
    auto_buf struct buf line = BUF_FIXED((size_t)4 * ERROR_TEXT_SIZE), advice = BUF_FIXED(ERROR_TEXT_SIZE);

    append_source(&line, source);
    buf_appendf(&line, " answered HTTP %d", (int)reply->status);
    if (is_html(reply)) {
        buf_append_text(&line, html);
        append_advice(&advice, reply, "check --server");
    } else {
        size_t room = ERROR_TEXT_SIZE - ROOM_BYTES - sizeof no_api - line.len;
        bool is_problem;
        if (append_problem(&line, reply, room, &is_problem) != PLEXCTL_OK)
            return error_no_memory(err);
        append_advice(&advice, reply, is_problem ? NULL : no_api);
    }
    (void)error_set(err, reply->status == 403 ? PLEXCTL_DENIED : PLEXCTL_FAILED, "%s", buf_text(&line));
    return error_advise(err, advice.len > 0 ? buf_text(&advice) : NULL);
}

plexctl_status problem_explain_malformed(const struct problem_source *source, const struct plexctl_http_reply *reply,
                                         const char *what, struct error *err)
{
    auto_buf struct buf why = BUF_FIXED(ERROR_TEXT_SIZE), peer = BUF_FIXED(ERROR_TEXT_SIZE);

    if (is_html(reply)) {
        (void)problem_explain(source, reply, err);
        return error_prefix(err, "malformed %.60s", what);
    }
    text_sanitise(&why, err->text, strlen(err->text), TEXT_SERVER_MAX_BYTES);
    text_sanitise(&peer, source->peer, strlen(source->peer), PEER_MAX_BYTES);
    (void)error_set(err, PLEXCTL_FAILED, "malformed %.60s: %s (HTTP %d from %s)", what, buf_text(&why),
                    (int)reply->status, buf_text(&peer));
    return error_advise(err, "check --server");
}
