/* SPDX-License-Identifier: Apache-2.0 */
#include "check/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

#define FILE_MAX_BYTES ((size_t)16 << 20)
#define SECRET_LEAST_BYTES 16

static struct recording {
    struct plexctl_json *replies; /* NULL: no recording */
    bool is_used[RECORDING_MAX_REPLIES];
    int32_t failure; /* of the next request; -1 for none */
    char unanswered[128];
    struct http_module module;
} recording = {.failure = -1};

/* Reading */

static plexctl_status check_reply(const struct plexctl_json *reply, size_t index, struct error *err)
{
    int64_t status = 0;

    if (!json_string(json_get(reply, "method")) || !json_string(json_get(reply, "path")))
        return error_set(err, PLEXCTL_USAGE, "reply %zu: method and path must be texts", index);
    if (!json_integer(json_get(reply, "status"), &status) || status < 100 || status > 599)
        return error_set(err, PLEXCTL_USAGE, "reply %zu: status must be a number of 100 to 599", index);
    return PLEXCTL_OK;
}

static plexctl_status check_replies(struct error *err)
{
    size_t count = json_length(recording.replies);
    plexctl_status status = PLEXCTL_OK;

    if (json_type(recording.replies) != PLEXCTL_JSON_ARRAY || count > RECORDING_MAX_REPLIES)
        return error_set(err, PLEXCTL_USAGE, "wanted is an array of at most %d replies", RECORDING_MAX_REPLIES);
    for (size_t i = 0; status == PLEXCTL_OK && i < count; i++)
        status = check_reply(json_at(recording.replies, i), i, err);
    return status;
}

plexctl_status recording_load(const char *path, struct error *err)
{
    auto_buf struct buf text = BUF_INIT(FILE_MAX_BYTES);

    json_free(recording.replies);
    recording = (struct recording){.failure = -1};
    if (!path)
        return PLEXCTL_OK;
    auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(err, PLEXCTL_USAGE, errno, "--replies: %s", path);
    plexctl_status status = file_read_all(fd, &text, err);
    if (status == PLEXCTL_OK)
        status = json_parse(text.data ? text.data : "", text.len, &recording.replies, err);
    if (status == PLEXCTL_OK)
        status = check_replies(err);
    if (status == PLEXCTL_FAILED)
        err->status = PLEXCTL_USAGE;
    return status == PLEXCTL_OK ? status : error_prefix(err, "--replies: %s", path);
}

/* Secrets */

struct secrets {
    void (*visit)(void *context, const char *text);
    void *context;
};

static bool is_secret_name(const char *key)
{
    static const char *const names[] = {"access_token",  "refresh_token", "id_token", "device_code", "token",
                                        "client_secret", "secret",        "password", "api_key"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(key, names[i]) == 0)
            return true;
    }
    return false;
}

static bool visit_member(void *context, const char *key, struct plexctl_json *value)
{
    struct secrets *secrets = context;
    const char *text = json_string(value);

    if (text && is_secret_name(key) && strlen(text) >= SECRET_LEAST_BYTES)
        secrets->visit(secrets->context, text);
    (void)json_each(value, visit_member, secrets);
    for (size_t i = 0; json_type(value) == PLEXCTL_JSON_ARRAY && i < json_length(value); i++)
        (void)visit_member(secrets, "", json_at(value, i));
    return true;
}

void recording_each_secret(void (*visit)(void *context, const char *text), void *context)
{
    struct secrets secrets = {visit, context};

    (void)visit_member(&secrets, "", recording.replies);
}

/* Answering */

void recording_rewind(void)
{
    memset(recording.is_used, 0, sizeof recording.is_used);
    recording.failure = -1;
}

void recording_fail_next(int32_t status)
{
    recording.failure = status;
}

const char *recording_unanswered(void)
{
    return recording.unanswered;
}

static bool is_for(const struct plexctl_json *reply, const char *method, const char *path)
{
    const char *recorded = json_string(json_get(reply, "path"));
    size_t length = strchr(recorded, '?') ? strlen(path) : strcspn(path, "?");

    return strcmp(json_string(json_get(reply, "method")), method) == 0 && strlen(recorded) == length &&
           strncmp(recorded, path, length) == 0;
}

