/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "failure.h"
#include "intake.h"
#include "library.h"
#include "policy.h"
#include "reply.h"
#include "route.h"
#include "url.h"

#define POLL_MAX_MS 1000

struct http_client {
    CURLM *multi; /* keeps the connection */
    CURL *easy;
    char *user_agent;
    struct intake intake;
    char detail[CURL_ERROR_SIZE];
    struct buf peer; /* of the last request, in peer_text */
    char peer_text[ERROR_TEXT_SIZE + 1];
    struct http_facts facts;
};

/* One request on its way. */
struct transfer {
    struct http_client *client;
    const struct http_request *request;
    CURLU *handle;
    struct http_url url;
    struct curl_slist *headers;
    struct receiver receiver;
    bool is_under_way; /* libcurl has begun to send it */
    bool has_dialled;
    bool is_connection_new; /* that it went out on */
    int socket_error;       /* errno where there was none to be had; libcurl keeps none then */
    int dialled_port;       /* 0 while nothing was and no connection is kept */
};

plexctl_status client_new(const char *user_agent, struct http_client **ret_client, struct error *err)
{
    plexctl_status status = library_init(err);

    if (status != PLEXCTL_OK)
        return status;
    struct http_client *client = calloc(1, sizeof *client);
    if (!client)
        return error_no_memory(err);
    client->peer = (struct buf){.data = client->peer_text,
                                .capacity = sizeof client->peer_text,
                                .max = sizeof client->peer_text - 1,
                                .is_fixed = true};
    client->facts.peer = "";
    client->multi = curl_multi_init();
    client->easy = curl_easy_init();
    client->user_agent = strdup(user_agent);
    client->intake = (struct intake)INTAKE_INIT;
    /* One connection: what replaces it ends it. */
    if (!client->multi || !client->easy || !client->user_agent ||
        curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, 1L) != CURLM_OK) {
        client_free(client);
        return error_no_memory(err);
    }
    *ret_client = client;
    return PLEXCTL_OK;
}

void client_free(struct http_client *client)
{
    if (!client)
        return;
    curl_easy_cleanup(client->easy);
    (void)curl_multi_cleanup(client->multi);
    free(client->user_agent);
    free(client);
}

static bool append_header(struct curl_slist **headers, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*headers, line);

    if (longer)
        *headers = longer;
    return longer != NULL;
}

/* As a header of this one request and not by CURLOPT_XOAUTH2_BEARER, which stays in the handle and tries to be clever
 * about which host may see it. Every copy that libcurl makes is wiped, see library.h. */
static bool append_bearer(struct curl_slist **headers, const struct secret *bearer)
{
    auto_buf struct buf line = BUF_INIT(bearer->len + sizeof "Authorization: Bearer ");

    buf_append_text(&line, "Authorization: Bearer ");
    buf_append(&line, bearer->text, bearer->len);
    return line.failed == PLEXCTL_OK && append_header(headers, buf_text(&line));
}

static CURLcode set_headers(struct transfer *transfer)
{
    struct curl_slist **headers = &transfer->headers;
    const struct http_request *request = transfer->request;

    /* A name without a value takes a header of libcurl's own away. */
    if (!append_header(headers, "Accept: application/json, application/problem+json") ||
        !append_header(headers, "Expect:") ||
        !append_header(headers, request->body ? "Content-Type: application/json" : "Content-Type:") ||
        (request->bearer && !append_bearer(headers, request->bearer)))
        return CURLE_OUT_OF_MEMORY;
    return curl_easy_setopt(transfer->client->easy, CURLOPT_HTTPHEADER, *headers);
}

/* RFC 9110 section 8.6: a method that means content says so by Content-Length, also of none. */
static bool has_content(const struct http_request *request)
{
    return request->body || strcmp(request->method, "POST") == 0 || strcmp(request->method, "PUT") == 0 ||
           strcmp(request->method, "PATCH") == 0;
}

static int64_t timeout_of(const struct http_request *request)
{
    bool is_within = request->timeout_ms > 0 && request->timeout_ms < HTTP_REQUEST_TIMEOUT_MS;

    return is_within ? request->timeout_ms : HTTP_REQUEST_TIMEOUT_MS;
}

/* Where a kept connection dies before the reply, libcurl sends the request again by another. For a poll that would be a
 * second one within the interval (RFC 8628 section 3.5), and nobody would know. A kept connection that is found closed
 * before the request goes out is replaced without coming here twice. */
