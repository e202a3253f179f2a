/* SPDX-License-Identifier: Apache-2.0
 *
 * --no-wait and --resume: a login that goes from one process to another.
 */
#include <stdio.h>

#include "login_pending.h"
#include "unit.h"

static const struct fake_value begin_values[] = {{"domain-id", DOMAIN_ID},
                                                 {"idp-binding-id", BINDING_ID},
                                                 {"profile-name", "staging"},
                                                 {"no-wait", "true"},
                                                 {NULL, NULL}};
START_TEST(login_no_wait_keeps_the_login_and_ends)
{
    static const struct fake_reply replies[] = {CODE};

    fake.values = begin_values;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.request_count, 1);
    ck_assert_str_eq(fake.held, "staging");
    ck_assert_ptr_nonnull(strstr(fake.state, "\"device_code\":\"" DEVICE_CODE "\""));
    ck_assert_int_eq(fake.state_expires_unix_s, fake.unix_s + 600);
    ck_assert_uint_eq(fake.save_count, 0);
    ck_assert_uint_eq(fake.prepared_needs, PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_CREDENTIALS);
    ck_assert_int_eq(strncmp(buf_text(&fake.out), prompt, strlen(prompt)), 0);
    ck_assert_str_eq(buf_text(&fake.out) + strlen(prompt),
                     "Then finish the login, in any shell, with: plexctl login --resume --profile-name staging\n");
    ck_assert_str_eq(buf_text(&fake.err), "");
}
END_TEST

START_TEST(login_no_wait_emits_what_is_pending)
{
    static const struct fake_reply replies[] = {CODE};

    fake.values = begin_values;
    fake.format = PLEXCTL_OUTPUT_JSON;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.out) + strlen(prompt),
                     "{\"profile\":\"staging\",\"server\":\"https://cp.example.com\",\"user_code\":\"ABCD-2345\","
                     "\"verification_uri\":\"https://cp.example.com/device\","
                     "\"verification_uri_complete\":\"https://cp.example.com/device?user_code=ABCD-2345\","
                     "\"expires_at\":\"2026-11-24T12:10:00Z\",\"interval\":5,"
                     "\"resume\":\"plexctl login --resume --profile-name staging\"}\n");
}
END_TEST

START_TEST(login_no_wait_says_what_it_gives_up)
{
    static const struct fake_reply replies[] = {CODE};

    keep(AT_BEGIN(0));
    fake.values = begin_values;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_ptr_nonnull(strstr(buf_text(&fake.err), "is given up for this one"));
    ck_assert_ptr_null(strstr(fake.state, "old.example.com"));
}
END_TEST

START_TEST(login_no_wait_asks_nobody_where_it_cannot_keep)
{
    static const struct fake_reply replies[] = {CODE};

    fake.values = begin_values;
    fake.put_status = PLEXCTL_FAILED;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_str_eq(buf_text(&fake.out), "");
    ck_assert_ptr_nonnull(strstr(fake.failure.text, "cannot save to the state file"));
}
END_TEST

static const int64_t wrong_clocks[] = {-2147483648, -31536000, 253402300800};

START_TEST(login_no_wait_asks_nobody_where_the_clock_is_wrong)
{
    fake.values = begin_values;
    fake.unix_s = wrong_clocks[_i];
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_FAILED);
    ck_assert_str_eq(fake.failure.text, "this machine's clock is not between the years 1970 and 9999; set it");
    ck_assert_ptr_null(fake.state);
}
END_TEST

START_TEST(login_pending_held_by_another_process_ends_at_once)
{
    keep(AT_BEGIN(0));
    if (_i)
        fake.values = begin_values;
    fake.hold_status = PLEXCTL_UNREACHABLE;
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_UNREACHABLE);
    ck_assert_str_eq(fake.failure.text,
                     _i ? "another process is beginning or finishing the pending login of profile \"staging\""
                        : "another process is finishing the pending login of profile \"staging\"");
}
END_TEST

START_TEST(login_resume_finishes_and_removes)
{
    static const struct fake_reply replies[] = {PENDING, TOKEN};

    keep(AT_BEGIN(0));
    fake.unix_s += 100;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(fake.server, "https://old.example.com");
    ck_assert_int_eq(fake.requests[0].sent_ms, 1005000); /* a whole interval, whoever polled before */
    ck_assert_str_eq(fake.requests[0].body, "{\"device_code\":\"" DEVICE_CODE "\"}");
    ck_assert_str_eq(fake.saved_profile, "staging");
    ck_assert_str_eq(fake.saved_domain_id, DOMAIN_ID);
    ck_assert_str_eq(fake.saved_idp_binding_id, BINDING_ID);
    ck_assert_ptr_null(fake.state);
    ck_assert_ptr_nonnull(strstr(buf_text(&fake.out), "The code expires in 8 minutes"));
    ck_assert_ptr_nonnull(strstr(buf_text(&fake.out), "Logged in. Saved profile \"staging\".\n"));
}
END_TEST

