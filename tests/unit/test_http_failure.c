/* SPDX-License-Identifier: Apache-2.0
 *
 * failure: what a request without a whole reply comes to, and how soon.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_exchange.h"
#include "unit.h"

#define CANCEL_MAX_MS 200
#define OVERDUE_MAX_MS 1900
#define REPEATS_MAX 10 /* on a busy machine: one in time will do */

/* The resolver: libcurl finds this one before libc's. It knows no name, and is stuck on one. */

static int stuck_fd = -1;  /* readable: the lookup may go on */
static int notify_fd = -1; /* made readable when the lookup is stuck */
static int64_t stuck_at_ms;

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **ret_list)
{
    uint64_t value = 1;

    (void)service;
    (void)hints;
    (void)ret_list;
    if (strcmp(node, "stuck.test") == 0 && stuck_fd >= 0) {
        stuck_at_ms = peer_now_ms();
        if (write(notify_fd, &value, sizeof value) == (ssize_t)sizeof value)
            (void)poll(&(struct pollfd){.fd = stuck_fd, .events = POLLIN}, 1, -1);
    }
    return EAI_NONAME;
}

/* Replies that are not whole, and peers that are not there. */

#define TLS_ALERT(number) "\x15\x03\x03\x00\x02\x02" number

static const struct broken_row {
    const char *name;
    struct peer_step step;
    plexctl_status status;
    const char *phrases[2];
} broken_rows[] = {
    {"closed without a reply", {.then = PEER_CLOSE}, PLEXCTL_UNREACHABLE, {"reply from ", "closed before it came"}},
    {"reset without a reply", {.then = PEER_RESET}, PLEXCTL_UNREACHABLE, {"reply from ", NULL}},
    {"cut in the headers",
     {.reply = "HTTP/1.1 200 OK\r\nContent-", .then = PEER_CLOSE},
     PLEXCTL_UNREACHABLE,
     {"reply from ", NULL}},
    {"cut behind the status line",
     {.reply = "HTTP/1.1 400 Bad\r\n", .then = PEER_CLOSE},
     PLEXCTL_UNREACHABLE,
     {"reply from ", NULL}},
    {"cut behind an interim reply",
     {.reply = "HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 OK\r\n", .then = PEER_CLOSE},
     PLEXCTL_UNREACHABLE,
     {"reply from ", NULL}},
    {"cut before the promised length",
     {.reply = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":", .then = PEER_CLOSE},
     PLEXCTL_UNREACHABLE,
     {"reply from ", "cut short"}},
    {"reset before the promised length",
     {.reply = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":", .then = PEER_RESET},
     PLEXCTL_UNREACHABLE,
     {"reply from ", NULL}},
    {"cut in a chunk",
     {.reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc", .then = PEER_CLOSE},
     PLEXCTL_UNREACHABLE,
     {"cut short", NULL}},
    {"cut before the last chunk",
     {.reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", .then = PEER_CLOSE},
     PLEXCTL_UNREACHABLE,
     {"cut short", NULL}},
    {"malformed chunk",
     {.reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc", .then = PEER_CLOSE},
     PLEXCTL_FAILED,
     {"chunks are malformed", NULL}},
    {"no HTTP", {.reply = "SSH-2.0-OpenSSH_9.2\r\n", .then = PEER_CLOSE}, PLEXCTL_FAILED, {"not HTTP/1.1", "--server"}},
    {"HTTP/0.9", {.reply = "<html>hello</html>", .then = PEER_CLOSE}, PLEXCTL_FAILED, {"not HTTP/1.1", NULL}},
    {"status out of range",
     {.reply = "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", .then = PEER_CLOSE},
     PLEXCTL_FAILED,
     {"status 999", NULL}},
    {"body over the limit by its length",
     {.reply = "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n",
      .then = PEER_REPEAT,
      .again = "xxxxxxxxxxxxxxxx"},
     PLEXCTL_FAILED,
     {"body is longer than 65536 bytes", "--server"}},
    {"body over the limit in chunks",
     {.reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      .then = PEER_REPEAT,
      .again = "10\r\nxxxxxxxxxxxxxxxx\r\n"},
     PLEXCTL_FAILED,
     {"body is longer than 65536 bytes", NULL}},
    {"body over the limit until closed",
     {.reply = "HTTP/1.1 200 OK\r\n\r\n", .then = PEER_REPEAT, .again = "xxxxxxxxxxxxxxxx"},
     PLEXCTL_FAILED,
     {"body is longer than 65536 bytes", NULL}},
    {"headers without end",
     {.reply = "HTTP/1.1 200 OK\r\n", .then = PEER_REPEAT, .again = "X-Filler: yyyyyyyyyyyyyyyy\r\n"},
     PLEXCTL_FAILED,
     {"headers are longer than 65536 bytes", NULL}},
    {"header line without end",
     {.reply = "HTTP/1.1 200 OK\r\nX: ", .then = PEER_REPEAT, .again = "yyyyyyyyyyyyyyyy"},
     PLEXCTL_FAILED,
     {"header lines is far too long", NULL}},
    {"interim replies without end",
     {.reply = "HTTP/1.1 103 Hints\r\n\r\n", .then = PEER_REPEAT, .again = "HTTP/1.1 103 Hints\r\nX: y\r\n\r\n"},
     PLEXCTL_FAILED,
     {"headers are longer than 65536 bytes", NULL}},
    {"trailers without end",
     {.reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
      .then = PEER_REPEAT,
      .again = "X: yyyyyyyyyyyy\r\n"},
     PLEXCTL_FAILED,
     {"longer than 65536 bytes", NULL}},
    {"chunk extension without end",
     {.reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;",
      .then = PEER_REPEAT,
      .again = "xxxxxxxxxxxxxxxx"},
     PLEXCTL_FAILED,
     {"reply from ", "no end"}},
    {"lengths that differ",
     {.reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc", .then = PEER_CLOSE},
     PLEXCTL_FAILED,
     {"reply from ", "two different"}},
    {"length and chunks, no body",
     {.reply = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      .then = PEER_CLOSE},
     PLEXCTL_FAILED,
     {"reply from ", "both"}},
    {"TLS: closed", {.then = PEER_CLOSE, .is_tls = true}, PLEXCTL_UNREACHABLE, {"TLS handshake with ", "cut"}},
    {"TLS: reset", {.then = PEER_RESET, .is_tls = true}, PLEXCTL_UNREACHABLE, {"TLS handshake with ", "cut"}},
    {"TLS: plain answer",
     {.reply = "HTTP/1.1 400 Bad Request\r\n\r\n", .then = PEER_CLOSE, .is_tls = true},
     PLEXCTL_FAILED,
     {"does not answer in TLS", "scheme and port"}},
    {"TLS: handshake_failure",
     {.reply = TLS_ALERT("\x28"), .then = PEER_CLOSE, .is_tls = true, .reply_size = 7},
     PLEXCTL_FAILED,
     {"TLS handshake with ", "TLS 1.2"}},
    {"TLS: protocol_version",
     {.reply = TLS_ALERT("\x46"), .then = PEER_CLOSE, .is_tls = true, .reply_size = 7},
     PLEXCTL_FAILED,
     {"TLS handshake with ", "TLS 1.2"}},
};

START_TEST(http_send_judges_broken_replies)
{
    const struct broken_row *row = &broken_rows[_i];
    struct exchange exchange;

    exchange_begin(&exchange, &row->step, 1);
    exchange.is_tls = row->step.is_tls;
    plexctl_status status = exchange_send(&exchange, "GET", NULL);
    ck_assert_msg(status == row->status, "%s: status %d: %s", row->name, (int)status, exchange.err.text);
    exchange_assert_phrases(&exchange, row->phrases);
    exchange_join(&exchange);
    /* Refused while it was read, not behind the last byte: what is above the limit lay in the sockets. */
    ck_assert_uint_lt(exchange.peer.sent_bytes, (size_t)16 * 1024 * 1024);
    exchange_release(&exchange);
}
END_TEST

START_TEST(http_send_names_what_refuses)
{
    struct exchange exchange;

    exchange_begin(&exchange, NULL, 0);
    exchange.port = peer_refusing_port();
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_UNREACHABLE);
    exchange_assert_phrases(&exchange, (const char *const[2]){"connecting to ", "Connection refused; "});
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

START_TEST(http_send_names_what_has_no_address)
{
    struct exchange exchange;

    exchange_begin(&exchange, NULL, 0);
    exchange.is_tls = true;
    exchange.host = "nowhere.test";
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_UNREACHABLE);
    exchange_assert_phrases(&exchange, (const char *const[2]){"looking up ", "no address"});
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

START_TEST(http_send_refuses_a_url_by_policy)
{
    struct exchange exchange;

    exchange_begin(&exchange, NULL, 0);
    exchange.host = "cp.example.com";
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(exchange.err.text, "only for this machine"));
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange.peer.accepted, 0);
    exchange_release(&exchange);
}
END_TEST

/* Limits */

static const struct limit_row {
    size_t limit, size;
    plexctl_status status;
} limit_rows[] = {{10, 9, PLEXCTL_OK}, {10, 10, PLEXCTL_OK}, {10, 11, PLEXCTL_FAILED}, {1, 2, PLEXCTL_FAILED}};

START_TEST(http_send_keeps_the_body_limit_to_the_byte)
{
    const struct limit_row *row = &limit_rows[_i];
    char reply[128];
    struct exchange exchange;

    (void)snprintf(reply, sizeof reply, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%.*s", row->size, (int)row->size,
                   "xxxxxxxxxxxxxxxxxxxx");
    const struct peer_step step = {.reply = reply};
    exchange_begin(&exchange, &step, 1);
    exchange.body_max_bytes = row->limit;
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), row->status);
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

/* Time */

static const struct stall_row {
    const char *host;
    struct peer_step step;
    const char *phrases[2]; /* of the timeout */
} stall_rows[] = {
    {"127.0.0.1", {.then = PEER_CANCEL}, {"reply from ", "timed out after "}},
    {"127.0.0.1", {.reply = "HTTP/1.1 200 OK\r\nX", .then = PEER_CANCEL}, {"reply from ", "timed out after "}},
    {"127.0.0.1",
     {.reply = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", .then = PEER_CANCEL},
     {"reply from ", "timed out after "}},
    {"127.0.0.1", {.then = PEER_CANCEL, .is_tls = true}, {"TLS handshake with ", "timed out after "}},
    {"stuck.test", {.is_tls = true}, {"looking up ", "timed out after "}},
};

/* The resolver's thread is let go only when the request has ended without it, and the peer's does not wait for one that
 * has ended before it was sent. */
static void begin_stall(struct exchange *exchange, const struct stall_row *row)
{
    bool is_lookup = strcmp(row->host, "stuck.test") == 0;

    exchange_begin(exchange, &row->step, is_lookup ? 0 : 1);
    exchange->host = row->host;
    exchange->is_tls = row->step.is_tls;
    stuck_fd = eventfd(0, EFD_CLOEXEC);
    ck_assert_int_ge(stuck_fd, 0);
    notify_fd = exchange->peer.cancel_fd;
}

static void end_stall(struct exchange *exchange)
{
    const uint64_t one = 1;

    ck_assert_int_eq(write(stuck_fd, &one, sizeof one), (ssize_t)sizeof one);
    (void)shutdown(exchange->peer.listener, SHUT_RDWR);
    exchange_join(exchange);
    exchange_release(exchange);
}

/* False where the machine was too slow for the request to come to the row's phase, or to its end. */
static bool times_out_there(const struct stall_row *row, int64_t limit_ms)
{
    struct exchange exchange;

    begin_stall(&exchange, row);
    exchange.timeout_ms = limit_ms;
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_UNREACHABLE);
    exchange_assert_phrases(&exchange, (const char *const[2]){row->phrases[1], NULL});
    ck_assert_int_ge(exchange.spent_ms, limit_ms - 1);
    bool is_there = strstr(exchange.err.text, row->phrases[0]) && exchange.spent_ms < limit_ms + OVERDUE_MAX_MS;
    ck_assert_msg(is_there || limit_ms < 6400, "%s, %lld ms", exchange.err.text, (long long)exchange.spent_ms);
    end_stall(&exchange);
    return is_there;
}

START_TEST(http_send_times_out_in_every_phase)
{
    int64_t limit_ms = 100;

    while (!times_out_there(&stall_rows[_i], limit_ms))
        limit_ms *= 4;
}
END_TEST

/* A full queue of connections that nobody accepts leaves the next one without an answer. */
START_TEST(http_send_times_out_connecting)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), waiting[3];
    struct exchange exchange;

    ck_assert_int_eq(bind(listener, (const struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(listener, 0), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    for (size_t i = 0; i < 3; i++) {
        waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)connect(waiting[i], (const struct sockaddr *)&address, sizeof address);
    }
    exchange_begin(&exchange, NULL, 0);
    exchange.port = ntohs(address.sin_port);
    exchange.is_tls = true;
    exchange.timeout_ms = 1000;
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_UNREACHABLE);
    exchange_assert_phrases(&exchange, (const char *const[2]){"connecting to ", "timed out after "});
    exchange_join(&exchange);
    exchange_release(&exchange);
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(close(waiting[i]), 0);
    ck_assert_int_eq(close(listener), 0);
}
END_TEST