static int allow_once(void *context, char *peer_address, char *own_address, int peer_port, int own_port)
{
    struct transfer *transfer = context;
    bool is_again = transfer->is_under_way;

    (void)peer_address;
    (void)own_address;
    (void)own_port;
    if (!is_again)
        transfer->is_connection_new = transfer->has_dialled;
    transfer->is_under_way = true;
    transfer->dialled_port = peer_port;
    return is_again ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* What libcurl does by itself; here for the port, see route.h, and for the count, see intake.h. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = context;
    struct sockaddr_in6 dialled = {0}; /* the port lies where sockaddr_in has it */

    (void)purpose;
    transfer->has_dialled = true;
    if (address->addrlen >= sizeof(struct sockaddr_in) && address->addrlen <= sizeof dialled) {
        memcpy(&dialled, &address->addr, sizeof(struct sockaddr_in));
        transfer->dialled_port = ntohs(dialled.sin6_port);
    }
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd < 0)
        transfer->socket_error = errno;
    if (fd >= 0 && !intake_add(&transfer->client->intake, fd)) {
        (void)close(fd);
        return CURL_SOCKET_BAD;
    }
    return fd;
}

/* http:// is for this machine alone: a proxy would carry the bearer in clear to another. */
static CURLcode set_route(const struct transfer *transfer)
{
    bool is_tls = strncmp(transfer->url.origin, "https:", 6) == 0;

    return is_tls ? CURLE_OK : curl_easy_setopt(transfer->client->easy, CURLOPT_NOPROXY, "*");
}

static CURLcode set_content(CURL *easy, const struct http_request *request)
{
    const char *body = request->body ? request->body : "";
    CURLcode code = CURLE_OK;

    if (has_content(request))
        code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
    if (code == CURLE_OK && has_content(request))
        code = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method) : code;
}

static CURLcode set_request(struct transfer *transfer)
{
    CURL *easy = transfer->client->easy;
    const struct http_request *request = transfer->request;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_CURLU, transfer->handle);

    if (code == CURLE_OK)
        code = set_content(easy, request);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_USERAGENT, transfer->client->user_agent);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_TIMEOUT_MS);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_of(request));
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->client->detail);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, allow_once);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    if (code == CURLE_OK)
        code = set_route(transfer);
    return code == CURLE_OK ? set_headers(transfer) : code;
}

static bool is_readable(int fd)
{
    struct pollfd polled = {.fd = fd, .events = POLLIN};

    return fd >= 0 && poll(&polled, 1, 0) > 0;
}

