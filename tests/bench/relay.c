/* SPDX-License-Identifier: Apache-2.0
 *
 * relay - a longer way to a server on this machine: takes connections on a free port of 127.0.0.1 and hands every byte
 * on to another port, each way so many milliseconds later.
 *
 *   relay WAY_MS PORT     until it is killed. Prints a line each: "port N" once it listens, "connection" for each that
 *                         it takes, "hello" for each TLS handshake that a client begins, "sent" for what else it sends
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PAIRS_MAX 64
#define CHUNK_BYTES 16384
#define NUMBER_BASE 10

/* What has been read and is not due yet; of no bytes: the end. */
struct chunk {
    struct chunk *next;
    int64_t due_ms;
    size_t len, sent;
    char bytes[CHUNK_BYTES];
};

struct way {
    int from, to; /* -1: not there */
    bool has_ended;
    struct chunk *first, **last;
};

static struct way ways[2 * PAIRS_MAX]; /* two of a pair side by side, the client's first */
static int64_t way_ms;

static _Noreturn void end(const char *what)
{
    (void)fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void say(const char *line)
{
    (void)puts(line);
    (void)fflush(stdout);
}

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int listen_anywhere(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, PAIRS_MAX) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        end("cannot listen");
    (void)printf("port %d\n", (int)ntohs(address.sin_port));
    (void)fflush(stdout);
    return fd;
}

static void at_once(int fd)
{
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void take(int listener, int port)
{
    struct sockaddr_in address = loopback(port);
    struct way *way = ways;

    while (way < ways + 2 * PAIRS_MAX && way->from >= 0)
        way += 2;
    int client = accept(listener, NULL, NULL);
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (way == ways + 2 * PAIRS_MAX || client < 0 || server < 0 ||
        connect(server, (struct sockaddr *)&address, sizeof address) < 0)
        end("cannot connect");
    at_once(client);
    at_once(server);
    way[0] = (struct way){.from = client, .to = server, .last = &way[0].first};
    way[1] = (struct way){.from = server, .to = client, .last = &way[1].first};
    say("connection");
}

static void receive(struct way *way)
{
    struct chunk *chunk = calloc(1, sizeof *chunk);

    if (!chunk)
        end("no memory");
    ssize_t len = read(way->from, chunk->bytes, sizeof chunk->bytes);
    chunk->len = len > 0 ? (size_t)len : 0;
    chunk->due_ms = now_ms() + way_ms;
    way->has_ended = len <= 0;
    *way->last = chunk;
    way->last = &chunk->next;
    /* RFC 8446 sections 5.1 and 4: a record of type handshake, whose first message is a ClientHello. */
    bool is_client = (way - ways) % 2 == 0;
    if (is_client && len > 5)
        say(chunk->bytes[0] == 0x16 && chunk->bytes[1] == 0x03 && chunk->bytes[5] == 0x01 ? "hello" : "sent");
}

static void drop_first(struct way *way)
{
    struct chunk *chunk = way->first;

    way->first = chunk->next;
    if (!way->first)
        way->last = &way->first;
    free(chunk);
}

static void send_due(struct way *way, int64_t now)
{
    while (way->first && way->first->due_ms <= now) {
        struct chunk *chunk = way->first;
        ssize_t sent = send(way->to, chunk->bytes + chunk->sent, chunk->len - chunk->sent, MSG_NOSIGNAL);
        if (chunk->len == 0)
            (void)shutdown(way->to, SHUT_WR);
        chunk->sent += sent > 0 ? (size_t)sent : chunk->len - chunk->sent; /* whoever has gone misses nothing */
        if (chunk->sent == chunk->len)
            drop_first(way);
    }
}

static void close_pair(struct way *pair)
{
    if (pair[0].from < 0 || !pair[0].has_ended || !pair[1].has_ended || pair[0].first || pair[1].first)
        return;
    (void)close(pair[0].from);
    (void)close(pair[1].from);
    pair[0].from = pair[1].from = -1;
}

/* Milliseconds until something is due; -1 for nothing. */
static int time_left(int64_t now)
{
    int64_t left = -1;

    for (int i = 0; i < 2 * PAIRS_MAX; i++) {
        if (ways[i].from < 0 || !ways[i].first)
            continue;
        int64_t due = ways[i].first->due_ms > now ? ways[i].first->due_ms - now : 0;
        left = left < 0 || due < left ? due : left;
    }
    return (int)left;
}

int main(int argc, char *argv[])
{
    struct pollfd polled[2 * PAIRS_MAX + 1];

    if (argc != 3)
        return 2;
    way_ms = strtol(argv[1], NULL, NUMBER_BASE);
    int port = (int)strtol(argv[2], NULL, NUMBER_BASE), listener = listen_anywhere();
    for (int i = 0; i < 2 * PAIRS_MAX; i++)
        ways[i].from = -1;
    for (;;) {
        polled[2 * PAIRS_MAX] = (struct pollfd){.fd = listener, .events = POLLIN};
        for (int i = 0; i < 2 * PAIRS_MAX; i++)
            polled[i] = (struct pollfd){.fd = ways[i].has_ended ? -1 : ways[i].from, .events = POLLIN};
        if (poll(polled, 2 * PAIRS_MAX + 1, time_left(now_ms())) < 0)
            end("cannot wait");
        for (int i = 0; i < 2 * PAIRS_MAX; i++) {
            if (polled[i].fd >= 0 && polled[i].revents)
                receive(&ways[i]);
            if (ways[i].from >= 0)
                send_due(&ways[i], now_ms());
        }
        for (int i = 0; i < 2 * PAIRS_MAX; i += 2)
            close_pair(&ways[i]);
        if (polled[2 * PAIRS_MAX].revents)
            take(listener, port);
    }
}
