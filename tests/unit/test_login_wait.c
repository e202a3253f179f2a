/* SPDX-License-Identifier: Apache-2.0
 *
 * The line that counts down while login waits on a terminal, and that it changes nothing else.
 */
#include "unit.h"

#include "login_script.h"

#define NARROW 38 /* 40 columns, and room for "^C" */

static const struct fake_reply replies[] = {{.http = 200, .body = CODE_BODY(3, 600)},
                                            {.http = 400, .body = PROBLEM("authorization_pending"), .takes_ms = 250},
                                            SLOW_DOWN,
                                            {.http = 503, .body = ""},
                                            LOST,
                                            TOKEN};

START_TEST(login_wait_off_a_terminal_wakes_for_polls_only)
{
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.sleep_count, 5);
    ck_assert_uint_eq(fake.progress_count, 0);
}
END_TEST

static const char *const shown[] = {"10:00 left: waiting for approval",      "9:59 left: waiting for approval",
                                    "9:58 left: waiting for approval",       "9:57 left: not approved yet",
                                    "9:56 left: not approved yet",           "9:55 left: not approved yet",
                                    "9:54 left: not approved yet",           "9:54 left: slowed down by the server",
                                    "9:53 left: slowed down by the server",  "9:52 left: slowed down by the server",
                                    "9:51 left: slowed down by the server",  "9:50 left: slowed down by the server",
                                    "9:49 left: slowed down by the server",  "9:48 left: slowed down by the server",
                                    "9:47 left: slowed down by the server",  "9:46 left: slowed down by the server",
                                    "9:46 left: server busy, again in 16 s", "9:45 left: server busy, again in 16 s"};

START_TEST(login_wait_on_a_terminal_counts_down)
{
    fake.shows_progress = true;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_gt(fake.progress_count, sizeof shown / sizeof shown[0]);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        ck_assert_str_eq(fake.progress[i], shown[i]);
    ck_assert(!fake.is_progress_left);
}
END_TEST

/* Whole seconds of the code's life change it, and no poll comes at another time for it. */
START_TEST(login_wait_on_a_terminal_polls_as_without)
{
    int64_t sent_ms[sizeof replies / sizeof replies[0]];

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    for (size_t i = 0; i < fake.request_count; i++)
        sent_ms[i] = fake.requests[i].sent_ms;
    size_t requests = fake.request_count;
    tear_down();
    set_up();
    fake.shows_progress = true;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.request_count, requests);
    for (size_t i = 0; i < requests; i++)
        ck_assert_int_eq(fake.requests[i].sent_ms, sent_ms[i]);
    int64_t waited_s = (sent_ms[requests - 1] - sent_ms[0]) / 1000;
    ck_assert_uint_le(fake.sleep_count, (size_t)waited_s + 2 * requests);
}
END_TEST

/* A server that takes its time does not stop the clock. */
START_TEST(login_wait_on_a_terminal_counts_down_through_a_slow_poll)
{
    static const struct fake_reply slow[] = {{.http = 200, .body = CODE_BODY(1, 600)},
                                             {.http = 400, .body = PROBLEM("authorization_pending"), .takes_ms = 2500},
                                             TOKEN};
    static const char *const lines[] = {"10:00 left: waiting for approval", "9:58 left: waiting for approval",
                                        "9:57 left: waiting for approval", "9:57 left: not approved yet"};

    fake.shows_progress = true;
    ck_assert_int_eq(RUN(slow), PLEXCTL_OK);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        ck_assert_str_eq(fake.progress[i], lines[i]);
    tear_down();
    set_up();
    ck_assert_int_eq(RUN(slow), PLEXCTL_OK);
    ck_assert_uint_eq(fake.progress_count, 0);
}
END_TEST

/* Where the clock jumps over a poll, that is late all the same, and nothing counts below zero. */
START_TEST(login_wait_suspended_shows_what_is_left)
{
    fake.shows_progress = true;
    fake.oversleep_ms = 700000;
    ck_assert_int_eq(RUN(replies), PLEXCTL_FAILED);
    ck_assert_str_eq(fake.failure.text, EXPIRED);
    ck_assert_uint_eq(fake.progress_count, 1);
    ck_assert(!fake.is_progress_left);
}
END_TEST

START_TEST(login_wait_cancelled_leaves_no_line)
{
    fake.shows_progress = true;
    fake.cancel_at_ms = fake.now_ms + 1500;
    ck_assert_int_eq(RUN(replies), PLEXCTL_CANCELLED);
    ck_assert_uint_eq(fake.progress_count, 2);
    ck_assert(!fake.is_progress_left);
}
END_TEST

/* Of an hour at most, as codes are; more is cut by the terminal's width. */
START_TEST(login_wait_fits_forty_columns)
{
    static const struct fake_reply busy[] = {
        {.http = 200, .body = CODE_BODY(5, 3600)}, PENDING, SLOW_DOWN, {.http = 429, .body = ""}, LOST, TOKEN};

    fake.shows_progress = true;
    ck_assert_int_eq(RUN(busy), PLEXCTL_OK);
    ck_assert_str_eq(fake.progress[0], "1:00:00 left: waiting for approval");
    ck_assert_str_eq(fake.progress[1], "59:59 left: waiting for approval");
    for (size_t i = 0; i < fake.progress_count; i++)
        ck_assert_msg(strlen(fake.progress[i]) <= NARROW, "%s", fake.progress[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login_wait");
    TCase *tcase = tcase_create("wait");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, login_wait_off_a_terminal_wakes_for_polls_only);
    tcase_add_test(tcase, login_wait_on_a_terminal_counts_down);
    tcase_add_test(tcase, login_wait_on_a_terminal_polls_as_without);
    tcase_add_test(tcase, login_wait_on_a_terminal_counts_down_through_a_slow_poll);
    tcase_add_test(tcase, login_wait_suspended_shows_what_is_left);
    tcase_add_test(tcase, login_wait_cancelled_leaves_no_line);
    tcase_add_test(tcase, login_wait_fits_forty_columns);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
