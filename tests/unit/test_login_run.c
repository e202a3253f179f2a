/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "login_script.h"

static void check_poll_times(const int64_t *after_code_ms, size_t count)
{
    ck_assert_uint_eq(fake.request_count, count + 1);
    for (size_t i = 0; i < count; i++)
        ck_assert_int_eq(fake.requests[i + 1].sent_ms - fake.requests[0].received_ms, after_code_ms[i]);
}

START_TEST(login_run_approved_saves_and_says_so)
{
    static const struct fake_reply replies[] = {{.http = 200, .body = CODE_BODY(5, 600), .takes_ms = 700},
                                                {.http = 400, .body = PROBLEM("authorization_pending"), .takes_ms = 40},
                                                TOKEN};
    static const int64_t polls_ms[] = {5000, 10040};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    check_poll_times(polls_ms, 2);
    ck_assert_uint_eq(fake.save_count, 1);
    ck_assert_str_eq(fake.saved_profile, "staging");
    ck_assert_str_eq(fake.saved_token, ACCESS_TOKEN);
    ck_assert_str_eq(fake.saved_token_type, "Bearer");
    ck_assert_str_eq(fake.saved_domain_id, DOMAIN_ID);
    ck_assert_str_eq(fake.saved_idp_binding_id, BINDING_ID);
    ck_assert_int_eq(fake.saved_expires_in_s, 3600);
    ck_assert_uint_eq(fake.out.len, strlen(prompt) + strlen("Logged in. Saved profile \"staging\".\n"));
    ck_assert_int_eq(strncmp(buf_text(&fake.out), prompt, strlen(prompt)), 0);
    ck_assert_str_eq(buf_text(&fake.out) + strlen(prompt), "Logged in. Saved profile \"staging\".\n");
    ck_assert_str_eq(buf_text(&fake.err), "");
}
END_TEST

START_TEST(login_run_requests_follow_contract)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(fake.requests[0].method, "POST");
    ck_assert_str_eq(fake.requests[0].path, "/v1/auth/device-code");
    ck_assert_str_eq(fake.requests[0].body, "{\"domain_id\":\"" DOMAIN_ID "\",\"idp_binding_id\":\"" BINDING_ID "\"}");
    ck_assert_str_eq(fake.requests[1].method, "POST");
    ck_assert_str_eq(fake.requests[1].path, "/v1/auth/device-token");
    ck_assert_str_eq(fake.requests[1].body, "{\"device_code\":\"" DEVICE_CODE "\"}");
    for (size_t i = 0; i < 2; i++)
        ck_assert_uint_eq(fake.requests[i].flags, 0);
    ck_assert_int_eq(fake.requests[1].timeout_ms, 30000);
}
END_TEST

START_TEST(login_run_structured_prompts_then_emits_summary)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    fake.format = _i;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_int_eq(strncmp(buf_text(&fake.out), prompt, strlen(prompt)), 0);
    ck_assert_str_eq(buf_text(&fake.out) + strlen(prompt),
                     "{\"profile\":\"staging\",\"server\":\"https://cp.example.com\",\"token_type\":\"Bearer\","
                     "\"expires_in\":3600,\"has_token\":true}\n");
}
END_TEST

START_TEST(login_run_prompt_leaves_unsafe_link_out)
{
    static const struct fake_reply replies[] = {
        {.http = 200,
         .body = "{\"device_code\":\"" DEVICE_CODE "\",\"user_code\":\"ABCD-2345\",\"verification_uri\":"
                 "\"https://cp.example.com/device\",\"verification_uri_complete\":"
                 "\"https://evil.example.com/?user_code=ABCD-2345\",\"expires_in\":119}"},
        TOKEN};
    static const int64_t polls_ms[] = {5000};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    check_poll_times(polls_ms, 1);
    ck_assert_ptr_null(strstr(buf_text(&fake.out), "evil"));
    ck_assert_ptr_null(strstr(buf_text(&fake.out), "carries"));
    ck_assert_ptr_nonnull(strstr(buf_text(&fake.out), "The code expires in 119 seconds, at 12:01:59 UTC.\n"));
}
END_TEST

START_TEST(login_run_prompt_shows_local_time)
{
    static const struct fake_reply replies[] = {{.http = 200, .body = CODE_BODY(1, 86400)}, TOKEN};

    ck_assert_int_eq(setenv("TZ", "CET-1", 1), 0);
    tzset();
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_ptr_nonnull(
        strstr(buf_text(&fake.out), "The code expires in 1440 minutes, at 13:00:00 CET (12:00:00 UTC).\n"));
}
END_TEST