START_TEST(login_resume_first_poll_has_no_jitter)
{
    static const struct fake_reply replies[] = {TOKEN};

    keep(AT_BEGIN(0));
    jitter_ms = 2500;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_int_eq(fake.requests[0].sent_ms, 1005000);
}
END_TEST

START_TEST(login_resume_keeps_to_the_grown_interval)
{
    static const struct fake_reply replies[] = {SLOW_DOWN, TOKEN};

    keep(AT_BEGIN(10));
    fake.save_status = PLEXCTL_OK;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_int_eq(fake.requests[0].sent_ms, 1015000);
    ck_assert_int_eq(fake.requests[1].sent_ms, 1035000);
}
END_TEST

START_TEST(login_resume_saves_a_slow_down_for_the_next)
{
    static const struct fake_reply replies[] = {SLOW_DOWN};

    keep(AT_BEGIN(10));
    fake.cancel_at_ms = fake.now_ms + 16000;
    ck_assert_int_eq(RUN(replies), PLEXCTL_CANCELLED);
    ck_assert_int_eq(kept_number("interval_added"), 15);
    ck_assert_int_eq(fake.state_expires_unix_s, fake.unix_s + 600);
}
END_TEST

/* What the wall clock says at a resume, and how much of the code's 600 s is left then. */
static const struct {
    int64_t unix_s_moved, left_s;
    bool is_seen_at_saved;
} clocks[] = {{0, 600, false}, {450, 150, true}, {-86400, 600, false}};

START_TEST(login_resume_deadline_is_the_wall_clocks)
{
    static const struct fake_reply replies[] = {PENDING};

    keep(AT_BEGIN(0));
    fake.is_last_repeated = true;
    fake.unix_s += clocks[_i].unix_s_moved;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_int_eq(fake.now_ms, 1000000 + clocks[_i].left_s * 1000);
    ck_assert_str_eq(fake.failure.text, EXPIRED);
    ck_assert_uint_eq(fake.put_count, clocks[_i].is_seen_at_saved);
    ck_assert_ptr_null(fake.state);
}
END_TEST

START_TEST(login_resume_clock_set_back_gains_nothing)
{
    static const struct fake_reply replies[] = {PENDING};

    keep(PENDING_LOGIN("\"expires_in\":600,\"interval\":5,\"interval_added\":0,\"received_at\":" UNIX_S
                       ",\"seen_at\":1795522100")); /* 100 s were left then */
    fake.is_last_repeated = true;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_int_eq(fake.now_ms, 1000000 + 100 * 1000);
}
END_TEST

/* Who is to be asked again, and who is not. */
static const struct {
    struct fake_reply reply;
    bool is_kept;
} ends[] = {
    {{.http = 400, .body = PROBLEM("access_denied")}, false},
    {{.http = 400, .body = PROBLEM("expired_token")}, false},
    {{.http = 400, .body = PROBLEM("invalid_grant")}, false},
    {{.status = PLEXCTL_FAILED, .body = "certificate"}, true},
    {{.http = 404, .body = "<html>"}, true},
    {{.status = PLEXCTL_CANCELLED}, true},
    {{.http = 403, .body = PROBLEM("forbidden")}, false},
};

START_TEST(login_resume_removes_what_is_over)
{
    keep(AT_BEGIN(0));
    ck_assert_int_ne(run(&ends[_i].reply, 1), PLEXCTL_OK);
    ck_assert_int_eq(fake.state != NULL, ends[_i].is_kept);
}
END_TEST

START_TEST(login_resume_lost_token_is_over)
{
    static const struct fake_reply replies[] = {TOKEN};

    keep(AT_BEGIN(0));
    fake.save_status = PLEXCTL_NO_MEMORY;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_ptr_null(fake.state);
    ck_assert_ptr_nonnull(strstr(fake.failure.text, "the approval was used"));
}
END_TEST

#define DATED(expires_in, received_at, seen_at) \
    PENDING_LOGIN("\"expires_in\":" expires_in ",\"interval\":5,\"received_at\":" received_at ",\"seen_at\":" seen_at)

