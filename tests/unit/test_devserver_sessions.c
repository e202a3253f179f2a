/* SPDX-License-Identifier: Apache-2.0 */
#include "../../plugins/devserver/sessions.h"

#include <stdio.h>

#include "unit.h"

static struct sessions *sessions;

static void set_up(void)
{
    sessions = sessions_new();
    ck_assert_ptr_nonnull(sessions);
}

static void tear_down(void)
{
    sessions_free(sessions);
}

static void open_session(const char *id, int64_t now_ms)
{
    struct session fresh = {.identity = &identities[0], .csrf = "csrf"};

    (void)snprintf(fresh.id, sizeof fresh.id, "%s", id);
    ck_assert_ptr_nonnull(sessions_open(sessions, &fresh, now_ms));
}

START_TEST(sessions_find_knows_only_live_ids)
{
    ck_assert_ptr_null(sessions_find(sessions, "", -1)); /* a free place has an empty id, and no time */
    open_session("one", 5);
    ck_assert_str_eq(sessions_find(sessions, "one", 6)->csrf, "csrf");
    ck_assert_ptr_null(sessions_find(sessions, "two", 6));
    ck_assert_ptr_null(sessions_find(sessions, NULL, 6));
    ck_assert_ptr_nonnull(sessions_find(sessions, "one", 5 + SESSION_LIFETIME_MS - 1));
    ck_assert_ptr_null(sessions_find(sessions, "one", 5 + SESSION_LIFETIME_MS));
}
END_TEST

START_TEST(sessions_close_forgets_one)
{
    open_session("one", 0);
    open_session("two", 0);
    sessions_close(sessions, "one");
    sessions_close(sessions, NULL);
    sessions_close(sessions, "unknown");
    ck_assert_ptr_null(sessions_find(sessions, "one", 1));
    ck_assert_ptr_nonnull(sessions_find(sessions, "two", 1));
}
END_TEST

START_TEST(sessions_open_full_drops_oldest)
{
    char id[16];

    for (int i = 0; i <= SESSIONS_MAX; i++) {
        (void)snprintf(id, sizeof id, "s%d", i);
        open_session(id, 0);
    }
    ck_assert_ptr_null(sessions_find(sessions, "s0", 1));
    ck_assert_ptr_nonnull(sessions_find(sessions, "s1", 1));
    ck_assert_ptr_nonnull(sessions_find(sessions, id, 1));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver sessions");
    TCase *tests = tcase_create("sessions");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, sessions_find_knows_only_live_ids);
    tcase_add_test(tests, sessions_close_forgets_one);
    tcase_add_test(tests, sessions_open_full_drops_oldest);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
