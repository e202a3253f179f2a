/* SPDX-License-Identifier: Apache-2.0
 *
 * --resume: which pending login it takes, what it takes from it, and what becomes of one that is not resumed.
 */
#include "login_pending.h"
#include "unit.h"

static const struct fake_value named_values[] = {{"profile-name", "ci"}, {"resume", "true"}, {NULL, NULL}};

/* A profile that has the ids makes it shorter; and those that are pending are named. */
START_TEST(login_resume_without_a_pending_login_says_what_there_is)
{
    keep(AT_BEGIN(0));
    fake.values = named_values;
    fake.profiles = "{\"domain_id\":\"" DOMAIN_ID "\",\"idp_binding_id\":\"" BINDING_ID "\"}";
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(fake.failure.text,
                                 "begin one with `plexctl login --again --no-wait --profile-name ci`; "
                                 "with --profile-name, one is pending for staging"));
}
END_TEST

/* --profile-name, else --profile, else the only one. */
static const struct {
    const char *named, *given;
    plexctl_status status;
} choices[] = {
    {"staging", "other", PLEXCTL_OK},     {NULL, "staging", PLEXCTL_OK},   {NULL, NULL, PLEXCTL_OK},
    {"other", "staging", PLEXCTL_FAILED}, {NULL, "other", PLEXCTL_FAILED},
};

START_TEST(login_resume_chooses_the_pending_login)
{
    static const struct fake_reply replies[] = {TOKEN};
    const struct fake_value given[] = {
        {"resume", "true"}, {"profile-name", choices[_i].named}, {"profile", choices[_i].given}, {NULL, NULL}};

    keep(AT_BEGIN(0));
    fake.values = given;
    ck_assert_int_eq(RUN(replies), choices[_i].status);
    if (choices[_i].status == PLEXCTL_OK)
        ck_assert_str_eq(fake.saved_profile, "staging");
}
END_TEST

START_TEST(login_pending_remembers_set_default)
{
    static const struct fake_value given[] = {{"domain-id", DOMAIN_ID},    {"idp-binding-id", BINDING_ID},
                                              {"profile-name", "staging"}, {"no-wait", "true"},
                                              {"set-default", "true"},     {NULL, NULL}};
    static const struct fake_reply begun[] = {CODE}, replies[] = {TOKEN};

    fake.values = given;
    ck_assert_int_eq(RUN(begun), PLEXCTL_OK);
    char *pending = strdup(fake.state);
    tear_down();
    set_up();
    keep(pending);
    free(pending);
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.saved_flags, PLEXCTL_CREDENTIAL_DEFAULT);
}
END_TEST

START_TEST(login_resume_keeps_to_retry_after)
{
    static const struct fake_reply busy[] = {{.http = 429, .body = "", .retry_after_s = 100}}, replies[] = {TOKEN};

    keep(AT_BEGIN(0));
    fake.cancel_at_ms = fake.now_ms + 16000;
    ck_assert_int_eq(RUN(busy), PLEXCTL_CANCELLED);
    ck_assert_int_eq(kept_number("not_before"), fake.unix_s + 100);
    char *pending = strdup(fake.state);
    tear_down();
    set_up();
    keep(pending);
    free(pending);
    fake.unix_s += 30; /* a clock that was set back would gain nothing either */
    int64_t wanted_ms = fake.now_ms + (kept_number("not_before") - fake.unix_s) * 1000;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_int_eq(fake.requests[0].sent_ms, wanted_ms);
}
END_TEST

/* By a clock that was set back before 1970 the wait goes on from when it was last looked at. */
START_TEST(login_resume_keeps_to_retry_after_whatever_the_clock_says)
{
    static const struct fake_reply busy[] = {{.http = 429, .body = "", .retry_after_s = 100}}, replies[] = {TOKEN};

    keep(AT_BEGIN(0));
    int64_t seen_s = fake.unix_s;
    fake.unix_s = -31536000;
    fake.cancel_at_ms = fake.now_ms + 16000;
    ck_assert_int_eq(RUN(busy), PLEXCTL_CANCELLED);
    ck_assert_int_eq(kept_number("not_before"), seen_s + 100);
    char *pending = strdup(fake.state);
    tear_down();
    set_up();
    keep(pending);
    free(pending);
    fake.unix_s = -31536000;
    int64_t wanted_ms = fake.now_ms + 100000;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_int_eq(fake.requests[0].sent_ms, wanted_ms);
}
END_TEST

/* Whose end it would be to be approved in vain. */
START_TEST(login_done_gives_up_what_is_pending)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    keep(AT_BEGIN(0));
    fake.values = values;
    fake.hold_status = _i ? PLEXCTL_UNREACHABLE : PLEXCTL_OK;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_int_eq(fake.state != NULL, _i);
    ck_assert_int_eq(strstr(buf_text(&fake.err), "pending for profile \"staging\" is given up") == NULL, _i);
}
END_TEST

START_TEST(login_resume_bad_server_is_said_to_be_the_pending_logins)
{
    keep("{\"server\":\"ftp://x\",\"domain_id\":\"" DOMAIN_ID "\",\"idp_binding_id\":\"" BINDING_ID "\"}");
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_USAGE);
    ck_assert_int_eq(strncmp(fake.failure.text, "the pending login: ", 19), 0);
    ck_assert_uint_eq(fake.prepare_count, 0);
}
END_TEST

START_TEST(login_sweeps_once)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.list_count, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login/resume");
    TCase *tests = tcase_create("run");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, login_resume_without_a_pending_login_says_what_there_is);
    tcase_add_loop_test(tests, login_resume_chooses_the_pending_login, 0, ROWS(choices));
    tcase_add_test(tests, login_pending_remembers_set_default);
    tcase_add_test(tests, login_resume_keeps_to_retry_after);
    tcase_add_test(tests, login_resume_keeps_to_retry_after_whatever_the_clock_says);
    tcase_add_loop_test(tests, login_done_gives_up_what_is_pending, 0, 2);
    tcase_add_test(tests, login_resume_bad_server_is_said_to_be_the_pending_logins);
    tcase_add_test(tests, login_sweeps_once);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
