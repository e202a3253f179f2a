/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <string.h>

#include "../../plugins/login/lookup.h"
#include "fake_host.h"

static struct fake_host fake;

static plexctl_status read_name(const struct plexctl_host *host, struct plexctl_json *body, void *result)
{
    const char **name = result;

    *name = host->json->string(host->json->get(body, "name"));
    return *name ? PLEXCTL_OK : (host->error->fail)(host, PLEXCTL_FAILED, "it has no name"); /* fail() is Check's */
}

static const struct {
    struct fake_reply reply;
    plexctl_status status;
    const char *said; /* the name, or what is recorded */
} rows[] = {
    {{.http = 200, .body = "{\"name\":\"a\"}"}, PLEXCTL_OK, "a"},
    {{.http = 200, .body = "{\"name\":1}"}, PLEXCTL_FAILED, "HTTP 200: malformed list of names: it has no name"},
    {{.http = 200, .body = "<p>"}, PLEXCTL_FAILED, "HTTP 200: malformed list of names: "},
    {{.http = 204, .body = "{\"name\":\"a\"}"}, PLEXCTL_FAILED, "204"},
    {{.http = 500, .body = "no"}, PLEXCTL_FAILED, "500"},
    {{.http = 403, .body = "no"}, PLEXCTL_DENIED, "403"},
    {{.status = PLEXCTL_UNREACHABLE, .body = "nobody there"}, PLEXCTL_UNREACHABLE, "nobody there"},
};

START_TEST(lookup_send_reads_a_200_and_says_what_else_came)
{
    const struct lookup lookup = {.path = "/v1/names",
                                  .what = "list of names",
                                  .flags = PLEXCTL_HTTP_BEARER,
                                  .timeout_ms = 700,
                                  .read = read_name};
    const char *name = NULL;

    fake_host_init(&fake);
    fake.replies = &rows[_i].reply;
    fake.reply_count = 1;
    ck_assert_int_eq(lookup_send(&fake.table, &lookup, &name), rows[_i].status);
    ck_assert_ptr_nonnull(strstr(rows[_i].status == PLEXCTL_OK ? name : fake.failure.text, rows[_i].said));
    ck_assert_uint_eq(fake.request_count, 1);
    ck_assert_str_eq(fake.requests[0].method, "GET");
    ck_assert_str_eq(fake.requests[0].path, "/v1/names");
    ck_assert_uint_eq(fake.requests[0].flags, PLEXCTL_HTTP_BEARER);
    ck_assert_int_eq(fake.requests[0].timeout_ms, 700);
    fake_host_release(&fake);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login/lookup");
    TCase *tests = tcase_create("lookup");

    tcase_add_loop_test(tests, lookup_send_reads_a_200_and_says_what_else_came, 0, sizeof rows / sizeof rows[0]);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
