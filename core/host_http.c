/* SPDX-License-Identifier: Apache-2.0
 *
 * The url and http services, over the http module that is opened at the first use.
 */
#include "host_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cancel.h"

/* An error line has room for the URL, three texts of the server and a hint. */
#define URL_SHOWN "160"
#define SERVER_WORDS_MAX_BYTES ((size_t)3 * TEXT_SERVER_MAX_BYTES + 32)

static plexctl_status open_module(struct host *host)
{
    if (host->http)
        return PLEXCTL_OK;
    return loader_http(host->app->loader, &host->http, &host->failure);
}

static plexctl_status url_parse(const struct plexctl_host *table, const char *text, const struct plexctl_url **ret_url)
{
    struct host *host = host_of(table);

    if (!text || !ret_url)
        return error_set(&host->failure, PLEXCTL_INVALID, "url->parse was called without text or result");
    plexctl_status status = open_module(host);
    if (status != PLEXCTL_OK)
        return status;
    struct url_lease *lease = calloc(1, sizeof *lease);
    if (!lease)
        return error_no_memory(&host->failure);
    status = host->http->url_parse(text, &lease->url, &host->failure);
    if (status != PLEXCTL_OK) {
        free(lease);
        return status;
    }
    lease->view = (struct plexctl_url){.size = sizeof lease->view,
                                       .origin = lease->url.origin,
                                       .host = lease->url.host,
                                       .path = lease->url.path,
                                       .query = lease->url.query};
    lease->next = host->urls;
    host->urls = lease;
    *ret_url = &lease->view;
    return PLEXCTL_OK;
}

const struct plexctl_host_url host_url = {.size = sizeof host_url, .parse = url_parse};

/* A path is joined to the server's URL and must not be able to change where that leads. */
static bool is_path(const char *path)
{
    if (!path || path[0] != '/')
        return false;
    for (const char *c = path; *c; c++) {
        if (*c <= ' ' || *c > '~' || *c == '#' || *c == '\\')
            return false;
    }
    return true;
}

static bool is_method(const char *method)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

    for (size_t i = 0; method && i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(method, methods[i]) == 0)
            return true;
    }
    return false;
}

static plexctl_status check(struct host *host, const struct plexctl_http_request *request)
{
    if (!is_method(request->method) || !is_path(request->path) || request->timeout_ms < 0 ||
        (request->flags & ~PLEXCTL_HTTP_BEARER))
        return error_set(&host->failure, PLEXCTL_INVALID,
                         "http->send was called with an unknown method, flag or path; this is a fault of the plugin");
    if (!host->app->settings.server)
        return error_set(&host->failure, PLEXCTL_NO_SERVER,
                         "the command did not ask for a server (PLEXCTL_NEEDS_SERVER)");
    if ((request->flags & PLEXCTL_HTTP_BEARER) && !host->app->settings.token.text)
        return error_set(&host->failure, PLEXCTL_NO_TOKEN, "the command did not ask for a token (PLEXCTL_NEEDS_TOKEN)");
    return PLEXCTL_OK;
}

static plexctl_status open_client(struct host *host)
{
    plexctl_status status = open_module(host);

    if (status != PLEXCTL_OK || host->client)
        return status;
    return host->http->client_new("plexctl/" PACKAGE_VERSION, &host->client, &host->failure);
}

static plexctl_status transfer(struct host *host, const struct plexctl_http_request *asked)
{
    auto_free char *url = NULL;

    if (asprintf(&url, "%s%s", host->app->settings.server, asked->path) < 0) {
        url = NULL;
        return error_no_memory(&host->failure);
    }
    free(host->request_url);
    host->request_url = take_ptr(&url);

    bool is_default_time = asked->timeout_ms == 0 || asked->timeout_ms > HTTP_REQUEST_TIMEOUT_MS;
    const struct http_request request = {
        .method = asked->method,
        .url = host->request_url,
        .bearer = (asked->flags & PLEXCTL_HTTP_BEARER) ? &host->app->settings.token : NULL,
        .body = asked->body,
        .timeout_ms = is_default_time ? HTTP_REQUEST_TIMEOUT_MS : asked->timeout_ms,
        .body_max_bytes = asked->body_max_bytes ? (size_t)asked->body_max_bytes : HTTP_BODY_MAX_BYTES,
        .cancel_fd = cancel_fd()};
    host->has_reply = false;
    host->http->reply_release(&host->reply);
    return host->http->send(host->client, &request, &host->reply, &host->failure);
}

