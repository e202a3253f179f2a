/* SPDX-License-Identifier: Apache-2.0
 *
 * The http module's surroundings: proxies and certificate authorities by the environment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "http_exchange.h"
#include "unit.h"

/* Proxies */

static void set_proxy(const char *variable, int port)
{
    char proxy[128];

    (void)snprintf(proxy, sizeof proxy, "http://someone:canary@127.0.0.1:%d", port);
    ck_assert_int_eq(setenv(variable, proxy, 1), 0);
}

static const struct proxy_row {
    const char *variable, *exempt;
    bool is_tls, is_used, is_maybe;
} proxy_rows[] = {
    {"https_proxy", NULL, true, true, false},
    {"HTTPS_PROXY", NULL, true, true, false},
    {"all_proxy", NULL, true, true, false},
    {"ALL_PROXY", NULL, true, true, false},
    {"http_proxy", NULL, true, false, false},
    {"https_proxy", "*", true, false, false},
    {"https_proxy", "127.0.0.1", true, false, false},
    {"https_proxy", "other.test", true, true, false},
    {"https_proxy", "", true, true, false},
    {"http_proxy", NULL, false, false, false},
    {"http_proxy", "other.test", false, false, false},
    {"HTTP_PROXY", NULL, false, false, false},
    {"https_proxy", NULL, false, false, false},
    {"all_proxy", NULL, false, false, false},
    {"ALL_PROXY", NULL, false, false, false},
};

START_TEST(http_send_names_the_proxy_without_its_password)
{
    const struct proxy_row *row = &proxy_rows[_i];
    char named[128];
    int port = peer_refusing_port();
    struct exchange exchange;

    exchange_begin(&exchange, NULL, 0);
    exchange.port = peer_refusing_port();
    exchange.is_tls = row->is_tls;
    set_proxy(row->variable, port);
    if (row->exempt)
        ck_assert_int_eq(setenv("no_proxy", row->exempt, 1), 0);
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_UNREACHABLE);
    (void)snprintf(named, sizeof named, " through the proxy 127.0.0.1:%d of %s", port, row->variable);
    ck_assert_msg((strstr(exchange.err.text, named) != NULL) == row->is_used, "%s", exchange.err.text);
    ck_assert_msg((strstr(exchange.err.text, "NO_PROXY") != NULL) == row->is_maybe, "%s", exchange.err.text);
    ck_assert_ptr_null(strstr(exchange.err.text, "canary"));
    ck_assert_ptr_null(strstr(exchange.err.text, "someone"));
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

/* http:// is for this machine: a proxy on another would be handed the bearer in clear. */
static const char *const direct_rows[] = {"http_proxy", "all_proxy", "ALL_PROXY"};

START_TEST(http_send_keeps_plain_http_from_every_proxy)
{
    const struct peer_step steps[] = {{.reply = "HTTP/1.1 204 No Content\r\n\r\n"},
                                      {.reply = "HTTP/1.1 204 No Content\r\n\r\n"}};
    struct exchange exchange;

    exchange_begin(&exchange, steps, 2);
    set_proxy(direct_rows[_i], peer_refusing_port());
    ck_assert_msg(exchange_send(&exchange, "GET", NULL) == PLEXCTL_OK, "%s", exchange.err.text);
    ck_assert_int_eq(setenv("no_proxy", "other.test", 1), 0);
    ck_assert_msg(exchange_send(&exchange, "GET", NULL) == PLEXCTL_OK, "%s", exchange.err.text);
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange_count(&exchange, "GET /v1/x?y=z HTTP/1.1\r\n"), 2);
    exchange_release(&exchange);
}
END_TEST

START_TEST(http_send_refuses_an_odd_proxy_without_its_password)
{
    static const char *const proxies[] = {"ftp://someone:canary@127.0.0.1:1", "http://someone:canary@[127.0.0.1:1"};
    struct exchange exchange;

    exchange_begin(&exchange, NULL, 0);
    exchange.is_tls = true;
    ck_assert_int_eq(setenv("https_proxy", proxies[_i], 1), 0);
    ck_assert_msg(exchange_send(&exchange, "GET", NULL) == PLEXCTL_FAILED, "%s", exchange.err.text);
    exchange_assert_phrases(&exchange, (const char *const[2]){"connecting to ", "check the proxy variable"});
    ck_assert_ptr_null(strstr(exchange.err.text, "canary"));
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

static const struct tunnel_row {
    const char *reply;
    plexctl_status status;
    const char *phrases[2];
} tunnel_rows[] = {
    {"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
     PLEXCTL_FAILED,
     {"HTTP 407", "user"}},
    {"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", PLEXCTL_FAILED, {"HTTP 403", "NO_PROXY"}},
    {"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n", PLEXCTL_UNREACHABLE, {"the proxy answered HTTP 503", NULL}},
};

START_TEST(http_send_through_a_refusing_tunnel)
{
    const struct tunnel_row *row = &tunnel_rows[_i];
    const struct peer_step step = {.reply = row->reply, .then = PEER_CLOSE};
    struct secret bearer = SECRET_INIT;
    struct exchange exchange;

    exchange_begin(&exchange, &step, 1);
    set_proxy("https_proxy", exchange.peer.port);
    ck_assert_int_eq(secret_set(&bearer, "bearer-token", 12, &exchange.err), PLEXCTL_OK);
    exchange.bearer = &bearer;
    exchange.is_tls = true;
    exchange.host = "cp.example.com";
    exchange.port = 443;
    ck_assert_msg(exchange_send(&exchange, "GET", NULL) == row->status, "%s", exchange.err.text);
    exchange_assert_phrases(&exchange, row->phrases);
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange_count(&exchange, "CONNECT cp.example.com:443 HTTP/1.1\r\n"), 1);
    ck_assert_uint_eq(exchange_count(&exchange, "bearer-token"), 0);
    exchange_release(&exchange);
    secret_release(&bearer);
}
END_TEST

/* Certificates */

START_TEST(http_send_names_a_missing_certificate_file)
{
    const struct peer_step step = {.then = PEER_CLOSE, .is_tls = true};
    struct exchange exchange;

    ck_assert_int_eq(setenv("SSL_CERT_FILE", "/nonexistent/\x1b[2Jca.pem", 1), 0);
    exchange_begin(&exchange, &step, 1);
    exchange.is_tls = true;
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_FAILED);
    exchange_assert_phrases(&exchange, (const char *const[2]){"certificate authorities for ", "/nonexistent/"});
    ck_assert_ptr_null(strchr(exchange.err.text, '\x1b'));
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http_environment");
    TCase *tcase = tcase_create("environment");

    tcase_add_checked_fixture(tcase, exchange_clear_environment, NULL);
    tcase_add_loop_test(tcase, http_send_names_the_proxy_without_its_password, 0,
                        sizeof proxy_rows / sizeof proxy_rows[0]);
    tcase_add_loop_test(tcase, http_send_keeps_plain_http_from_every_proxy, 0,
                        sizeof direct_rows / sizeof direct_rows[0]);
    tcase_add_loop_test(tcase, http_send_refuses_an_odd_proxy_without_its_password, 0, 2);
    tcase_add_loop_test(tcase, http_send_through_a_refusing_tunnel, 0, sizeof tunnel_rows / sizeof tunnel_rows[0]);
    tcase_add_test(tcase, http_send_names_a_missing_certificate_file);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
