/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text_width.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

/* plain_columns: where the system has no UTF-8 locale to ask. */
static const struct width_case {
    const char *text;
    size_t columns, plain_columns;
} widths[] = {
    {"", 0, 0},
    {"plexctl", 7, 7},
    {"Z\xc3\xbcrich", 6, 6},
    {"\xe2\x82\xac", 1, 1},
    {"\xe6\x97\xa5\xe6\x9c\xac", 4, 2},
    {"e\xcc\x81", 1, 2},
    {"\xf0\x9f\x94\x91", 2, 1},
    {"a\xff"
     "b",
     3, 3},
    {"\xc3", 1, 1},
    {"\xc2\x85", 1, 1},
    {"\xed\xa0\x80", 3, 3},
};

static bool has_locale(void)
{
    return access("/usr/lib/locale/C.utf8", F_OK) == 0;
}

/* In a block of just its size, so that a sanitizer or valgrind sees a byte read too many. */
START_TEST(text_width_of_text_counts_columns)
{
    const struct width_case *c = &widths[_i];
    size_t len = strlen(c->text);
    char *exact = malloc(len ? len : 1);

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, c->text, len);
    size_t columns = text_width(exact, len);
    free(exact);
    ck_assert_msg(columns == c->columns || (columns == c->plain_columns && !has_locale()), "case %d: %zu columns", _i,
                  columns);
}
END_TEST

START_TEST(text_width_counts_a_nul_as_any_byte)
{
    ck_assert_uint_eq(text_width("\0", 1), 1);
    ck_assert_uint_eq(text_width("\0\xc3\xa9", 3), 2);
}
END_TEST

static const struct fit_case {
    const char *text;
    size_t columns, bytes;
} fits[] = {
    {"", 5, 0},
    {"abc", 0, 0},
    {"abc", 2, 2},
    {"abc", 3, 3},
    {"abc", 9, 3},
    {"\xc3\xa9\xc3\xa9\xc3\xa9", 2, 4},
    {"\xc3\xa9\xc3\xa9", 0, 0},
    {"a\xff\xff", 2, 2},
};

START_TEST(text_fit_cuts_at_a_character)
{
    const struct fit_case *c = &fits[_i];
    ck_assert_uint_eq(text_fit(c->text, strlen(c->text), c->columns), c->bytes);
}
END_TEST

START_TEST(text_fit_never_splits_a_wide_character)
{
    size_t bytes = text_fit("\xe6\x97\xa5\xe6\x9c\xac", 6, 3);

    ck_assert_msg(bytes == 3 || (bytes == 6 && !has_locale()), "%zu bytes", bytes);
}
END_TEST

START_TEST(text_width_leaves_the_locale_as_it_was)
{
    locale_t before = uselocale((locale_t)0);

    (void)text_width("\xc3\xa9", 2);
    ck_assert_ptr_eq(uselocale((locale_t)0), before);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text_width");
    TCase *cases = tcase_create("text_width");

    tcase_add_loop_test(cases, text_width_of_text_counts_columns, 0, (int)(sizeof widths / sizeof widths[0]));
    tcase_add_test(cases, text_width_counts_a_nul_as_any_byte);
    tcase_add_test(cases, text_width_leaves_the_locale_as_it_was);
    tcase_add_loop_test(cases, text_fit_cuts_at_a_character, 0, (int)(sizeof fits / sizeof fits[0]));
    tcase_add_test(cases, text_fit_never_splits_a_wide_character);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
