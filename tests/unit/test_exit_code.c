/* SPDX-License-Identifier: Apache-2.0 */
#include "exit_code.h"

#include <stdbool.h>
#include <string.h>

#include "unit.h"

static const struct {
    plexctl_status status;
    int code;
} codes[] = {
    {PLEXCTL_OK, 0},
    {PLEXCTL_FAILED, 1},
    {PLEXCTL_UNREACHABLE, 1},
    {PLEXCTL_USAGE, 2},
    {PLEXCTL_NO_SERVER, 3},
    {PLEXCTL_NO_TOKEN, 3},
    {PLEXCTL_DENIED, 4},
    {PLEXCTL_NOT_IMPLEMENTED, 64},
    {PLEXCTL_CANCELLED, 1},
    {PLEXCTL_NO_MEMORY, 1},
    {PLEXCTL_INVALID, 1},
    {PLEXCTL_NOT_FOUND, 1},
    {12, 1},
    {-1, 1},
    {INT32_MAX, 1},
    {INT32_MIN, 1},
    {64, 1},
    {256, 1},
};

START_TEST(exit_code_of_status_is_as_specified)
{
    ck_assert_int_eq(exit_code_of(codes[_i].status), codes[_i].code);
}
END_TEST

START_TEST(exit_code_table_has_each_status_once_with_a_meaning)
{
    for (size_t i = 0; i < exit_code_count; i++) {
        ck_assert_uint_gt(strlen(exit_code_table[i].meaning), 0);
        ck_assert_int_eq(exit_code_of(exit_code_table[i].status), exit_code_table[i].code);
        for (size_t j = 0; j < i; j++)
            ck_assert_int_ne(exit_code_table[i].status, exit_code_table[j].status);
    }
}
END_TEST

START_TEST(exit_code_table_has_every_status_but_cancelled)
{
    for (plexctl_status status = PLEXCTL_OK; status <= PLEXCTL_NOT_FOUND; status++) {
        bool found = false;
        for (size_t i = 0; i < exit_code_count; i++)
            found = found || exit_code_table[i].status == status;
        ck_assert_int_eq(found, status != PLEXCTL_CANCELLED);
    }
}
END_TEST

/* Help puts the codes and the first meaning of each into one line. */
START_TEST(exit_code_table_fits_a_line)
{
    size_t columns = strlen("Exit:");

    for (size_t i = 0; i < exit_code_count; i++) {
        if (i == 0 || exit_code_table[i].code != exit_code_table[i - 1].code)
            columns += strlen(", 0 ") + (exit_code_table[i].code > 9) + strlen(exit_code_table[i].meaning);
    }
    ck_assert_uint_le(columns, 80);
}
END_TEST

START_TEST(exit_code_table_is_sorted_by_code)
{
    for (size_t i = 1; i < exit_code_count; i++)
        ck_assert_int_le(exit_code_table[i - 1].code, exit_code_table[i].code);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exit_code");
    TCase *tcase = tcase_create("exit_code");

    tcase_add_loop_test(tcase, exit_code_of_status_is_as_specified, 0, (int)(sizeof codes / sizeof codes[0]));
    tcase_add_test(tcase, exit_code_table_has_each_status_once_with_a_meaning);
    tcase_add_test(tcase, exit_code_table_has_every_status_but_cancelled);
    tcase_add_test(tcase, exit_code_table_fits_a_line);
    tcase_add_test(tcase, exit_code_table_is_sorted_by_code);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
