/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "login_script.h"

/* Replies to the device-code request that end the login at once. */
static const struct {
    struct fake_reply reply;
    plexctl_status status;
    const char *says;
} code_faults[] = {
    {{.http = 400, .body = PROBLEM("idp_binding_mismatch")}, PLEXCTL_FAILED, "device-code request: HTTP 400"},
    {{.http = 404, .body = PROBLEM("no_active_binding")},
     PLEXCTL_FAILED,
     PROBLEM("no_active_binding") "; check --domain-id and --idp-binding-id"},
    {{.http = 403, .body = PROBLEM("forbidden")}, PLEXCTL_DENIED, "device-code request: HTTP 403"},
    {{.http = 401, .body = ""}, PLEXCTL_FAILED, "HTTP 401"},
    {{.http = 429, .body = "", .retry_after_s = 5}, PLEXCTL_FAILED, "HTTP 429"},
    {{.http = 500, .body = ""}, PLEXCTL_FAILED, "HTTP 500"},
    {{.http = 503, .body = ""}, PLEXCTL_FAILED, "HTTP 503"},
    {{.http = 302, .body = ""}, PLEXCTL_FAILED, "HTTP 302"},
    {{.http = 201, .body = "{}"}, PLEXCTL_FAILED, "HTTP 201"},
    {{.http = 204, .body = ""}, PLEXCTL_FAILED, "HTTP 204"},
    {{.http = 200, .body = "<html></html>", .content_type = "text/html"}, PLEXCTL_FAILED, "HTTP 200"},
    {{.http = 200, .body = "  <html></html>", .content_type = "text/html"}, PLEXCTL_FAILED, "HTTP 200"},
    {{.http = 200, .body = ""}, PLEXCTL_FAILED, "malformed device-code response"},
    {{.http = 200, .body = "[]"}, PLEXCTL_FAILED, "malformed device-code response"},
    {{.http = 200, .body = "{\"device_code\":\"" DEVICE_CODE "\","}, PLEXCTL_FAILED, "malformed device-code response"},
    {{.http = 200, .body = "{\"device_code\":\"" DEVICE_CODE "\"}"}, PLEXCTL_FAILED, "malformed device-code response"},
    {{.http = 200, .body = CODE_BODY(0, 600)}, PLEXCTL_FAILED, "malformed device-code response: `interval`"},
    {{.status = PLEXCTL_UNREACHABLE}, PLEXCTL_UNREACHABLE, "device-code request: cannot connect"},
    {{.status = PLEXCTL_FAILED, .body = "certificate"}, PLEXCTL_FAILED, "device-code request: certificate"},
    {{.status = PLEXCTL_CANCELLED}, PLEXCTL_CANCELLED, ""},
};

START_TEST(login_run_code_fault_ends_at_once)
{
    int64_t started_ms = fake.now_ms;

    plexctl_status status = run(&code_faults[_i].reply, 1);
    ck_assert_msg(status == code_faults[_i].status, "row %d: %d %s", _i, (int)status, fake.failure.text);
    ck_assert_msg(strstr(fake.failure.text, code_faults[_i].says), "row %d: %s", _i, fake.failure.text);
    ck_assert_str_eq(buf_text(&fake.out), "");
    ck_assert_uint_eq(fake.request_count, 1);
    ck_assert_int_eq(fake.now_ms, started_ms);
    ck_assert_uint_eq(fake.save_count, 0);
}
END_TEST

#define X20 "xxxxxxxxxxxxxxxxxxxx"
#define X100 X20 X20 X20 X20 X20

