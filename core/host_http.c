/* SPDX-License-Identifier: Apache-2.0
 *
 * The url and http services, over the http module that is opened at the first use.
 */
#include "host_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cancel.h"
#include "credential.h"
#include "problem.h"
#include "trace.h"

#define UNAUTHORIZED 401

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

/* "." or "..", either dot also as %2e: libcurl and servers fold them away. */
static bool is_dots(const char *segment, size_t len)
{
    size_t dots = 0;

    for (size_t i = 0; i < len; dots++) {
        if (segment[i] == '.')
            i++;
        else if (len - i >= 3 && strncasecmp(segment + i, "%2e", 3) == 0)
            i += 3;
        else
            return false;
    }
    return dots == 1 || dots == 2;
}

/* A path is joined to the server's URL and must not be able to change where that leads. */
static bool is_path(const char *path)
{
    if (!path || path[0] != '/')
        return false;
    for (const char *slash = path; *slash == '/';) {
        size_t len = strcspn(slash + 1, "/?");
        if (is_dots(slash + 1, len))
            return false;
        slash += 1 + len;
    }
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

/* `status`: NO_SERVER or NO_TOKEN. */
static plexctl_status refuse_missing(struct host *host, plexctl_status status)
{
    bool is_server = status == PLEXCTL_NO_SERVER;
    uint32_t needs = host->app->command->needs;

    if ((needs & PLEXCTL_NEEDS_LATER) && (needs & (is_server ? PLEXCTL_NEEDS_SERVER : PLEXCTL_NEEDS_TOKEN)))
        return error_set(&host->failure, status,
                         "no %s is resolved yet; the command has to call settings->prepare for it first",
                         is_server ? "server" : "token");
    return error_set(&host->failure, status, "the command did not ask for a %s",
                     is_server ? "server (PLEXCTL_NEEDS_SERVER)" : "token (PLEXCTL_NEEDS_TOKEN)");
}

static plexctl_status check(struct host *host, const struct plexctl_http_request *request)
{
    if (!is_method(request->method) || !is_path(request->path) || request->timeout_ms < 0 ||
        (request->flags & ~PLEXCTL_HTTP_BEARER))
        return error_set(&host->failure, PLEXCTL_INVALID,
                         "http->send was called with an unknown method, flag, path or timeout");
    if (!host->app->settings.server)
        return refuse_missing(host, PLEXCTL_NO_SERVER);
    if ((request->flags & PLEXCTL_HTTP_BEARER) && !host->app->settings.token.text)
        return refuse_missing(host, PLEXCTL_NO_TOKEN);
    return PLEXCTL_OK;
}

static plexctl_status open_client(struct host *host)
{
    plexctl_status status = open_module(host);

    if (status != PLEXCTL_OK || host->client)
        return status;
    return host->http->client_new("plexctl/" PACKAGE_VERSION, &host->client, &host->failure);
}

/* For messages: a query may well be somebody's secret. */
static plexctl_status keep_url(struct host *host, const char *url)
{
    free(host->request_url);
    host->request_url = strndup(url, strcspn(url, "?"));
    return host->request_url ? PLEXCTL_OK : error_no_memory(&host->failure);
}

static void trace_request(const struct host *host, const char *method, plexctl_status status)
{
    if (!trace_is_on())
        return;
    const struct http_facts facts = host->http->facts(host->client);
    const char *connection = "not sent", *proxy = strchr(facts.peer, ' ');
    char came[64] = "no whole reply", retry[48] = "";

    if (facts.was_sent)
        connection = facts.is_connection_new ? "new connection" : "kept connection";
    if (status == PLEXCTL_OK)
        (void)snprintf(came, sizeof came, "HTTP %d", (int)host->reply.status);
    if (status == PLEXCTL_OK && host->reply.retry_after_s >= 0)
        (void)snprintf(retry, sizeof retry, ", Retry-After %" PRId64 " s", host->reply.retry_after_s);
    trace("%s %s: %s after %" PRId64 " ms, %s%s%s", method, host->request_url, came, facts.spent_ms, connection,
          proxy ? proxy : "", retry);
}

static plexctl_status transfer(struct host *host, const struct plexctl_http_request *asked)
{
    auto_free char *url = NULL;

    if (asprintf(&url, "%s%s", host->app->settings.server, asked->path) < 0) {
        url = NULL;
        return error_no_memory(&host->failure);
    }
    plexctl_status status = keep_url(host, url);
    if (status != PLEXCTL_OK)
        return status;

    bool is_default_time = asked->timeout_ms == 0 || asked->timeout_ms > HTTP_REQUEST_TIMEOUT_MS;
    const struct http_request request = {
        .method = asked->method,
        .url = url,
        .bearer = (asked->flags & PLEXCTL_HTTP_BEARER) ? &host->app->settings.token : NULL,
        .body = asked->body,
        .timeout_ms = is_default_time ? HTTP_REQUEST_TIMEOUT_MS : asked->timeout_ms,
        .body_max_bytes = asked->body_max_bytes ? (size_t)asked->body_max_bytes : HTTP_BODY_MAX_BYTES,
        .cancel_fd = cancel_fd(),
        .tick = asked->tick,
        .context = asked->context};
    host->has_reply = false;
    host->http->reply_release(&host->reply);
    host->is_sending = true;
    status = host->http->send(host->client, &request, &host->reply, &host->failure);
    host->is_sending = false;
    trace_request(host, asked->method, status);
    return status;
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
    if (host->is_sending)
        return error_set(&host->failure, PLEXCTL_INVALID, "http->send was called from a tick");
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

/* The source of the last reply; false where `reply` is not that. */
static bool find_source(const struct host *host, const struct plexctl_http_reply *reply,
                        struct problem_source *ret_source)
{
    *ret_source = (struct problem_source){.url = host->request_url, .peer = ""};
    if (!host->has_reply || reply != &host->reply_view)
        return false;
    ret_source->peer = host->http->facts(host->client).peer;
    return true;
}

/* Of the profile whose token was not taken. */
static void advise_login(struct host *host)
{
    const struct credential *credential = settings_token_profile(&host->app->settings);
    auto_buf struct buf advice = BUF_FIXED(ERROR_TEXT_SIZE);

    if (!credential)
        return;
    buf_append_text(&advice, "log in again with `");
    credential_append_login(&advice, credential, true);
    buf_append_char(&advice, '`');
    (void)error_advise(&host->failure, buf_text(&advice));
}

static plexctl_status problem(const struct plexctl_host *table, const struct plexctl_http_reply *reply)
{
    struct host *host = host_of(table);
    struct problem_source source;

    if (!find_source(host, reply, &source))
        return error_set(&host->failure, PLEXCTL_INVALID, "http->problem was called without the last reply");
    plexctl_status status = problem_explain(&source, reply, &host->failure);
    if (reply->status == UNAUTHORIZED && error_advice(&host->failure)[0])
        advise_login(host);
    return status;
}

static plexctl_status malformed(const struct plexctl_host *table, const struct plexctl_http_reply *reply,
                                const char *what)
{
    struct host *host = host_of(table);
    struct problem_source source;

    if (!find_source(host, reply, &source))
        return error_set(&host->failure, PLEXCTL_INVALID, "http->malformed was called without the last reply");
    return problem_explain_malformed(&source, reply, what ? what : "response", &host->failure);
}

static int32_t was_sent(const struct plexctl_host *table)
{
    const struct host *host = host_of(table);

    return host->client && host->http->facts(host->client).was_sent;
}

const struct plexctl_host_http host_http = {
    .size = sizeof host_http, .send = send_request, .problem = problem, .malformed = malformed, .was_sent = was_sent};

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