/* libcurl's own timeout stands still while the machine is suspended. */
static int64_t now_ms(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static CURLcode finished_code(CURLM *multi)
{
    int left = 0;

    for (CURLMsg *message = curl_multi_info_read(multi, &left); message; message = curl_multi_info_read(multi, &left)) {
        if (message->msg == CURLMSG_DONE)
            return message->data.result;
    }
    return CURLE_FAILED_INIT;
}

static bool takes_too_much(struct transfer *transfer)
{
    uint64_t max_bytes = 0;

    if (__builtin_add_overflow(transfer->request->body_max_bytes, REPLY_HEADERS_MAX_BYTES, &max_bytes) ||
        __builtin_mul_overflow(max_bytes, REPLY_INTAKE_FACTOR, &max_bytes))
        return false;
    if (!intake_passes(&transfer->client->intake, max_bytes))
        return false;
    transfer->receiver.excess = EXCESS_INTAKE;
    return true;
}

/* Until the transfer has ended, however: *ret_code says how. */
static plexctl_status drive(struct transfer *transfer, CURLcode *ret_code, struct error *err)
{
    CURLM *multi = transfer->client->multi;
    int cancel_fd = transfer->request->cancel_fd;
    int64_t deadline_ms = now_ms() + timeout_of(transfer->request);
    struct curl_waitfd waited = {.fd = cancel_fd, .events = CURL_WAIT_POLLIN};

    for (;;) {
        int running = 0;
        if (is_readable(cancel_fd))
            return error_set(err, PLEXCTL_CANCELLED, "cancelled");
        CURLMcode code = curl_multi_perform(multi, &running);
        if (code == CURLM_OK && !running) {
            *ret_code = finished_code(multi);
            return PLEXCTL_OK;
        }
        if (takes_too_much(transfer))
            return PLEXCTL_OK;
        int64_t left_ms = deadline_ms - now_ms();
        if (left_ms < -POLL_MAX_MS) {
            *ret_code = CURLE_OPERATION_TIMEDOUT;
            return PLEXCTL_OK;
        }
        if (code == CURLM_OK)
            code = curl_multi_poll(multi, &waited, cancel_fd >= 0 ? 1 : 0, POLL_MAX_MS, NULL);
        if (code == CURLM_OUT_OF_MEMORY)
            return error_no_memory(err);
        if (code != CURLM_OK)
            return error_set(err, PLEXCTL_FAILED, "request: %s", curl_multi_strerror(code));
        if (transfer->request->tick)
            transfer->request->tick(transfer->request->context);
    }
}

/* Whatever came of it. */
static void note_facts(struct transfer *transfer, int64_t started_ms)
{
    struct http_client *client = transfer->client;

    route_describe(&client->peer, &transfer->url, transfer->dialled_port);
    client->facts = (struct http_facts){.peer = buf_text(&client->peer),
                                        .was_sent = transfer->is_under_way,
                                        .is_connection_new = transfer->is_connection_new,
                                        .spent_ms = now_ms() - started_ms};
}

static plexctl_status conclude(struct transfer *transfer, CURLcode code, struct http_reply *ret_reply,
                               struct error *err)
{
    struct http_client *client = transfer->client;
    const char *peer = client->facts.peer;

    if (transfer->receiver.excess != EXCESS_NONE)
        return receiver_explain(&transfer->receiver, peer, err);
    if (code == CURLE_OK && !transfer->receiver.has_headers)
        code = CURLE_PARTIAL_FILE;
    if (code == CURLE_OK)
        return receiver_finish(&transfer->receiver, peer, ret_reply, err);
    struct failure failure = {.code = code,
                              .detail = client->detail,
                              .peer = peer,
                              .proxy = route_proxy(&transfer->url, transfer->dialled_port)};
    failure_read(client->easy, strncmp(transfer->url.origin, "https:", 6) == 0, &failure);
    if (failure.os_error == 0)
        failure.os_error = transfer->socket_error;
    return failure_explain(&failure, err);
}

static plexctl_status perform(struct transfer *transfer, struct http_reply *ret_reply, struct error *err)
{
    struct http_client *client = transfer->client;
    CURLcode code = policy_apply(client->easy);

    client->detail[0] = '\0';
    (void)library_take_exhaustion();
    if (code == CURLE_OK)
        code = set_request(transfer);
    if (code == CURLE_OK)
        code = receiver_attach(&transfer->receiver, client->easy);
    if (code == CURLE_OK)
        code = intake_begin(&client->intake, client->easy);
    if (code == CURLE_OUT_OF_MEMORY)
        return error_no_memory(err);
    if (code != CURLE_OK)
        return error_set(err, PLEXCTL_FAILED, "libcurl lacks what plexctl needs: %s", curl_easy_strerror(code));
    if (curl_multi_add_handle(client->multi, client->easy) != CURLM_OK)
        return error_no_memory(err);
    int64_t started_ms = now_ms();
    plexctl_status status = drive(transfer, &code, err);
    note_facts(transfer, started_ms);
    if (status == PLEXCTL_OK)
        status = conclude(transfer, code, ret_reply, err);
    (void)curl_multi_remove_handle(client->multi, client->easy);
    return status;
}

plexctl_status client_send(struct http_client *client, const struct http_request *request, struct http_reply *ret_reply,
                           struct error *err)
{
    struct transfer transfer = {.client = client, .request = request};

    buf_release(&client->peer);
    client->facts = (struct http_facts){.peer = ""};
    /* A line break in it would begin another header. */
    if (request->bearer && (!request->bearer->text || !text_is_bearer(request->bearer->text)))
        return error_set(err, PLEXCTL_INVALID, "the token is no bearer token");
    plexctl_status status = url_open(request->url, &transfer.handle, &transfer.url, err);
    if (status != PLEXCTL_OK)
        return status;
    transfer.receiver = (struct receiver)RECEIVER_INIT(request->body_max_bytes);
    status = perform(&transfer, ret_reply, err);
    /* The handle must not keep pointers into this request; the connection lives on in the multi handle. */
    curl_easy_reset(client->easy);
    receiver_release(&transfer.receiver);
    curl_slist_free_all(transfer.headers);
    curl_url_cleanup(transfer.handle);
    url_release(&transfer.url);
    return status;
}

struct http_facts client_facts(const struct http_client *client)
{
    return client->facts;
}
