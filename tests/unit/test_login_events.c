/* SPDX-License-Identifier: Apache-2.0
 *
 * --events: what another program is told, line by line.
 */
#include "unit.h"

#include "login_script.h"

static const struct fake_value listening[] = {{"domain-id", DOMAIN_ID},
                                              {"idp-binding-id", BINDING_ID},
                                              {"profile-name", "staging"},
                                              {"events", "fd:3"},
                                              {NULL, NULL}};

#define LINE(event, more) \
    "{\"version\":1,\"event\":\"" event "\",\"time\":\"2026-11-24T12:00:00Z\",\"profile\":\"staging\"" more "}\n"
#define PROMPTED \
    LINE("prompt", ",\"server\":\"https://cp.example.com\",\"verification_uri\":\"https://cp.example.com/device\"," \
                   "\"user_code\":\"ABCD-2345\"," \
                   "\"verification_uri_complete\":\"https://cp.example.com/device?user_code=ABCD-2345\"," \
                   "\"expires_at\":\"2026-11-24T12:10:00Z\",\"interval\":5")

START_TEST(login_events_tell_each_step)
{
    static const struct fake_reply replies[] = {
        CODE, PENDING, SLOW_DOWN, LOST, {.http = 503, .body = "", .retry_after_s = 100}, TOKEN};

    fake.values = listening;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(fake.events_target, "fd:3");
    ck_assert_str_eq(buf_text(&fake.events),
                     PROMPTED LINE("poll", ",\"outcome\":\"authorization_pending\",\"next_poll_in\":5")
                         LINE("slow_down", ",\"interval\":10,\"next_poll_in\":10")
                             LINE("retry", ",\"why\":\"no whole reply\",\"next_poll_in\":20")
                                 LINE("retry", ",\"why\":\"HTTP 503\",\"next_poll_in\":100")
                                     LINE("approved", ",\"expires_in\":3600")
                                         LINE("saved", ",\"server\":\"https://cp.example.com\""));
    ck_assert(guard_finds(&fake.guard, ACCESS_TOKEN));
}
END_TEST

START_TEST(login_events_end_with_the_failure)
{
    static const struct fake_reply replies[] = {CODE, {.http = 403, .body = PROBLEM("forbidden")}};

    fake.values = listening;
    ck_assert_int_eq(RUN(replies), PLEXCTL_DENIED);
    const char *last = strstr(buf_text(&fake.events), "\n{") + 1;
    ck_assert_msg(strstr(last, "\"event\":\"failed\"") &&
                      strstr(last, "\"reason\":\"forbidden\",\"exit_code\":4,\"http_status\":403") &&
                      strstr(last, "\"message\":\"the login was refused: HTTP 403"),
                  "%s", last);
}
END_TEST

#define FAILED_WITH(reason, more) "\"event\":\"failed\"", "\"reason\":\"" reason "\"" more ",\"message\":"

static const struct {
    struct fake_reply reply;
    plexctl_status save_status;
    const char *event, *tells;
} failures[] = {
    {{.http = 400, .body = PROBLEM("access_denied")},
     0,
     FAILED_WITH("access_denied", ",\"exit_code\":1,\"http_status\":400")},
    {{.http = 400, .body = PROBLEM("expired_token")},
     0,
     FAILED_WITH("expired_token", ",\"exit_code\":1,\"http_status\":400")},
    {{.http = 400, .body = PROBLEM("invalid_grant")},
     0,
     FAILED_WITH("invalid_grant", ",\"exit_code\":1,\"http_status\":400")},
    {{.http = 404, .body = "<html>"}, 0, FAILED_WITH("failed", ",\"exit_code\":1,\"http_status\":404")},
    {{.http = 200, .body = "<html>"}, 0, FAILED_WITH("malformed", ",\"exit_code\":1,\"http_status\":200")},
    {{.status = PLEXCTL_CANCELLED, .body = "x"}, 0, FAILED_WITH("cancelled", "")},
    {{.status = PLEXCTL_FAILED, .body = "certificate"}, 0, FAILED_WITH("failed", ",\"exit_code\":1")},
    {TOKEN, PLEXCTL_NO_MEMORY, FAILED_WITH("save_failed", ",\"exit_code\":1")},
};

