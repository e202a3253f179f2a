/* SPDX-License-Identifier: Apache-2.0 */
#include "http_peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/secret.h"
#include "unit.h"

#define REQUESTS_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define SENT_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define TIMEOUT_S 120

int64_t peer_now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A test that went wrong must not leave the thread waiting for ever. */
static void limit_waiting(int fd)
{
    const struct timeval limit = {.tv_sec = TIMEOUT_S};

    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

static int listen_somewhere(int *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_ge(fd, 0);
    limit_waiting(fd);
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(fd, 8), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *ret_port = ntohs(address.sin_port);
    return fd;
}

int peer_refusing_port(void)
{
    int port = 0;

    ck_assert_int_eq(close(listen_somewhere(&port)), 0);
    return port;
}

/* Where the request that begins at `start` ends; 0 while it is not whole. */
static size_t end_of_request(const struct buf *requests, size_t start)
{
    const char *text = buf_text(requests) + start;
    const char *headers_end = strstr(text, "\r\n\r\n");
    const char *length = strstr(text, "Content-Length: ");

    if (!headers_end)
        return 0;
    size_t end = start + (size_t)(headers_end - text) + 4;
    if (length && length < headers_end)
        end += strtoul(length + strlen("Content-Length: "), NULL, 10);
    return end <= requests->len ? end : 0;
}

static bool read_request(struct peer *peer, bool is_tls)
{
    size_t start = peer->requests.len;
    char bytes[4096];

    for (;;) {
        ssize_t got = recv(peer->connection, bytes, sizeof bytes, 0);
        if (got <= 0)
            return false;
        buf_append(&peer->requests, bytes, (size_t)got);
        secret_wipe(bytes, sizeof bytes);
        if (is_tls || end_of_request(&peer->requests, start) > 0)
            return true;
    }
}

static bool send_all(struct peer *peer, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(peer->connection, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
        peer->sent_bytes += (size_t)sent;
    }
    return true;
}

static void repeat(struct peer *peer, const char *text)
{
    bool is_taken = true;

    while (is_taken && peer->sent_bytes < SENT_MAX_BYTES)
        is_taken = send_all(peer, text, strlen(text));
}

static void wait_for_close(struct peer *peer)
{
    char bytes[256];
    ssize_t got = 1;

    while (got > 0)
        got = recv(peer->connection, bytes, sizeof bytes, 0);
}

static void close_connection(struct peer *peer)
{
    if (peer->connection >= 0)
        (void)close(peer->connection);
    peer->connection = -1;
}

/* A lingering close returns when the client's end has acknowledged it. */
static void leave(struct peer *peer)
{
    const struct linger linger = {.l_onoff = 1, .l_linger = TIMEOUT_S};
    const uint64_t one = 1;

    (void)setsockopt(peer->connection, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close_connection(peer);
    (void)!write(peer->left_fd, &one, sizeof one);
}

static void go_on(struct peer *peer, const struct peer_step *step)
{
    const struct linger reset = {.l_onoff = 1};
    const uint64_t one = 1;

    switch (step->then) {
    case PEER_KEEP:
        return;
    case PEER_CLOSE:
        (void)shutdown(peer->connection, SHUT_WR);
        wait_for_close(peer);
        break;
    case PEER_RESET:
        (void)setsockopt(peer->connection, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        break;
    case PEER_LEAVE:
        leave(peer);
        return;
    case PEER_CANCEL:
        peer->cancelled_at_ms = peer_now_ms();
        if (write(peer->cancel_fd, &one, sizeof one) != sizeof one)
            break;
        wait_for_close(peer);
        break;
    case PEER_HANG:
        wait_for_close(peer);
        break;
    case PEER_REPEAT:
        repeat(peer, step->again);
        break;
    }
    close_connection(peer);
}

/* A client that closes between two requests comes again by a new connection. */
static bool take_request(struct peer *peer, bool is_tls)
{
    for (unsigned tries = 0; tries < 2; tries++) {
        if (peer->connection < 0) {
            peer->connection = accept(peer->listener, NULL, NULL);
            if (peer->connection < 0)
                return false;
            limit_waiting(peer->connection);
            peer->accepted++;
        }
        if (read_request(peer, is_tls))
            return true;
        close_connection(peer);
    }
    return false;
}

/* glibc keeps the stack of a thread that has ended, and what a call has left there of the requests. It is the server's,
 * not plexctl's, which is asked what it leaves in memory. */
static void wipe_stack_below(void)
{
    char below[32768];

    secret_wipe(below, sizeof below);
}

static void *serve(void *context)
{
    struct peer *peer = context;

    for (size_t i = 0; i < peer->step_count; i++) {
        const struct peer_step *step = &peer->steps[i];
        if (!take_request(peer, step->is_tls))
            break;
        size_t size = step->reply_size ? step->reply_size : (step->reply ? strlen(step->reply) : 0);
        if (!send_all(peer, step->reply, size))
            break;
        go_on(peer, step);
    }
    if (peer->connection >= 0)
        wait_for_close(peer);
    close_connection(peer);
    wipe_stack_below();
    return NULL;
}

void peer_start(struct peer *peer, const struct peer_step *steps, size_t step_count)
{
    *peer = (struct peer){.connection = -1,
                          .steps = steps,
                          .step_count = step_count,
                          .requests = BUF_INIT(REQUESTS_MAX_BYTES),
                          .cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
                          .left_fd = eventfd(0, EFD_CLOEXEC)};
    ck_assert_int_ge(peer->cancel_fd, 0);
    ck_assert_int_ge(peer->left_fd, 0);
    peer->listener = listen_somewhere(&peer->port);
    ck_assert_int_eq(pthread_create(&peer->thread, NULL, serve, peer), 0);
}

void peer_join(struct peer *peer)
{
    ck_assert_int_eq(pthread_join(peer->thread, NULL), 0);
}

void peer_release(struct peer *peer)
{
    (void)close(peer->listener);
    (void)close(peer->cancel_fd);
    (void)close(peer->left_fd);
    buf_release(&peer->requests);
}
