/* SPDX-License-Identifier: Apache-2.0
 *
 * client: one connection is kept, replaced where it must be, and no request is sent twice.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "http_exchange.h"
#include "unit.h"

#define JSON_200 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

START_TEST(http_send_keeps_the_connection)
{
    const struct peer_step steps[] = {{.reply = JSON_200}, {.reply = JSON_200}, {.reply = JSON_200}};
    struct exchange exchange;

    exchange_begin(&exchange, steps, 3);
    for (int i = 0; i < 3; i++)
        ck_assert_msg(exchange_send(&exchange, "POST", "{}") == PLEXCTL_OK, "%s", exchange.err.text);
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange.peer.accepted, 1);
    ck_assert_uint_eq(exchange_count(&exchange, "POST "), 3);
    exchange_release(&exchange);
}
END_TEST

START_TEST(http_send_without_descriptors_says_so)
{
    const struct peer_step steps[] = {{.reply = JSON_200}};
    struct exchange exchange;
    struct rlimit old, low;

    exchange_begin(&exchange, steps, 1);
    int lowest = dup(STDERR_FILENO);
    ck_assert_int_eq(close(lowest), 0);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
    low = (struct rlimit){.rlim_cur = (rlim_t)lowest, .rlim_max = old.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_UNREACHABLE);
    ck_assert_msg(strstr(exchange.err.text, ": Too many open files; run `ulimit -n 1024`"), "%s", exchange.err.text);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
    ck_assert_msg(exchange_send(&exchange, "GET", NULL) == PLEXCTL_OK, "%s", exchange.err.text);
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

/* What a reply may take on the wire is counted anew for each. */
START_TEST(http_send_counts_no_earlier_reply)
{
    enum { REPLIES = 20, SIZE = 60000 };
    static char reply[SIZE + 64];
    int head = snprintf(reply, sizeof reply, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", SIZE);
    struct peer_step steps[REPLIES];
    struct exchange exchange;

    memset(reply + head, 'x', SIZE);
    for (int i = 0; i < REPLIES; i++)
        steps[i] = (struct peer_step){.reply = reply};
    exchange_begin(&exchange, steps, REPLIES);
    exchange.body_max_bytes = SIZE; /* one may take 16 times that */
    for (int i = 0; i < REPLIES; i++)
        ck_assert_msg(exchange_send(&exchange, "POST", "{}") == PLEXCTL_OK, "%d: %s", i, exchange.err.text);
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange.peer.accepted, 1);
    exchange_release(&exchange);
}
END_TEST

START_TEST(http_send_opens_another_connection_where_the_server_closed)
{
    const struct peer_step steps[] = {
        {.reply = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", .then = PEER_CLOSE},
        {.reply = JSON_200}};
    struct exchange exchange;

    exchange_begin(&exchange, steps, 2);
    for (int i = 0; i < 2; i++)
        ck_assert_msg(exchange_send(&exchange, "GET", NULL) == PLEXCTL_OK, "%s", exchange.err.text);
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange.peer.accepted, 2);
    exchange_release(&exchange);
}
END_TEST

START_TEST(http_send_replaces_a_connection_that_the_server_closed_while_idle)
{
    const struct peer_step steps[] = {{.reply = JSON_200, .then = PEER_LEAVE}, {.reply = JSON_200}};
    struct exchange exchange;
    uint64_t value = 0;

    exchange_begin(&exchange, steps, 2);
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_OK);
    ck_assert_int_eq(read(exchange.peer.left_fd, &value, sizeof value), (ssize_t)sizeof value);
    ck_assert_msg(exchange_send(&exchange, "POST", "{}") == PLEXCTL_OK, "%s", exchange.err.text);
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange.peer.accepted, 2);
    ck_assert_uint_eq(exchange_count(&exchange, "POST "), 1);
    exchange_release(&exchange);
}
END_TEST

/* libcurl would send the request again by itself: a second poll within the interval of RFC 8628 section 3.5. */
static const enum peer_then lost_rows[] = {PEER_RESET, PEER_CLOSE};