START_TEST(login_events_reason_is_what_a_program_asks_for)
{
    const struct fake_reply replies[] = {CODE, failures[_i].reply};

    fake.values = listening;
    fake.save_status = failures[_i].save_status;
    ck_assert_int_ne(RUN(replies), PLEXCTL_OK);
    ck_assert_msg(strstr(buf_text(&fake.events), failures[_i].event) &&
                      strstr(buf_text(&fake.events), failures[_i].tells),
                  "%s", buf_text(&fake.events));
}
END_TEST

START_TEST(login_events_tell_a_usage_fault)
{
    static const struct fake_value given[] = {
        {"resume", "true"}, {"again", "true"}, {"events", "fd:3"}, {"profile-name", "staging"}, {NULL, NULL}};

    fake.values = given;
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_USAGE);
    ck_assert_ptr_nonnull(strstr(buf_text(&fake.events), "\"reason\":\"usage\",\"exit_code\":2,"));
}
END_TEST

START_TEST(login_events_tell_that_there_is_no_server)
{
    fake.values = listening;
    fake.prepare_status = PLEXCTL_NO_SERVER;
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_NO_SERVER);
    ck_assert_ptr_nonnull(strstr(buf_text(&fake.events), "\"reason\":\"no_server\",\"exit_code\":3,"));
}
END_TEST

START_TEST(login_events_without_memory_cost_no_login)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    fake.values = listening;
    fake.builder_fails_at = 4; /* behind both requests and the prompt's event, which come first */
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.save_count, 1);
}
END_TEST

START_TEST(login_events_without_memory_hide_no_failure)
{
    static const struct fake_reply replies[] = {CODE, {.http = 403, .body = PROBLEM("forbidden")}};

    fake.values = listening;
    fake.builder_fails_at = 4;
    ck_assert_int_eq(RUN(replies), PLEXCTL_DENIED);
    ck_assert_ptr_nonnull(strstr(fake.failure.text, "the login was refused: HTTP 403"));
}
END_TEST

START_TEST(login_events_unfit_target_sends_nothing)
{
    fake.values = listening;
    fake.events_open_status = PLEXCTL_USAGE;
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_USAGE);
    ck_assert_str_eq(fake.failure.text, "--events: that cannot be written");
    ck_assert_uint_eq(fake.prepare_count, 0);
}
END_TEST

START_TEST(login_events_of_a_pending_and_a_valid_login)
{
    static const struct fake_value no_wait[] = {{"domain-id", DOMAIN_ID},    {"idp-binding-id", BINDING_ID},
                                                {"profile-name", "staging"}, {"events", "fd:3"},
                                                {"no-wait", "true"},         {NULL, NULL}};
    static const struct fake_value valid[] = {
        {"again", "true"}, {"events", "fd:3"}, {"if-expiring", "1"}, {NULL, NULL}};
    static const struct fake_reply replies[] = {CODE};

    fake.values = no_wait;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.events), PROMPTED LINE("pending", ",\"expires_at\":\"2026-11-24T12:10:00Z\""));
    tear_down();
    set_up();
    fake.values = valid;
    fake.profiles = "{\"name\":\"staging\",\"server\":\"https://cp.example.com\",\"token\":\"t\",\"expires_at\":"
                    "\"2026-11-24T13:00:00Z\",\"domain_id\":\"" DOMAIN_ID "\",\"idp_binding_id\":\"" BINDING_ID "\"}";
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.events), LINE("valid", ",\"expires_at\":\"2026-11-24T13:00:00Z\""));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login/events");
    TCase *tests = tcase_create("run");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, login_events_tell_each_step);
    tcase_add_test(tests, login_events_end_with_the_failure);
    tcase_add_loop_test(tests, login_events_reason_is_what_a_program_asks_for, 0, ROWS(failures));
    tcase_add_test(tests, login_events_tell_a_usage_fault);
    tcase_add_test(tests, login_events_tell_that_there_is_no_server);
    tcase_add_test(tests, login_events_without_memory_cost_no_login);
    tcase_add_test(tests, login_events_without_memory_hide_no_failure);
    tcase_add_test(tests, login_events_unfit_target_sends_nothing);
    tcase_add_test(tests, login_events_of_a_pending_and_a_valid_login);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
