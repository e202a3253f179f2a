/* SPDX-License-Identifier: Apache-2.0 */
#include "http_exchange.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "router.h"

/* A body over the limit is read and dropped up to here, so that its sender hears 413 and not a reset. */
#define DRAIN_MAX_BYTES 1048576

struct state {
    char *body;
    size_t size, seen;
    bool too_large;
    bool stalled;
    char peer[INET_ADDRSTRLEN];
};

void stalled_let_go(struct stalled *stalled)
{
    for (size_t i = 0; i < stalled->count; i++)
        MHD_resume_connection(stalled->rows[i]);
    stalled->count = 0;
}

static enum MHD_Result stall(struct stalled *stalled, struct MHD_Connection *connection)
{
    if (stalled->count == STALLED_MAX) {
        MHD_resume_connection(stalled->rows[0]);
        stalled->count--;
        for (size_t i = 0; i < stalled->count; i++)
            stalled->rows[i] = stalled->rows[i + 1];
    }
    MHD_suspend_connection(connection);
    stalled->rows[stalled->count++] = connection;
    return MHD_YES;
}

static enum MHD_Result reset(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

    if (!info)
        return MHD_NO;
    (void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    /* The library would say goodbye (FIN, TLS close_notify) before it closes; dissolving the association sends the RST
     * now. */
    (void)connect(info->connect_fd, &nowhere, sizeof nowhere);
    return MHD_NO;
}

/* A body that is announced twice as long as it is. */
static ssize_t read_truncated(void *text, uint64_t position, char *ret_bytes, size_t max)
{
    size_t length = strlen(text);

    if (position >= length)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t part = length - (size_t)position < max ? length - (size_t)position : max;
    memcpy(ret_bytes, (const char *)text + position, part);
    return (ssize_t)part;
}

static void free_text(void *text)
{
    explicit_bzero(text, strlen(text));
    free(text);
}

static struct MHD_Response *make_response(struct reply *reply)
{
    size_t length = strlen(reply->body);
    struct MHD_Response *response =
        reply->transport == REPLY_TRUNCATED
            ? MHD_create_response_from_callback(2 * (uint64_t)length, 1024, read_truncated, reply->body, free_text)
            : MHD_create_response_from_buffer_with_free_callback(length, reply->body, free_text);

    if (response)
        reply->body = NULL;
    for (size_t i = 0; response && i < reply->header_count; i++) {
        if (MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value) != MHD_YES) {
            MHD_destroy_response(response);
            response = NULL;
        }
    }
    return response;
}

static enum MHD_Result send_reply(struct http_exchange_context *context, struct MHD_Connection *connection,
                                  struct state *state, struct reply *reply)
{
    if (reply->transport == REPLY_RESET)
        return reset(connection);
    if (reply->transport == REPLY_STALL) {
        state->stalled = true;
        return stall(&context->stalled, connection);
    }
    struct MHD_Response *response = reply->body ? make_response(reply) : NULL;
    if (!response)
        return MHD_NO;
    enum MHD_Result queued = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result take_member(void *form_pointer, enum MHD_ValueKind kind, const char *key, const char *file_name,
                                   const char *content_type, const char *encoding, const char *data, uint64_t offset,
                                   size_t size)
{
    struct form *form = form_pointer;
    const struct {
        const char *name;
        char *text;
        size_t size;
    } members[] = {{"csrf", form->csrf, sizeof form->csrf},
                   {"identity", form->identity, sizeof form->identity},
                   {"user_code", form->user_code, sizeof form->user_code},
                   {"decision", form->decision, sizeof form->decision}};

    (void)kind, (void)file_name, (void)content_type, (void)encoding;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (strcmp(members[i].name, key) != 0)
            continue;
        if (offset >= members[i].size || size >= members[i].size - offset || memchr(data, '\0', size)) {
            form->broken = true;
            return MHD_NO;
        }
        memcpy(members[i].text + offset, data, size);
        members[i].text[offset + size] = '\0';
    }
    return MHD_YES;
}

