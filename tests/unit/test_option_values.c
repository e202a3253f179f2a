/* SPDX-License-Identifier: Apache-2.0 */
#include "option_values.h"

#include "unit.h"

START_TEST(option_values_find_by_whole_name)
{
    struct option_value rows[] = {{.name = "server", .text = "s"}, {.name = "serve", .text = "t"}};
    const struct option_values values = {rows, 2};

    ck_assert_ptr_eq(option_values_find(&values, "server"), &rows[0]);
    ck_assert_ptr_eq(option_values_find(&values, "serve"), &rows[1]);
    ck_assert_ptr_null(option_values_find(&values, "serv"));
    ck_assert_ptr_null(option_values_find(&(struct option_values)OPTION_VALUES_INIT, "server"));
}
END_TEST

START_TEST(option_values_text_of_what_has_one)
{
    struct option_value rows[] = {{.name = "profile", .text = "ci", .given = true},
                                  {.name = "output", .text = "table"},
                                  {.name = "server", .given = false}};
    const struct option_values values = {rows, 3};

    ck_assert_str_eq(option_values_text(&values, "profile"), "ci");
    ck_assert_str_eq(option_values_text(&values, "output"), "table");
    ck_assert_ptr_null(option_values_text(&values, "server"));
    ck_assert_ptr_null(option_values_text(&values, "other"));
}
END_TEST

START_TEST(option_values_is_set_of_a_true_one)
{
    struct option_value rows[] = {{.name = "yes", .number = 1, .given = true}, {.name = "no", .given = true}};
    const struct option_values values = {rows, 2};

    ck_assert(option_values_is_set(&values, "yes"));
    ck_assert(!option_values_is_set(&values, "no"));
    ck_assert(!option_values_is_set(&values, "other"));
}
END_TEST

START_TEST(option_values_allocate_replaces)
{
    struct option_values values = OPTION_VALUES_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(option_values_allocate(&values, 2, &err), PLEXCTL_OK);
    ck_assert_uint_eq(values.count, 2);
    values.rows[1].number = 7;
    ck_assert_int_eq(option_values_allocate(&values, 3, &err), PLEXCTL_OK);
    ck_assert_uint_eq(values.count, 3);
    ck_assert_int_eq(values.rows[1].number, 0);
    ck_assert_int_eq(option_values_allocate(&values, 0, &err), PLEXCTL_OK);
    ck_assert_ptr_null(values.rows);
    ck_assert_uint_eq(values.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("option_values");
    TCase *tests = tcase_create("option_values");

    tcase_add_test(tests, option_values_find_by_whole_name);
    tcase_add_test(tests, option_values_text_of_what_has_one);
    tcase_add_test(tests, option_values_is_set_of_a_true_one);
    tcase_add_test(tests, option_values_allocate_replaces);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
