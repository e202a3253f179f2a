/* SPDX-License-Identifier: Apache-2.0 */
#include "../../plugins/devserver/same_origin.h"

#include <stddef.h>

#include "unit.h"

static const struct {
    const char *host;
    bool loopback;
} hosts[] = {
    {"localhost", true},
    {"localhost:8080", true},
    {"LOCALHOST:8080", true},
    {"127.0.0.1:1", true},
    {"[::1]:8080", true},
    {"[::1]", true},
    {NULL, false},
    {"", false},
    {"localhost.evil.test", false},
    {"localhostx", false},
    {"localhost:", false},
    {"localhost:80a", false},
    {"evil.test:8080", false},
    {"127.0.0.1.evil.test", false},
    {"127.0.0.2", false},
    {"localhost:8080@evil", false},
};

START_TEST(host_is_loopback_judges_hosts)
{
    ck_assert_int_eq(host_is_loopback(hosts[_i].host), hosts[_i].loopback);
}
END_TEST

#define HOST "localhost:8080"

static const struct {
    const char *scheme, *host, *origin, *referer;
    bool same;
} requests[] = {
    {"https", HOST, "https://localhost:8080", NULL, true},
    {"https", HOST, "https://localhost:8080", "https://evil.test/", true}, /* Origin decides where it is there */
    {"https", HOST, NULL, "https://localhost:8080/v1/auth/device?user_code=x", true},
    {"http", HOST, "http://localhost:8080", NULL, true},
    {"https", HOST, NULL, NULL, false},
    {"https", HOST, "null", "https://localhost:8080/", false},
    {"https", HOST, "", "https://localhost:8080/", false},
    {"https", HOST, "http://localhost:8080", NULL, false},
    {"https", HOST, "https://localhost:8081", NULL, false},
    {"https", HOST, "https://localhost:80801", NULL, false},
    {"https", HOST, "https://127.0.0.1:8080", NULL, false},
    {"https", HOST, "https://localhost:8080/", NULL, false},
    {"https", HOST, NULL, "https://localhost:8080.evil.test/", false},
    {"https", HOST, NULL, "https://localhost:8080", false},
    {"https", HOST, NULL, "https://evil.test/https://localhost:8080/", false},
    {"https", NULL, "https://localhost:8080", NULL, false},
};

START_TEST(same_origin_judges_headers)
{
    ck_assert_int_eq(same_origin(requests[_i].scheme, requests[_i].host, requests[_i].origin, requests[_i].referer),
                     requests[_i].same);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver same_origin");
    TCase *tests = tcase_create("same_origin");

    tcase_add_loop_test(tests, host_is_loopback_judges_hosts, 0, sizeof hosts / sizeof hosts[0]);
    tcase_add_loop_test(tests, same_origin_judges_headers, 0, sizeof requests / sizeof requests[0]);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