START_TEST(login_run_slow_down_lengthens_every_later_wait)
{
    static const struct fake_reply replies[] = {CODE, SLOW_DOWN, PENDING, SLOW_DOWN, TOKEN};
    static const int64_t polls_ms[] = {5000, 15000, 25000, 40000};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    check_poll_times(polls_ms, 4);
    ck_assert_uint_eq(fake.warning_count, 0);
}
END_TEST

START_TEST(login_run_trouble_is_said_once_and_survived)
{
    static const struct fake_reply replies[] = {CODE,
                                                LOST,
                                                {.http = 503, .body = "<html>", .retry_after_s = 30},
                                                {.http = 429, .body = PROBLEM("too_many")},
                                                PENDING,
                                                {.http = 502, .body = ""},
                                                LOST,
                                                TOKEN};
    static const int64_t polls_ms[] = {5000, 15000, 45000, 85000, 90000, 100000, 120000};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    check_poll_times(polls_ms, 7);
    ck_assert_str_eq(buf_text(&fake.err), "connection reset; plexctl goes on asking until the code expires\n"
                                          "HTTP 502: ; plexctl goes on asking until the code expires\n");
}
END_TEST

/* What is to be done about it is for an error that ends the login. */
START_TEST(login_run_trouble_gives_no_advice)
{
    static const struct fake_reply replies[] = {
        CODE, {.status = PLEXCTL_UNREACHABLE, .body = "connecting to x: refused; by it", .advice = "check it"}, TOKEN};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.err),
                     "connecting to x: refused; by it; plexctl goes on asking until the code expires\n");
}
END_TEST

START_TEST(login_run_traces_waits)
{
    static const struct fake_reply replies[] = {{.http = 200, .body = CODE_BODY(5, 60)},
                                                PENDING,
                                                SLOW_DOWN,
                                                LOST,
                                                {.http = 503, .body = "", .retry_after_s = 30},
                                                {.http = 200, .takes_ms = 30000}};

    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_str_eq(buf_text(&fake.trace), "waiting 5000 ms before the next poll: the interval is 5 s\n"
                                            "waiting 5000 ms before the next poll: authorization_pending, the "
                                            "interval is 5 s\n"
                                            "waiting 10000 ms before the next poll: slow_down, the interval is 10 s\n"
                                            "waiting 20000 ms before the next poll: no whole reply, retry 1\n"
                                            "waiting 19000 ms before the next poll: HTTP 503, Retry-After 30 s, "
                                            "retry 2\n");
}
END_TEST

START_TEST(login_run_oauth_error_counts_as_code)
{
    static const struct fake_reply replies[] = {
        CODE, {.http = 400, .body = "{\"error\":\"authorization_pending\"}"}, TOKEN};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
}
END_TEST

START_TEST(login_run_unapproved_expires_at_deadline)
{
    static const struct fake_reply replies[] = {{.http = 200, .body = CODE_BODY(5, 21)}, PENDING};
    static const int64_t polls_ms[] = {5000, 10000, 15000, 20000};

    fake.is_last_repeated = true;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    check_poll_times(polls_ms, 4);
    ck_assert_int_eq(fake.requests[4].timeout_ms, 1000);
    ck_assert_int_eq(fake.now_ms - fake.requests[0].received_ms, 21000);
    ck_assert_str_eq(fake.failure.text, EXPIRED);
    ck_assert_uint_eq(fake.save_count, 0);
}
END_TEST

START_TEST(login_run_stalled_poll_never_passes_deadline)
{
    static const struct fake_reply replies[] = {{.http = 200, .body = CODE_BODY(5, 60)},
                                                {.http = 200, .takes_ms = 3600000}};

    fake.is_last_repeated = true;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_int_eq(fake.now_ms - fake.requests[0].received_ms, 60000);
    ck_assert_str_eq(fake.failure.text, EXPIRED " (a reply was lost before, so the approval may have been used)");
    ck_assert_uint_eq(fake.warning_count, 1);
}
END_TEST

START_TEST(login_run_suspended_past_deadline_polls_no_more)
{
    static const struct fake_reply replies[] = {CODE};

    fake.oversleep_ms = 86400000;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_uint_eq(fake.request_count, 1);
    ck_assert_str_eq(fake.failure.text, EXPIRED);
}
END_TEST

START_TEST(login_run_first_poll_is_later_by_the_jitter)
{
    static const struct fake_reply replies[] = {CODE, PENDING, PENDING, TOKEN};
    static const int64_t polls_ms[] = {6234, 11234, 16234};

    jitter_ms = 1234;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    check_poll_times(polls_ms, 3);
}
END_TEST

