/* SPDX-License-Identifier: Apache-2.0
 *
 * route: the words for how a URL is reached, by what the environment says and which port was dialled.
 */
#include "http/route.h"

#include <stdlib.h>

#include "http_exchange.h"
#include "unit.h"

static const struct row {
    const char *origin, *proxy, *exempt;
    int dialled_port;
    const char *words;
    bool has_proxy;
} rows[] = {
    {"https://cp.test:443", NULL, NULL, 443, "cp.test:443", false},
    {"https://cp.test:443", NULL, NULL, 0, "cp.test:443", false},
    {"https://[::1]:8443", NULL, NULL, 8443, "[::1]:8443", false},
    {"https://cp.test:443", "http://proxy.test:3128", NULL, 0,
     "cp.test:443 through the proxy proxy.test:3128 of https_proxy", true},
    {"https://cp.test:443", "http://someone:canary@proxy.test:3128", NULL, 3128,
     "cp.test:443 through the proxy proxy.test:3128 of https_proxy", true},
    {"https://cp.test:443", "proxy.test", NULL, 1080, "cp.test:443 through the proxy proxy.test of https_proxy", true},
    {"https://cp.test:443", "someone:canary@", NULL, 0, "cp.test:443 through the proxy of https_proxy", true},
    {"https://cp.test:443", "http://proxy.test:3128", "*", 443, "cp.test:443", false},
    {"https://cp.test:443", "http://proxy.test:3128", "cp.test", 443, "cp.test:443", false},
    {"https://cp.test:443", "http://proxy.test:3128", "other.test", 3128,
     "cp.test:443 through the proxy proxy.test:3128 of https_proxy", true},
    {"https://cp.test:443", "http://proxy.test:3128", "other.test", 0,
     "cp.test:443 through the proxy proxy.test:3128 of https_proxy (unless NO_PROXY exempts it)", false},
    {"https://cp.test:3128", "http://proxy.test:3128", "other.test", 3128,
     "cp.test:3128 through the proxy proxy.test:3128 of https_proxy (unless NO_PROXY exempts it)", false},
    {"https://cp.test:443", "http://proxy.test", "other.test", 1080,
     "cp.test:443 through the proxy proxy.test of https_proxy", true},
    {"https://cp.test:8443", "https://proxy.test", "other.test", 443,
     "cp.test:8443 through the proxy proxy.test of https_proxy", true},
    {"http://localhost:80", "http://proxy.test:3128", NULL, 80, "localhost:80", false},
    {"https://cp.test:443", "http://a\x1b[2Jb:1", NULL, 0, "cp.test:443 through the proxy of https_proxy", true},
};

START_TEST(route_describe_names_host_and_proxy)
{
    const struct row *row = &rows[_i];
    struct http_url url = {.origin = (char *)(uintptr_t)row->origin};
    auto_buf struct buf words = BUF_INIT(ERROR_TEXT_SIZE);

    if (row->proxy)
        ck_assert_int_eq(setenv("https_proxy", row->proxy, 1), 0);
    if (row->exempt)
        ck_assert_int_eq(setenv("NO_PROXY", row->exempt, 1), 0);
    route_describe(&words, &url, row->dialled_port);
    ck_assert_str_eq(buf_text(&words), row->words);
    ck_assert_int_eq(route_proxy(&url, row->dialled_port) != ROUTE_PROXY_NONE, row->has_proxy);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http_route");
    TCase *tcase = tcase_create("route");

    tcase_add_checked_fixture(tcase, exchange_clear_environment, NULL);
    tcase_add_loop_test(tcase, route_describe_names_host_and_proxy, 0, sizeof rows / sizeof rows[0]);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
