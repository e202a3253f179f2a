/* SPDX-License-Identifier: Apache-2.0 */
#include "../../plugins/devserver/random_text.h"

#include <string.h>

#include "unit.h"

START_TEST(random_text_is_base64url_and_fresh)
{
    char one[RANDOM_TEXT_SIZE], two[RANDOM_TEXT_SIZE];

    ck_assert(random_text(one));
    ck_assert(random_text(two));
    ck_assert_uint_eq(strlen(one), RANDOM_TEXT_SIZE - 1);
    ck_assert_uint_eq(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), strlen(one));
    ck_assert_str_ne(one, two);
}
END_TEST

static const struct {
    const char *secret, *guess;
    bool equal;
} pairs[] = {
    {"abc", "abc", true}, {"abc", "abd", false}, {"abc", "ab", false},  {"abc", "abcd", false},
    {"abc", "", false},   {"", "", true},        {"", "a", false},      {"abc", NULL, false},
    {NULL, "abc", false}, {NULL, NULL, false},   {"abc", "ABC", false}, {"ab", "abcdefghijkl", false},
};

START_TEST(secret_equal_compares_whole_texts)
{
    ck_assert_int_eq(secret_equal(pairs[_i].secret, pairs[_i].guess), pairs[_i].equal);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver random_text");
    TCase *tests = tcase_create("random_text");

    tcase_add_test(tests, random_text_is_base64url_and_fresh);
    tcase_add_loop_test(tests, secret_equal_compares_whole_texts, 0, sizeof pairs / sizeof pairs[0]);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