/* How long the request has gone on since. */
static int64_t cancel_there(const struct stall_row *row)
{
    struct exchange exchange;

    begin_stall(&exchange, row);
    exchange.cancel_fd = exchange.peer.cancel_fd;
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_CANCELLED);
    int64_t ended_at_ms = peer_now_ms();
    int64_t lookup_at_ms = stuck_at_ms;
    end_stall(&exchange);
    bool is_lookup = exchange.peer.cancelled_at_ms == 0;
    return ended_at_ms - (is_lookup ? lookup_at_ms : exchange.peer.cancelled_at_ms);
}

START_TEST(http_send_is_cancelled_in_every_phase)
{
    int64_t spent_ms = INT64_MAX;

    for (unsigned repeats = 0; repeats < REPEATS_MAX && spent_ms > CANCEL_MAX_MS; repeats++)
        spent_ms = cancel_there(&stall_rows[_i]);
    ck_assert_int_le(spent_ms, CANCEL_MAX_MS);
}
END_TEST

START_TEST(http_send_cancelled_before_it_begins_dials_nothing)
{
    const uint64_t one = 1;
    struct exchange exchange;

    exchange_begin(&exchange, NULL, 0);
    exchange.cancel_fd = exchange.peer.cancel_fd;
    ck_assert_int_eq(write(exchange.peer.cancel_fd, &one, sizeof one), (ssize_t)sizeof one);
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_CANCELLED);
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange.peer.accepted, 0);
    exchange_release(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http_failure");
    TCase *tcase = tcase_create("failure");

    tcase_add_checked_fixture(tcase, exchange_clear_environment, NULL);
    tcase_add_loop_test(tcase, http_send_judges_broken_replies, 0, sizeof broken_rows / sizeof broken_rows[0]);
    tcase_add_test(tcase, http_send_names_what_refuses);
    tcase_add_test(tcase, http_send_names_what_has_no_address);
    tcase_add_test(tcase, http_send_refuses_a_url_by_policy);
    tcase_add_loop_test(tcase, http_send_keeps_the_body_limit_to_the_byte, 0, sizeof limit_rows / sizeof limit_rows[0]);
    tcase_add_loop_test(tcase, http_send_times_out_in_every_phase, 0, sizeof stall_rows / sizeof stall_rows[0]);
    tcase_add_test(tcase, http_send_times_out_connecting);
    tcase_add_loop_test(tcase, http_send_is_cancelled_in_every_phase, 0, sizeof stall_rows / sizeof stall_rows[0]);
    tcase_add_test(tcase, http_send_cancelled_before_it_begins_dials_nothing);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
