/* SPDX-License-Identifier: Apache-2.0
 *
 * login: the token has come, and the save of it fails.
 */
#include "unit.h"

#include "login_script.h"

#define REFUSAL "no space left; make room: `df`"
#define KEPT_NOT "the approval was used and the token was not kept"
#define TRIED(seconds) "the token could not be saved: " REFUSAL "; plexctl tries again for " #seconds " s\n"

#define TOKEN_FOR(expires_in) \
    { \
        .http = 200, \
        .body = "{\"access_token\":\"" ACCESS_TOKEN "\",\"token_type\":\"bearer\",\"expires_in\":" #expires_in "}" \
    }

static void assert_pauses(int64_t pause_ms)
{
    for (size_t i = 1; i < fake.save_count; i++)
        ck_assert_int_eq(fake.save_ms[i] - fake.save_ms[i - 1], fake.save_takes_ms + pause_ms);
}

static const struct {
    plexctl_status saved;
    size_t failures;
} passing[] = {{PLEXCTL_FAILED, 1}, {PLEXCTL_FAILED, 30}, {PLEXCTL_USAGE, 3}};

START_TEST(keep_trouble_that_passes_saves)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    fake.save_status = passing[_i].saved;
    fake.saves_that_fail = passing[_i].failures;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.save_count, passing[_i].failures + 1);
    assert_pauses(1000);
    ck_assert_str_eq(fake.saved_token, ACCESS_TOKEN);
    ck_assert_int_eq(fake.saved_expires_in_s, 3600 - (int64_t)passing[_i].failures);
    ck_assert_str_eq(buf_text(&fake.err), TRIED(30));
    ck_assert_ptr_nonnull(strstr(buf_text(&fake.out), "Logged in. Saved profile \"staging\"."));
}
END_TEST

/* Each second that has begun is gone: the date that is saved is never too late. */
START_TEST(keep_begun_second_counts_as_spent)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    fake.save_status = PLEXCTL_FAILED;
    fake.saves_that_fail = 1;
    fake.save_takes_ms = 1;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_int_eq(fake.saved_expires_in_s, 3600 - 2);
}
END_TEST

static const struct {
    plexctl_status saved;
    struct fake_reply token;
    int64_t takes_ms;
    size_t tries;
    const char *said;
} staying[] = {
    {PLEXCTL_FAILED, TOKEN, 0, 31, TRIED(30)},
    {PLEXCTL_USAGE, TOKEN, 0, 31, TRIED(30)},
    {PLEXCTL_FAILED, TOKEN, 5000, 6, TRIED(25)}, /* for the lock: the sixth try begins at 30 s */
    {PLEXCTL_FAILED, TOKEN_FOR(31), 0, 31, TRIED(30)},
    {PLEXCTL_FAILED, TOKEN_FOR(30), 0, 30, TRIED(29)},
    {PLEXCTL_FAILED, TOKEN_FOR(5), 0, 5, TRIED(4)},
    {PLEXCTL_FAILED, TOKEN_FOR(2), 5000, 1, ""},
    {PLEXCTL_FAILED, TOKEN_FOR(1), 0, 1, ""},
    {PLEXCTL_FAILED, TOKEN_FOR(9223372036854775807), 0, 31, TRIED(30)},
};

START_TEST(keep_trouble_that_stays_says_what_was_lost)
{
    const struct fake_reply replies[] = {CODE, staying[_i].token};

    fake.save_status = staying[_i].saved;
    fake.save_takes_ms = staying[_i].takes_ms;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_uint_eq(fake.save_count, staying[_i].tries);
    assert_pauses(1000);
    ck_assert_str_eq(buf_text(&fake.err), staying[_i].said);
    ck_assert_str_eq(fake.failure.text, KEPT_NOT ": " REFUSAL "; then run `plexctl login` again");
    ck_assert_str_eq(buf_text(&fake.out), prompt);
}
END_TEST

/* What no wait mends. */
static const plexctl_status lasting[] = {PLEXCTL_DENIED, PLEXCTL_INVALID, PLEXCTL_NO_MEMORY};

START_TEST(keep_misuse_is_not_tried_again)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    fake.save_status = lasting[_i];
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_uint_eq(fake.save_count, 1);
    ck_assert_str_eq(buf_text(&fake.err), "");
    ck_assert_int_eq(strncmp(fake.failure.text, KEPT_NOT ": ", strlen(KEPT_NOT ": ")), 0);
}
END_TEST

/* While it pauses, and while it waits for the lock. */
START_TEST(keep_signal_ends_at_once_and_says_what_was_lost)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    fake.save_status = _i ? PLEXCTL_FAILED : PLEXCTL_CANCELLED;
    fake.cancel_at_ms = _i ? fake.now_ms + 8500 : 0; /* the token came after 5 s */
    ck_assert_int_eq(RUN(replies), PLEXCTL_CANCELLED);
    ck_assert_uint_eq(fake.save_count, _i ? 4 : 1);
    ck_assert_str_eq(buf_text(&fake.err), _i ? TRIED(30) KEPT_NOT "; run `plexctl login` again\n"
                                             : KEPT_NOT "; run `plexctl login` again\n");
}
END_TEST

/* A machine that sleeps through the time tries once more, unless the token has ended: the code lives for ten minutes,
 * and each sleep takes five more than asked for. */
static const struct {
    struct fake_reply token;
    size_t tries;
} suspended[] = {{TOKEN, 2}, {TOKEN_FOR(300), 1}};

START_TEST(keep_suspended_tries_while_the_token_lives)
{
    const struct fake_reply replies[] = {CODE, suspended[_i].token};

    fake.save_status = PLEXCTL_FAILED;
    fake.oversleep_ms = 300000;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_uint_eq(fake.save_count, suspended[_i].tries);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login/keep");
    TCase *tests = tcase_create("keep");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, keep_trouble_that_passes_saves, 0, ROWS(passing));
    tcase_add_test(tests, keep_begun_second_counts_as_spent);
    tcase_add_loop_test(tests, keep_trouble_that_stays_says_what_was_lost, 0, ROWS(staying));
    tcase_add_loop_test(tests, keep_misuse_is_not_tried_again, 0, ROWS(lasting));
    tcase_add_loop_test(tests, keep_signal_ends_at_once_and_says_what_was_lost, 0, 2);
    tcase_add_loop_test(tests, keep_suspended_tries_while_the_token_lives, 0, ROWS(suspended));
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