/* Replies to a poll that end the login at once. */
static const struct {
    struct fake_reply reply;
    plexctl_status status;
    const char *says;
} poll_faults[] = {
    {{.http = 400, .body = PROBLEM("access_denied")}, PLEXCTL_FAILED, "the login was denied in the browser: HTTP 400"},
    {{.http = 400, .body = PROBLEM("expired_token")}, PLEXCTL_FAILED, EXPIRED},
    {{.http = 400, .body = PROBLEM("invalid_grant")}, PLEXCTL_FAILED, "not accepted any more"},
    {{.http = 400, .body = PROBLEM("unsupported_grant_type")}, PLEXCTL_FAILED, "unsupported_grant_type"},
    {{.http = 400, .body = "not JSON"}, PLEXCTL_FAILED, "device-token request: HTTP 400"},
    {{.http = 401, .body = "{}"}, PLEXCTL_FAILED, "HTTP 401"},
    {{.http = 404, .body = "<html>"}, PLEXCTL_FAILED, "HTTP 404"},
    {{.http = 403, .body = PROBLEM("access_denied")}, PLEXCTL_DENIED, "the login was refused: HTTP 403"},
    {{.http = 301, .body = ""}, PLEXCTL_FAILED, "HTTP 301"},
    {{.http = 200, .body = ""}, PLEXCTL_FAILED, "malformed device-token response"},
    {{.http = 204, .body = ""}, PLEXCTL_FAILED, "malformed device-token response"},
    {{.http = 200, .body = "{}"}, PLEXCTL_FAILED, "malformed device-token response: `access_token`"},
    {{.http = 200, .body = PROBLEM("authorization_pending")}, PLEXCTL_FAILED, "malformed device-token response"},
    {{.http = 200, .body = "{\"access_token\":\"" ACCESS_TOKEN "\",\"token_type\":\"mac\",\"expires_in\":1}"},
     PLEXCTL_FAILED,
     "`token_type`"},
    {{.http = 200, .body = "{\"access_token\":\"" ACCESS_TOKEN}, PLEXCTL_FAILED, "malformed device-token response"},
    {{.http = 200, .body = "<html>", .content_type = "text/html"}, PLEXCTL_FAILED, "HTTP 200"},
    {{.status = PLEXCTL_FAILED, .body = "certificate"}, PLEXCTL_FAILED, "device-token request: certificate"},
    {{.status = PLEXCTL_CANCELLED}, PLEXCTL_CANCELLED, ""},
    {{.status = PLEXCTL_NO_MEMORY}, PLEXCTL_NO_MEMORY, ""},
    {{.status = PLEXCTL_DENIED}, PLEXCTL_DENIED, ""},
    {{.http = 400, .body = "{\"code\":\"invalid_grant\",\"detail\":\"" DEVICE_CODE " is unknown\"}"},
     PLEXCTL_FAILED,
     "*** is unknown"},
    /* 300 bytes before it: what is shown of them is cut at 256 */
    {{.http = 400, .body = "{\"code\":\"c\",\"detail\":\"" X100 X100 X100 DEVICE_CODE "\"}"},
     PLEXCTL_FAILED,
     "HTTP 400"},
    /* cut within it */
    {{.http = 400, .body = "{\"code\":\"c\",\"detail\":\"" X100 X100 "canary-device-code\"}"},
     PLEXCTL_FAILED,
     "HTTP 400"},
};

START_TEST(login_run_poll_fault_ends_at_once)
{
    const struct fake_reply replies[] = {CODE, PENDING, poll_faults[_i].reply};

    plexctl_status status = RUN(replies);
    ck_assert_msg(status == poll_faults[_i].status, "row %d: %d %s", _i, (int)status, fake.failure.text);
    ck_assert_msg(strstr(fake.failure.text, poll_faults[_i].says), "row %d: %s", _i, fake.failure.text);
    ck_assert_str_eq(buf_text(&fake.out), prompt);
    ck_assert(guard_finds(&fake.guard, DEVICE_CODE));
    ck_assert_uint_eq(fake.request_count, 3);
    ck_assert_uint_eq(fake.warning_count, 0);
    ck_assert_uint_eq(fake.save_count, 0);
}
END_TEST

START_TEST(login_run_warning_repeats_no_device_code)
{
    static const struct fake_reply replies[] = {
        CODE, {.http = 500, .body = "{\"detail\":\"cannot look up " DEVICE_CODE "\"}"}, TOKEN};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_ptr_nonnull(strstr(buf_text(&fake.err), "HTTP 500"));
}
END_TEST

#define MAYBE_USED "a reply was lost before, so the approval may have been used"
#define GONE "the device code is not accepted any more: HTTP 400: " PROBLEM("invalid_grant")
#define RESTART "; restart with `plexctl login`"
#define INVALID_GRANT \
    { \
        .http = 400, .body = PROBLEM("invalid_grant") \
    }
#define EXPIRED_TOKEN \
    { \
        .http = 400, .body = PROBLEM("expired_token") \
    }