static void read_form(struct MHD_Connection *connection, struct request *request)
{
    if (!request_has_type(request, "application/x-www-form-urlencoded") || request->body_size == 0)
        return;
    struct MHD_PostProcessor *processor = MHD_create_post_processor(connection, 1024, take_member, &request->form);
    if (!processor || MHD_post_process(processor, request->body, request->body_size) != MHD_YES)
        request->form.broken = true;
    if (processor && MHD_destroy_post_processor(processor) != MHD_YES)
        request->form.broken = true;
}

static void write_peer(struct MHD_Connection *connection, char *ret_text, socklen_t size)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    ret_text[0] = '\0';
    if (info && info->client_addr && info->client_addr->sa_family == AF_INET)
        (void)inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr, ret_text,
                        size);
}

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result answer(struct http_exchange_context *context, struct MHD_Connection *connection,
                              struct state *state, struct request *request)
{
    struct reply reply = {0};

    write_peer(connection, state->peer, sizeof state->peer);
    request->peer = state->peer;
    request->host = header_of(connection, "Host");
    request->origin = header_of(connection, "Origin");
    request->referer = header_of(connection, "Referer");
    request->content_type = header_of(connection, "Content-Type");
    request->authorization = header_of(connection, "Authorization");
    request->user_agent = header_of(connection, "User-Agent");
    request->csrf_header = header_of(connection, HEADER_CSRF);
    request->session_cookie = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, COOKIE_SESSION);
    request->csrf_cookie = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, COOKIE_CSRF);
    request->query_user_code = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "user_code");
    request->query_domain_id = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "domain_id");
    request->body = state->too_large || !state->body ? "" : state->body;
    request->body_size = state->too_large ? 0 : state->size;
    request->body_too_large = state->too_large;
    read_form(connection, request);
    router_answer(context->plane, request, &reply);
    enum MHD_Result result = send_reply(context, connection, state, &reply);
    reply_release(&reply);
    return result;
}

/* MHD_NO ends the connection. */
static enum MHD_Result collect(struct state *state, const char *bytes, size_t *size)
{
    size_t part = *size;

    *size = 0;
    state->seen += part;
    if (state->seen > BODY_MAX_BYTES) {
        state->too_large = true;
        return state->seen > DRAIN_MAX_BYTES ? MHD_NO : MHD_YES;
    }
    char *grown = realloc(state->body, state->size + part + 1);
    if (!grown)
        return MHD_NO;
    state->body = grown;
    memcpy(state->body + state->size, bytes, part);
    state->size += part;
    state->body[state->size] = '\0';
    return MHD_YES;
}

static bool announces_too_much(struct MHD_Connection *connection)
{
    const char *length = header_of(connection, "Content-Length");
    return length && strtoull(length, NULL, 10) > DRAIN_MAX_BYTES;
}

enum MHD_Result http_exchange_handle(void *context, struct MHD_Connection *connection, const char *url,
                                     const char *method, const char *version, const char *upload, size_t *upload_size,
                                     void **ret_state)
{
    struct state *state = *ret_state;
    struct request request = {.method = method, .path = url, .is_http_1_0 = strcmp(version, MHD_HTTP_VERSION_1_0) == 0};

    if (!state) {
        state = calloc(1, sizeof *state);
        if (!state)
            return MHD_NO;
        *ret_state = state;
        if (!announces_too_much(connection))
            return MHD_YES;
        state->too_large = true;
    }
    if (*upload_size > 0)
        return collect(state, upload, upload_size);
    /* Called again after it was let go: there is still no reply. */
    if (state->stalled)
        return MHD_NO;
    return answer(context, connection, state, &request);
}

void http_exchange_completed(void *context, struct MHD_Connection *connection, void **state_pointer,
                             enum MHD_RequestTerminationCode why)
{
    struct state *state = *state_pointer;

    (void)context, (void)connection, (void)why;
    if (!state)
        return;
    if (state->body)
        explicit_bzero(state->body, state->size);
    free(state->body);
    free(state);
    *state_pointer = NULL;
}