static const char *const damages[] = {
    "{}",
    PENDING_LOGIN("\"expires_in\":600,\"interval\":0"),
    DATED("600", UNIX_S, UNIX_S ",\"interval_added\":-4"),
    DATED("600", UNIX_S, UNIX_S ",\"interval_added\":\"x\""),
    DATED("600", UNIX_S, UNIX_S ",\"interval_added\":86401"),
    PENDING_LOGIN("\"expires_in\":600,\"interval\":5,\"seen_at\":" UNIX_S),
    PENDING_LOGIN("\"expires_in\":600,\"interval\":5,\"received_at\":" UNIX_S),
    DATED("600", "\"x\"", UNIX_S),
    DATED("600", "-1", UNIX_S),
    DATED("600", "-9223372036854775808", UNIX_S),
    DATED("600", "253402300800", UNIX_S),
    DATED("600", "9223372036854775807", UNIX_S),
    DATED("600", UNIX_S, "null"),
    DATED("600", UNIX_S, "-1"),
    DATED("600", UNIX_S, "253402300800"),
    DATED("0", UNIX_S, UNIX_S),
    DATED("86401", UNIX_S, UNIX_S),
    DATED("9223372036854775807", UNIX_S, UNIX_S),
    DATED("600", UNIX_S, UNIX_S ",\"not_before\":[]"),
    DATED("600", UNIX_S, UNIX_S ",\"not_before\":-9223372036854775808"),
    DATED("600", UNIX_S, UNIX_S ",\"not_before\":253402300800"),
};

START_TEST(login_resume_of_what_is_damaged_sends_nothing)
{
    keep(damages[_i]);
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_USAGE);
    ck_assert_ptr_nonnull(strstr(fake.failure.text, "the pending login is not what plexctl keeps: "));
    ck_assert_ptr_nonnull(strstr(fake.failure.text, "; begin another with `plexctl login --no-wait --domain-id UUID "
                                                    "--idp-binding-id UUID --profile-name staging`"));
    ck_assert_str_eq(fake.state, damages[_i]);
    ck_assert_uint_eq(fake.put_count, 0);
}
END_TEST

START_TEST(login_resume_without_a_pending_login_says_how_to_begin)
{
    fake.values = resume_values;
    if (_i) /* it expired while nobody looked */
        keep(PENDING_LOGIN("\"expires_in\":600,\"interval\":5,\"received_at\":1,\"seen_at\":1"));
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_FAILED);
    ck_assert_str_eq(fake.failure.text,
                     "no login is pending for profile \"staging\", or its code has expired; begin one with `plexctl "
                     "login --no-wait --domain-id UUID --idp-binding-id UUID --profile-name staging`");
    ck_assert_ptr_null(fake.state);
}
END_TEST

/* Flags that ask for different things. */
static const struct {
    const char *flag, *other;
} contradictions[] = {{"resume", "no-wait"},        {"resume", "again"},
                      {"resume", "if-expiring"},    {"resume", "domain-id"},
                      {"resume", "idp-binding-id"}, {"list-bindings", "resume"},
                      {"list-bindings", "no-wait"}, {"list-bindings", "if-expiring"},
                      {"list-bindings", "events"},  {"list-bindings", "idp-binding-id"}};

START_TEST(login_contradicting_flags_are_usage)
{
    const struct fake_value both[] = {
        {contradictions[_i].flag, "x"}, {contradictions[_i].other, "x"}, {"profile-name", "default"}, {NULL, NULL}};
    char wanted[128];

    fake.values = both;
    (void)snprintf(wanted, sizeof wanted, "--%s and --%s exclude each other; leave one of them out",
                   contradictions[_i].flag, contradictions[_i].other);
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_USAGE);
    ck_assert_str_eq(fake.failure.text, wanted);
    ck_assert_uint_eq(fake.prepare_count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login/pending");
    TCase *tests = tcase_create("run");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, login_no_wait_keeps_the_login_and_ends);
    tcase_add_test(tests, login_no_wait_emits_what_is_pending);
    tcase_add_test(tests, login_no_wait_says_what_it_gives_up);
    tcase_add_test(tests, login_no_wait_asks_nobody_where_it_cannot_keep);
    tcase_add_loop_test(tests, login_no_wait_asks_nobody_where_the_clock_is_wrong, 0, ROWS(wrong_clocks));
    tcase_add_loop_test(tests, login_pending_held_by_another_process_ends_at_once, 0, 2);
    tcase_add_test(tests, login_resume_finishes_and_removes);
    tcase_add_test(tests, login_resume_first_poll_has_no_jitter);
    tcase_add_test(tests, login_resume_keeps_to_the_grown_interval);
    tcase_add_test(tests, login_resume_saves_a_slow_down_for_the_next);
    tcase_add_loop_test(tests, login_resume_deadline_is_the_wall_clocks, 0, ROWS(clocks));
    tcase_add_test(tests, login_resume_clock_set_back_gains_nothing);
    tcase_add_loop_test(tests, login_resume_removes_what_is_over, 0, ROWS(ends));
    tcase_add_test(tests, login_resume_lost_token_is_over);
    tcase_add_loop_test(tests, login_resume_of_what_is_damaged_sends_nothing, 0, ROWS(damages));
    tcase_add_loop_test(tests, login_resume_without_a_pending_login_says_how_to_begin, 0, 2);
    tcase_add_loop_test(tests, login_contradicting_flags_are_usage, 0, ROWS(contradictions));
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