/* How a login ends after trouble with a poll: what the server has since said of the grant decides. */
static const struct lost_row {
    struct fake_reply replies[3]; /* behind the code's; the last ends the login */
    bool is_never_sent;
    const char *says;
} lost_rows[] = {
    {{PENDING, LOST, INVALID_GRANT}, false, GONE "; " MAYBE_USED RESTART},
    {{LOST, PENDING, INVALID_GRANT}, false, GONE RESTART},
    {{LOST, SLOW_DOWN, INVALID_GRANT}, false, GONE RESTART},
    {{LOST, {.http = 503, .body = ""}, INVALID_GRANT}, false, GONE "; " MAYBE_USED RESTART},
    {{PENDING, LOST, INVALID_GRANT}, true, GONE RESTART},
    {{PENDING, {.http = 504, .body = ""}, INVALID_GRANT}, false, GONE "; " MAYBE_USED RESTART},
    {{PENDING, {.http = 502, .body = ""}, INVALID_GRANT}, false, GONE "; " MAYBE_USED RESTART},
    {{PENDING, {.http = 503, .body = ""}, INVALID_GRANT}, false, GONE RESTART},
    {{PENDING, LOST, EXPIRED_TOKEN}, false, EXPIRED " (" MAYBE_USED ")"},
    {{PENDING, LOST, EXPIRED_TOKEN}, true, EXPIRED},
    {{LOST, PENDING, EXPIRED_TOKEN}, false, EXPIRED},
    {{PENDING, PENDING, {.http = 200, .body = "{\"access_token\":\""}},
     false,
     "HTTP 200: malformed device-token response: line 1, column 18: the string has no closing quote; the approval may "
     "have "
     "been "
     "used, so restart with `plexctl login`"},
};

START_TEST(login_run_lost_approval_is_said)
{
    const struct lost_row *row = &lost_rows[_i];
    const struct fake_reply replies[] = {CODE, row->replies[0], row->replies[1], row->replies[2]};

    fake.is_never_sent = row->is_never_sent;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_str_eq(fake.failure.text, row->says);
}
END_TEST

START_TEST(login_run_unwritable_prompt_ends_before_polls)
{
    static const struct fake_reply replies[] = {CODE};

    fake.line_fails_at = (size_t)_i;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_uint_eq(fake.request_count, 1);
}
END_TEST

START_TEST(login_run_unwritable_summary_says_saved)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    fake.format = _i;
    fake.line_fails_at = 9;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_uint_eq(fake.save_count, 1);
    ck_assert_str_eq(fake.failure.text, "saved, but cannot write to standard output");
}
END_TEST

START_TEST(login_run_without_memory_fails_cleanly)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    fake.format = PLEXCTL_OUTPUT_JSON;
    fake.builder_fails_at = (size_t)_i;
    ck_assert_int_eq(RUN(replies), PLEXCTL_NO_MEMORY);
    ck_assert_ptr_nonnull(strstr(fake.failure.text, "out of memory"));
    ck_assert_uint_eq(fake.save_count, _i == 3);
}
END_TEST

START_TEST(login_run_parse_without_memory_is_no_malformed_reply)
{
    static const struct fake_reply replies[] = {CODE};

    fake.parse_fails_memory = true;
    ck_assert_int_eq(RUN(replies), PLEXCTL_NO_MEMORY);
    ck_assert_ptr_null(strstr(fake.failure.text, "malformed"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login/faults");
    TCase *tests = tcase_create("run");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, login_run_code_fault_ends_at_once, 0, ROWS(code_faults));
    tcase_add_loop_test(tests, login_run_poll_fault_ends_at_once, 0, ROWS(poll_faults));
    tcase_add_test(tests, login_run_warning_repeats_no_device_code);
    tcase_add_loop_test(tests, login_run_lost_approval_is_said, 0, ROWS(lost_rows));
    tcase_add_loop_test(tests, login_run_unwritable_prompt_ends_before_polls, 1, 9);
    tcase_add_loop_test(tests, login_run_unwritable_summary_says_saved, PLEXCTL_OUTPUT_TABLE, PLEXCTL_OUTPUT_YAML + 1);
    tcase_add_loop_test(tests, login_run_without_memory_fails_cleanly, 1, 4);
    tcase_add_test(tests, login_run_parse_without_memory_is_no_malformed_reply);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
