/* SPDX-License-Identifier: Apache-2.0 */
#include "../../plugins/devserver/user_code.h"

#include <stddef.h>
#include <string.h>

#include "unit.h"

static const struct {
    const char *text;
    const char *wire;  /* what user_code_read makes of it; NULL: refused */
    const char *typed; /* what user_code_read_typed makes of it */
} codes[] = {
    {"ABCD-EFGH", "ABCD-EFGH", "ABCD-EFGH"},
    {"ABCDEFGH", "ABCD-EFGH", "ABCD-EFGH"},
    {"ZZ27-2345", "ZZ27-2345", "ZZ27-2345"},
    {"abcd-efgh", NULL, "ABCD-EFGH"},
    {" ab cd\tEF-GH ", NULL, "ABCD-EFGH"},
    {"ABC-DEFGH", NULL, "ABCD-EFGH"},
    {"ABCD--EFGH", NULL, "ABCD-EFGH"},
    {"ABCD_EFGH", NULL, NULL},
    {"ABC1-EFGH", NULL, NULL}, /* 0, 1, 8, 9 are not of base32 */
    {"ABC0-EFG8", NULL, NULL},
    {"ABCDEFG", NULL, NULL},
    {"ABCDEFGHI", NULL, NULL},
    {"ABCD-EFGHI", NULL, NULL},
    {"ABCDE-FGH", NULL, "ABCD-EFGH"},
    {"--------", NULL, NULL},
    {"\xC3\x84"
     "BCDEFG",
     NULL, NULL},
    {"", NULL, NULL},
    {NULL, NULL, NULL},
};

static void expect(bool accepted, const char *code, const char *expected)
{
    ck_assert_int_eq(accepted, expected != NULL);
    if (expected)
        ck_assert_str_eq(code, expected);
    else
        ck_assert_str_eq(code, "unset");
}

START_TEST(user_code_read_judges_texts)
{
    char code[USER_CODE_SIZE] = "unset";

    expect(user_code_read(codes[_i].text, code), code, codes[_i].wire);
}
END_TEST

START_TEST(user_code_read_typed_judges_texts)
{
    char code[USER_CODE_SIZE] = "unset";

    expect(user_code_read_typed(codes[_i].text, code), code, codes[_i].typed);
}
END_TEST

START_TEST(user_code_random_is_readable_and_fresh)
{
    char one[USER_CODE_SIZE], two[USER_CODE_SIZE], read[USER_CODE_SIZE];

    ck_assert(user_code_random(one));
    ck_assert(user_code_random(two));
    ck_assert(user_code_read(one, read));
    ck_assert_str_eq(one, read);
    ck_assert_str_ne(one, two);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver user_code");
    TCase *tests = tcase_create("user_code");

    tcase_add_loop_test(tests, user_code_read_judges_texts, 0, sizeof codes / sizeof codes[0]);
    tcase_add_loop_test(tests, user_code_read_typed_judges_texts, 0, sizeof codes / sizeof codes[0]);
    tcase_add_test(tests, user_code_random_is_readable_and_fresh);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