START_TEST(http_send_sends_once_where_a_kept_connection_dies)
{
    const struct peer_step steps[] = {{.reply = JSON_200}, {.then = lost_rows[_i]}, {.reply = JSON_200}};
    struct exchange exchange;

    exchange_begin(&exchange, steps, 3);
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_OK);
    ck_assert_int_eq(exchange_send(&exchange, "POST", "{}"), PLEXCTL_UNREACHABLE);
    exchange_assert_phrases(&exchange, (const char *const[2]){"reply from ", "closed before it came"});
    ck_assert_msg(exchange_send(&exchange, "PUT", "{}") == PLEXCTL_OK, "%s", exchange.err.text);
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange_count(&exchange, "GET "), 1);
    ck_assert_uint_eq(exchange_count(&exchange, "POST "), 1);
    ck_assert_uint_eq(exchange_count(&exchange, "PUT "), 1);
    exchange_release(&exchange);
}
END_TEST

static void assert_facts(const struct exchange *exchange, bool was_sent, bool is_new)
{
    const struct http_facts facts = plexctl_http_module.facts(exchange->client);
    char peer[64];

    (void)snprintf(peer, sizeof peer, "127.0.0.1:%d", exchange->port);
    ck_assert_str_eq(facts.peer, peer);
    ck_assert_int_eq(facts.was_sent, was_sent);
    ck_assert_int_eq(facts.is_connection_new, is_new);
    ck_assert_int_ge(facts.spent_ms, 0);
    ck_assert_int_le(facts.spent_ms, exchange->spent_ms + 1);
}

START_TEST(http_facts_tell_what_went_out_on_which_connection)
{
    const struct peer_step steps[] = {
        {.reply = JSON_200}, {.then = PEER_RESET}, {.reply = JSON_200}, {.then = PEER_CLOSE, .is_tls = true}};
    struct exchange exchange;

    exchange_begin(&exchange, steps, 4);
    ck_assert_str_eq(plexctl_http_module.facts(exchange.client).peer, "");
    ck_assert_int_eq(exchange_send(&exchange, "POST", "{}"), PLEXCTL_OK);
    assert_facts(&exchange, true, true);
    ck_assert_int_eq(exchange_send(&exchange, "POST", "{}"), PLEXCTL_UNREACHABLE);
    assert_facts(&exchange, true, false);
    ck_assert_int_eq(exchange_send(&exchange, "POST", "{}"), PLEXCTL_OK);
    assert_facts(&exchange, true, true);
    int port = exchange.port;
    exchange.port = peer_refusing_port();
    ck_assert_int_eq(exchange_send(&exchange, "POST", "{}"), PLEXCTL_UNREACHABLE);
    assert_facts(&exchange, false, false);
    exchange.port = port;
    exchange.is_tls = true;
    ck_assert_int_eq(exchange_send(&exchange, "POST", "{}"), PLEXCTL_UNREACHABLE);
    assert_facts(&exchange, false, false);
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

START_TEST(http_send_works_again_after_a_failure)
{
    const struct peer_step steps[] = {{.then = PEER_RESET}, {.reply = JSON_200}};
    struct exchange exchange;

    exchange_begin(&exchange, steps, 2);
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_UNREACHABLE);
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_OK);
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http_connection");
    TCase *tcase = tcase_create("connection");

    tcase_add_checked_fixture(tcase, exchange_clear_environment, NULL);
    tcase_add_test(tcase, http_send_keeps_the_connection);
    tcase_add_test(tcase, http_send_without_descriptors_says_so);
    tcase_add_test(tcase, http_send_counts_no_earlier_reply);
    tcase_add_test(tcase, http_send_opens_another_connection_where_the_server_closed);
    tcase_add_test(tcase, http_send_replaces_a_connection_that_the_server_closed_while_idle);
    tcase_add_loop_test(tcase, http_send_sends_once_where_a_kept_connection_dies, 0,
                        sizeof lost_rows / sizeof lost_rows[0]);
    tcase_add_test(tcase, http_facts_tell_what_went_out_on_which_connection);
    tcase_add_test(tcase, http_send_works_again_after_a_failure);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