/* Persons do not all begin in the same moment, and wait for it. */
START_TEST(login_run_first_poll_has_no_jitter_on_a_terminal)
{
    static const struct fake_reply replies[] = {CODE, PENDING, TOKEN};
    static const int64_t polls_ms[] = {5000, 10000};

    jitter_ms = 1234;
    fake.is_terminal = true;
    fake.format = PLEXCTL_OUTPUT_JSON; /* asks for no identity */
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    check_poll_times(polls_ms, 2);
}
END_TEST

START_TEST(login_run_wall_clock_jump_changes_nothing)
{
    static const struct fake_reply replies[] = {CODE, PENDING, TOKEN};
    static const int64_t polls_ms[] = {5000, 10000};

    fake.unix_s += INT64_C(31536000);
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    check_poll_times(polls_ms, 2);
}
END_TEST

START_TEST(login_run_signal_while_waiting_cancels)
{
    static const struct fake_reply replies[] = {CODE, PENDING};

    fake.is_last_repeated = true;
    fake.cancel_at_ms = fake.now_ms + 12345;
    ck_assert_int_eq(RUN(replies), PLEXCTL_CANCELLED);
    ck_assert_uint_eq(fake.request_count, 3);
    ck_assert_uint_eq(fake.save_count, 0);
}
END_TEST

START_TEST(login_run_long_wait_hands_every_tree_back)
{
    static const struct fake_reply replies[] = {{.http = 200, .body = CODE_BODY(5, 2400)}, PENDING};

    fake.is_last_repeated = true;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_uint_gt(fake.request_count, 400);
    ck_assert_uint_le(fake.most_roots, 3);
    ck_assert_uint_eq(fake.root_count, 0);
}
END_TEST

START_TEST(login_record_matches_specification)
{
    const struct plexctl_command *login = plexctl_plugin_v1()->command;

    ck_assert_str_eq(login->name, "login");
    ck_assert_uint_eq(login->needs, PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_CREDENTIALS | PLEXCTL_NEEDS_LATER);
    ck_assert_uint_eq(login->inert, PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_YES | PLEXCTL_INERT_REVEAL_SECRETS);
    ck_assert_uint_ge(login->flags.count, 3); /* those of the specification come first */
    ck_assert_str_eq(login->flags.rows[0].name, "domain-id");
    ck_assert_int_eq(login->flags.rows[0].type, PLEXCTL_UUID);
    ck_assert_uint_eq(login->flags.rows[0].attributes, PLEXCTL_REQUIRED);
    ck_assert_str_eq(login->flags.rows[1].name, "idp-binding-id");
    ck_assert_int_eq(login->flags.rows[1].type, PLEXCTL_UUID);
    ck_assert_uint_eq(login->flags.rows[1].attributes, PLEXCTL_REQUIRED);
    ck_assert_str_eq(login->flags.rows[2].name, "profile-name");
    ck_assert_int_eq(login->flags.rows[2].type, PLEXCTL_PROFILE);
    ck_assert_str_eq(login->flags.rows[2].default_value, "default");
    for (uint32_t i = 3; i < login->flags.count; i++) /* what we have beside those is for who wants it */
        ck_assert_uint_eq(login->flags.rows[i].attributes & PLEXCTL_REQUIRED, 0);
    ck_assert_uint_eq(login->arguments.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login");
    TCase *tests = tcase_create("run");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, login_run_approved_saves_and_says_so);
    tcase_add_test(tests, login_run_requests_follow_contract);
    tcase_add_loop_test(tests, login_run_structured_prompts_then_emits_summary, PLEXCTL_OUTPUT_JSON,
                        PLEXCTL_OUTPUT_YAML + 1);
    tcase_add_test(tests, login_run_prompt_leaves_unsafe_link_out);
    tcase_add_test(tests, login_run_prompt_shows_local_time);
    tcase_add_test(tests, login_run_slow_down_lengthens_every_later_wait);
    tcase_add_test(tests, login_run_trouble_is_said_once_and_survived);
    tcase_add_test(tests, login_run_trouble_gives_no_advice);
    tcase_add_test(tests, login_run_traces_waits);
    tcase_add_test(tests, login_run_oauth_error_counts_as_code);
    tcase_add_test(tests, login_run_unapproved_expires_at_deadline);
    tcase_add_test(tests, login_run_stalled_poll_never_passes_deadline);
    tcase_add_test(tests, login_run_suspended_past_deadline_polls_no_more);
    tcase_add_test(tests, login_run_first_poll_is_later_by_the_jitter);
    tcase_add_test(tests, login_run_first_poll_has_no_jitter_on_a_terminal);
    tcase_add_test(tests, login_run_wall_clock_jump_changes_nothing);
    tcase_add_test(tests, login_run_signal_while_waiting_cancels);
    tcase_add_test(tests, login_run_long_wait_hands_every_tree_back);
    tcase_add_test(tests, login_record_matches_specification);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
