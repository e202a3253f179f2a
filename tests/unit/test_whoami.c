/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <string.h>

#include "fake_host.h"

static struct fake_host fake;

static void set_up(void)
{
    fake_host_init(&fake);
}

static void tear_down(void)
{
    fake_host_release(&fake);
}

static plexctl_status run(const struct fake_reply *reply)
{
    fake.replies = reply;
    fake.reply_count = 1;
    return fake_host_run(&fake, plexctl_plugin_v1()->command);
}

START_TEST(whoami_run_asks_with_bearer)
{
    static const struct fake_reply reply = {.http = 200, .body = "{\"principal_type\":\"user\",\"subject\":\"s\"}"};
    const struct plexctl_command *whoami = plexctl_plugin_v1()->command;

    ck_assert_uint_eq(whoami->needs, PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN | PLEXCTL_NEEDS_LATER);
    ck_assert_int_eq(run(&reply), PLEXCTL_OK);
    ck_assert_uint_eq(fake.request_count, 1);
    ck_assert_str_eq(fake.requests[0].method, "GET");
    ck_assert_str_eq(fake.requests[0].path, "/v1/auth/whoami");
    ck_assert_ptr_null(fake.requests[0].body);
    ck_assert_uint_eq(fake.requests[0].flags, PLEXCTL_HTTP_BEARER);
}
END_TEST

#define REQUIRED "\"principal_type\":\"user\",\"subject\":\"s\""
#define SERVER "\"server\":\"https://cp.example.com\"}\n"

static const struct {
    const char *body, *profile, *out;
} shown_rows[] = {
    {"{" REQUIRED "}", NULL, "{" REQUIRED "," SERVER},
    {"{" REQUIRED "}", "staging", "{" REQUIRED ",\"server\":\"https://cp.example.com\",\"profile\":\"staging\"}\n"},
    {"{\"subject\":\"s\",\"principal_type\":\"service\"}", NULL,
     "{\"principal_type\":\"service\",\"subject\":\"s\"," SERVER},
    {"{\"amr\":[\"pwd\",\"otp\"],\"acr\":\"2\",\"email\":\"a@b\",\"domain_id\":\"d\",\"principal_scope\":\"platform\","
     "\"unknown\":{\"x\":1}," REQUIRED "}",
     NULL,
     "{" REQUIRED ",\"principal_scope\":\"platform\",\"domain_id\":\"d\",\"email\":\"a@b\",\"acr\":\"2\","
     "\"amr\":[\"pwd\",\"otp\"]," SERVER},
    {"{" REQUIRED ",\"email\":null,\"amr\":null}", NULL, "{" REQUIRED "," SERVER},
    {"{" REQUIRED ",\"amr\":[]}", NULL, "{" REQUIRED ",\"amr\":[]," SERVER},
};

START_TEST(whoami_run_emits_members_in_order)
{
    const struct fake_reply reply = {.http = 200, .body = shown_rows[_i].body};

    fake.profile = shown_rows[_i].profile;
    ck_assert_int_eq(run(&reply), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.out), shown_rows[_i].out);
    ck_assert_uint_eq(fake.emit_count, 1);
}
END_TEST

static const struct {
    struct fake_reply reply;
    plexctl_status status;
    const char *says;
} fault_rows[] = {
    {{.http = 401, .body = "{}"}, PLEXCTL_FAILED, "HTTP 401"},
    {{.http = 403, .body = "{}"}, PLEXCTL_DENIED, "HTTP 403"},
    {{.http = 302}, PLEXCTL_FAILED, "HTTP 302"},
    {{.http = 500}, PLEXCTL_FAILED, "HTTP 500"},
    {{.http = 204}, PLEXCTL_FAILED, "HTTP 204"},
    {{.http = 200, .body = "<html>"}, PLEXCTL_FAILED, "HTTP 200"},
    {{.http = 200, .body = " <html>", .content_type = "text/html"}, PLEXCTL_FAILED, "HTTP 200"},
    {{.http = 200}, PLEXCTL_FAILED, "malformed whoami response"},
    {{.http = 200, .body = "[]"}, PLEXCTL_FAILED, "must be a JSON object"},
    {{.http = 200, .body = "{\"subject\":\"s\"}"}, PLEXCTL_FAILED, "`principal_type` must be user or service"},
    {{.http = 200, .body = "{\"principal_type\":\"robot\",\"subject\":\"s\"}"}, PLEXCTL_FAILED, "`principal_type`"},
    {{.http = 200, .body = "{\"principal_type\":\"user\"}"}, PLEXCTL_FAILED, "`subject`"},
    {{.http = 200, .body = "{\"principal_type\":\"user\",\"subject\":\"\"}"}, PLEXCTL_FAILED, "`subject`"},
    {{.http = 200, .body = "{\"principal_type\":\"user\",\"subject\":7}"}, PLEXCTL_FAILED, "`subject`"},
    {{.http = 200, .body = "{" REQUIRED ",\"principal_scope\":\"x\"}"}, PLEXCTL_FAILED, "`principal_scope`"},
    {{.http = 200, .body = "{" REQUIRED ",\"email\":[]}"}, PLEXCTL_FAILED, "`email`"},
    {{.http = 200, .body = "{" REQUIRED ",\"amr\":\"pwd\"}"}, PLEXCTL_FAILED, "`amr`"},
    {{.http = 200, .body = "{" REQUIRED ",\"amr\":[1]}"}, PLEXCTL_FAILED, "`amr`"},
    {{.http = 200,
      .body = "{" REQUIRED ",\"amr\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\","
              "\"13\",\"14\",\"15\",\"16\",\"17\"]}"},
     PLEXCTL_FAILED,
     "`amr`"},
    {{.status = PLEXCTL_UNREACHABLE}, PLEXCTL_UNREACHABLE, "cannot connect"},
    {{.status = PLEXCTL_NO_TOKEN}, PLEXCTL_NO_TOKEN, ""},
    {{.status = PLEXCTL_CANCELLED}, PLEXCTL_CANCELLED, ""},
};

START_TEST(whoami_run_fault_says_why_and_shows_nothing)
{
    plexctl_status status = run(&fault_rows[_i].reply);

    ck_assert_msg(status == fault_rows[_i].status, "row %d: %d %s", _i, (int)status, fake.failure.text);
    ck_assert_msg(strstr(fake.failure.text, fault_rows[_i].says), "row %d: %s", _i, fake.failure.text);
    ck_assert_str_eq(buf_text(&fake.out), "");
}
END_TEST

START_TEST(whoami_run_without_memory_fails)
{
    static const struct fake_reply reply = {.http = 200, .body = "{" REQUIRED "}"};

    fake.builder_fails_at = 1;
    ck_assert_int_eq(run(&reply), PLEXCTL_NO_MEMORY);
}
END_TEST

#define ROWS(array) (int)(sizeof(array) / sizeof((array)[0]))

int main(void)
{
    Suite *suite = suite_create("whoami");
    TCase *tests = tcase_create("run");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, whoami_run_asks_with_bearer);
    tcase_add_loop_test(tests, whoami_run_emits_members_in_order, 0, ROWS(shown_rows));
    tcase_add_loop_test(tests, whoami_run_fault_says_why_and_shows_nothing, 0, ROWS(fault_rows));
    tcase_add_test(tests, whoami_run_without_memory_fails);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
