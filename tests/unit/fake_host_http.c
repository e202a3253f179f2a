/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests to the scripted server.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"

static plexctl_status refuse(const struct plexctl_host *table, plexctl_status status, const char *text)
{
    return error_set(&fake_host_of(table)->failure, status, "%s", text);
}

/* Enough to tell where the host has advice of its own. */
static bool is_problem(const char *body)
{
    return strstr(body, "\"title\":\"") || strstr(body, "\"detail\":\"") || strstr(body, "\"code\":\"") ||
           strstr(body, "\"error\":\"");
}

static plexctl_status problem(const struct plexctl_host *table, const struct plexctl_http_reply *reply)
{
    plexctl_status status = reply->status == 403 ? PLEXCTL_DENIED : PLEXCTL_FAILED;

    ck_assert_ptr_eq(reply, &fake_host_of(table)->reply);
    (void)error_set(&fake_host_of(table)->failure, status, "HTTP %d: %.600s", (int)reply->status, reply->body);
    return error_advise(&fake_host_of(table)->failure, is_problem(reply->body) ? NULL : "do what the host says");
}

static plexctl_status malformed(const struct plexctl_host *table, const struct plexctl_http_reply *reply,
                                const char *what)
{
    ck_assert_ptr_eq(reply, &fake_host_of(table)->reply);
    (void)error_prefix(&fake_host_of(table)->failure, "HTTP %d: malformed %s", (int)reply->status, what);
    return fake_host_of(table)->failure.status = PLEXCTL_FAILED;
}

static int32_t was_sent(const struct plexctl_host *table)
{
    return !fake_host_of(table)->is_never_sent;
}

static void record(struct fake_host *fake, const struct plexctl_http_request *request, int64_t received_ms)
{
    ck_assert_uint_lt(fake->request_count, FAKE_HOST_ROWS);
    struct fake_request *row = &fake->requests[fake->request_count++];
    (void)snprintf(row->method, sizeof row->method, "%s", request->method);
    (void)snprintf(row->path, sizeof row->path, "%s", request->path);
    row->body = fake_host_copy_of(request->body);
    row->flags = request->flags;
    row->timeout_ms = request->timeout_ms;
    row->sent_ms = fake->now_ms;
    row->received_ms = received_ms;
}

static plexctl_status give_reply(struct fake_host *fake, const struct fake_reply *reply,
                                 const struct plexctl_http_reply **ret_reply)
{
    fake->reply =
        (struct plexctl_http_reply){.size = sizeof fake->reply,
                                    .status = reply->http,
                                    .content_type = reply->content_type ? reply->content_type : "application/json",
                                    .body = reply->body ? reply->body : "",
                                    .body_size = reply->body ? strlen(reply->body) : 0,
                                    .retry_after_s = reply->retry_after_s ? reply->retry_after_s : -1};
    fake_host_cut_record(&fake->reply, sizeof fake->reply, fake->reply_bytes);
    *ret_reply = &fake->reply;
    return reply->http == 403 ? problem(&fake->table, &fake->reply) : PLEXCTL_OK;
}

static plexctl_status send_request(const struct plexctl_host *table, const struct plexctl_http_request *request,
                                   const struct plexctl_http_reply **ret_reply)
{
    struct fake_host *fake = fake_host_of(table);
    const struct fake_reply bindings = {.http = 200, .body = fake->bindings};
    size_t index = fake->request_count;
    int64_t limit_ms = request->timeout_ms ? request->timeout_ms : 30000;

    ck_assert_uint_eq(request->size, sizeof *request);
    if (strncmp(request->path, "/v1/auth/idp-bindings", 21) == 0) {
        fake->bindings_asked++;
        return fake->bindings ? give_reply(fake, &bindings, ret_reply)
                              : refuse(table, PLEXCTL_UNREACHABLE, "no bindings");
    }
    if (index >= fake->reply_count && fake->is_last_repeated)
        index = fake->reply_count - 1;
    ck_assert_msg(index < fake->reply_count, "request %zu has no scripted reply", index + 1);
    const struct fake_reply *reply = &fake->replies[index];
    bool is_late = reply->takes_ms > limit_ms;
    int64_t received_ms = fake->now_ms + (is_late ? limit_ms : reply->takes_ms);
    record(fake, request, received_ms);
    for (int64_t at_ms = fake->now_ms + 1000; request->tick && at_ms < received_ms; at_ms += 1000) {
        fake->now_ms = at_ms;
        request->tick(request->context);
    }
    fake->now_ms = received_ms;
    if (is_late)
        return refuse(table, PLEXCTL_UNREACHABLE, "timed out");
    if (reply->status != PLEXCTL_OK) {
        (void)refuse(table, reply->status, reply->body ? reply->body : "cannot connect");
        return error_advise(&fake->failure, reply->advice);
    }
    return give_reply(fake, reply, ret_reply);
}

const struct plexctl_host_http fake_host_http = {.size = sizeof fake_host_http,
                                                 .send = send_request,
                                                 .problem = problem,
                                                 .malformed = malformed,
                                                 .was_sent = was_sent};
