/* SPDX-License-Identifier: Apache-2.0 */
#include "../../plugins/devserver/guess_limit.h"

#include "unit.h"

START_TEST(guess_limit_tenth_wrong_locks_for_rest_of_window)
{
    struct guess_limit limit = {0};

    for (int i = 0; i < GUESS_LIMIT_WRONG; i++) {
        ck_assert_int_eq(guess_limit_wait_s(&limit, 1000 + i), 0);
        guess_limit_count(&limit, 1000 + i);
    }
    ck_assert_int_eq(guess_limit_wait_s(&limit, 1010), 60);
    ck_assert_int_eq(guess_limit_wait_s(&limit, 1000 + GUESS_LIMIT_WINDOW_MS - 1), 1);
    ck_assert_int_eq(guess_limit_wait_s(&limit, 1000 + GUESS_LIMIT_WINDOW_MS), 0);
}
END_TEST

START_TEST(guess_limit_new_window_starts_at_one)
{
    struct guess_limit limit = {0};

    for (int i = 0; i < GUESS_LIMIT_WRONG - 1; i++)
        guess_limit_count(&limit, 0);
    guess_limit_count(&limit, GUESS_LIMIT_WINDOW_MS);
    ck_assert_int_eq(limit.wrong, 1);
    ck_assert_int_eq(guess_limit_wait_s(&limit, GUESS_LIMIT_WINDOW_MS), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver guess_limit");
    TCase *tests = tcase_create("guess_limit");

    tcase_add_test(tests, guess_limit_tenth_wrong_locks_for_rest_of_window);
    tcase_add_test(tests, guess_limit_new_window_starts_at_one);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