static const struct plexctl_json *find_reply(const char *method, const char *path)
{
    const struct plexctl_json *found = NULL;

    for (size_t i = 0; i < json_length(recording.replies); i++) {
        const struct plexctl_json *reply = json_at(recording.replies, i);
        if (!is_for(reply, method, path))
            continue;
        found = reply;
        if (!recording.is_used[i]) {
            recording.is_used[i] = true;
            break;
        }
    }
    return found;
}

static bool take_header(void *context, const char *key, struct plexctl_json *value)
{
    struct http_reply *reply = context;
    const char *text = json_string(value);
    int64_t number = -1;

    if (strcasecmp(key, "content-type") == 0 && text) {
        free(reply->content_type);
        reply->content_type = strndup(text, strcspn(text, "; "));
    } else if (strcasecmp(key, "retry-after") == 0) {
        (void)json_integer(value, &number);
        reply->retry_after_s = text ? strtoll(text, NULL, 10) : number;
    }
    return true;
}

static void fill(struct http_reply *reply, const struct plexctl_json *recorded)
{
    const struct plexctl_json *body = json_get(recorded, "body");
    int64_t status = recording.replies ? 404 : 200;

    (void)json_integer(json_get(recorded, "status"), &status);
    reply->status = (int32_t)status;
    reply->content_type = strdup("application/json");
    if (json_string(body))
        buf_append_text(&reply->body, json_string(body));
    else if (body)
        json_write(&reply->body, body, 0, 0);
    else
        buf_append_text(&reply->body, recorded ? "" : "{}");
    (void)json_each(json_get(recorded, "headers"), take_header, reply);
}

static void fail_with(struct http_reply *reply, int32_t status)
{
    reply->status = status;
    reply->content_type = strdup("application/problem+json");
    reply->retry_after_s = status == 429 ? 1 : -1;
    buf_appendf(&reply->body, "{\"title\":\"made up by plexctl plugin check\",\"status\":%d}", (int)status);
}

/* The module */

struct http_client {
    int unused;
};

static plexctl_status client_new(const char *user_agent, struct http_client **ret_client, struct error *err)
{
    static struct http_client client;

    (void)user_agent, (void)err;
    *ret_client = &client;
    return PLEXCTL_OK;
}

static plexctl_status send_request(struct http_client *client, const struct http_request *request,
                                   struct http_reply *ret_reply, struct error *err)
{
    const char *path = strchr(strstr(request->url, "//") + 2, '/');
    int32_t failure = recording.failure;

    (void)client;
    recording.failure = -1;
    if (failure == 0)
        return error_set(err, PLEXCTL_UNREACHABLE, "timed out (made up by plexctl plugin check)");
    *ret_reply = (struct http_reply){.body = BUF_INIT(request->body_max_bytes), .retry_after_s = -1};
    const struct plexctl_json *recorded = failure < 0 ? find_reply(request->method, path) : NULL;
    if (failure > 0)
        fail_with(ret_reply, failure);
    else
        fill(ret_reply, recorded);
    if (failure < 0 && recording.replies && !recorded && !recording.unanswered[0])
        (void)snprintf(recording.unanswered, sizeof recording.unanswered, "%s %s", request->method, path);
    if (!ret_reply->content_type || ret_reply->body.failed == PLEXCTL_NO_MEMORY)
        return error_no_memory(err);
    return buf_check(&ret_reply->body, "the reply", err);
}

static struct http_facts facts(const struct http_client *client)
{
    (void)client;
    return (struct http_facts){.peer = "check.invalid:443", .was_sent = true};
}

static void reply_release(struct http_reply *reply)
{
    free(reply->content_type);
    buf_release(&reply->body);
    *reply = (struct http_reply)HTTP_REPLY_INIT;
}

static void client_free(struct http_client *client)
{
    (void)client;
}

const struct http_module *recording_module(const struct http_module *real)
{
    recording.module = (struct http_module){.version = real->version,
                                            .url_parse = real->url_parse,
                                            .url_release = real->url_release,
                                            .client_new = client_new,
                                            .send = send_request,
                                            .facts = facts,
                                            .reply_release = reply_release,
                                            .client_free = client_free};
    return &recording.module;
}