static plexctl_status problem(const struct plexctl_host *table, const struct plexctl_http_reply *reply);

static plexctl_status send_request(const struct plexctl_host *table, const struct plexctl_http_request *given,
                                   const struct plexctl_http_reply **ret_reply)
{
    struct host *host = host_of(table);
    struct plexctl_http_request request;

    if (!ret_reply || !host_copy_record(&request, sizeof request,
                                        HOST_SIZE_THROUGH(struct plexctl_http_request, body_max_bytes), given))
        return error_set(&host->failure, PLEXCTL_INVALID, "http->send was called without a request or a result");
    plexctl_status status = check(host, &request);
    if (status == PLEXCTL_OK)
        status = open_client(host);
    if (status == PLEXCTL_OK)
        status = transfer(host, &request);
    if (status != PLEXCTL_OK)
        return status;
    host->reply_view = (struct plexctl_http_reply){.size = sizeof host->reply_view,
                                                   .status = host->reply.status,
                                                   .content_type = host->reply.content_type,
                                                   .body = buf_text(&host->reply.body),
                                                   .body_size = host->reply.body.len,
                                                   .retry_after_s = host->reply.retry_after_s};
    host->has_reply = true;
    *ret_reply = &host->reply_view;
    return host->reply.status == 403 ? problem(table, &host->reply_view) : PLEXCTL_OK;
}

/* Appends ": <text>" of a Problem's member, cut and safe for a terminal; nothing where it is no string. */
static void append_member(struct buf *out, const struct plexctl_json *body, const char *key)
{
    const char *text = json_string(json_get(body, key));

    if (!text || !text[0])
        return;
    buf_append_text(out, ": ");
    text_sanitise(out, text, strlen(text), TEXT_SERVER_MAX_BYTES);
}

/* RFC 9457 members, and `error` of RFC 6749 section 5.2 where a code is missing. */
static void describe_body(struct buf *out, const struct plexctl_http_reply *reply)
{
    struct error ignored = ERROR_INIT;
    struct plexctl_json *body = NULL;

    if (strcmp(reply->content_type, "text/html") == 0 || reply->body[0] == '<') {
        buf_append_text(out, " with HTML: this does not look like a plexsphere API; check --server");
        return;
    }
    if (json_parse(reply->body, (size_t)reply->body_size, &body, &ignored) != PLEXCTL_OK)
        return;
    append_member(out, body, "title");
    append_member(out, body, "detail");
    const char *code = json_string(json_get(body, "code"));
    if (!code)
        code = json_string(json_get(body, "error"));
    if (code && code[0]) {
        buf_append_text(out, " (code ");
        text_sanitise(out, code, strlen(code), TEXT_SERVER_MAX_BYTES);
        buf_append_text(out, ")");
    }
    json_free(body);
}

static plexctl_status problem(const struct plexctl_host *table, const struct plexctl_http_reply *reply)
{
    struct host *host = host_of(table);
    auto_buf struct buf said = BUF_INIT(SERVER_WORDS_MAX_BYTES);
    const char *hint = "";

    if (!host->has_reply || reply != &host->reply_view)
        return error_set(&host->failure, PLEXCTL_INVALID, "http->problem was called without the last reply");
    describe_body(&said, reply);
    if (reply->status == 401)
        hint = "; log in again with `plexctl login`";
    else if (reply->status >= 300 && reply->status < 400)
        hint = "; plexctl follows no redirect: check --server";
    return error_set(&host->failure, reply->status == 403 ? PLEXCTL_DENIED : PLEXCTL_FAILED,
                     "%." URL_SHOWN "s answered HTTP %d%s%s", host->request_url, (int)reply->status, buf_text(&said),
                     hint);
}

const struct plexctl_host_http host_http = {.size = sizeof host_http, .send = send_request, .problem = problem};

void host_http_release_all(struct host *host)
{
    while (host->urls) {
        struct url_lease *next = host->urls->next;
        host->http->url_release(&host->urls->url);
        free(host->urls);
        host->urls = next;
    }
    if (host->http) {
        host->http->reply_release(&host->reply);
        host->http->client_free(host->client);
    }
    free(host->request_url);
}
