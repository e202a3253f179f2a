/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text_wrap.h"

#include <string.h>

#include "unit.h"

static const struct wrap_case {
    const char *text;
    size_t columns, column;
    const char *wrapped;
} cases[] = {
    {"", 10, 0, ""},
    {"one two", 7, 0, "one two"},
    {"one two", 6, 0, "one\ntwo"},
    {"one two three four", 8, 0, "one two\nthree\nfour"},
    {"one two\n", 7, 0, "one two\n"},
    {"one two\nthree four\n", 9, 0, "one two\nthree\nfour\n"},
    /* behind what stands on the line already */
    {" one two", 10, 8, "\none two"},
    {" one two", 12, 8, " one\ntwo"},
    /* a word that is wider than the line */
    {"see https://cp.example.com/device for it", 12, 0, "see\nhttps://cp.example.com/device\nfor it"},
    {"https://cp.example.com/device", 5, 0, "https://cp.example.com/device"},
    {"  indented", 4, 0, "  indented"},
    {"a  b", 3, 0, "a \nb"},
    {"a b ", 3, 0, "a b "},
    /* by characters; what may be wide counts as wide */
    {"\xc3\xa9t\xc3\xa9 \xc3\xa9t\xc3\xa9", 7, 0, "\xc3\xa9t\xc3\xa9 \xc3\xa9t\xc3\xa9"},
    {"\xe6\x97\xa5 \xe6\x9c\xac", 4, 0, "\xe6\x97\xa5\n\xe6\x9c\xac"},
    {"\xff\xfe a", 4, 0, "\xff\xfe a"},
};

START_TEST(text_wrap_breaks_between_words)
{
    char text[128];

    memcpy(text, cases[_i].text, strlen(cases[_i].text) + 1);
    text_wrap(text, strlen(text), cases[_i].columns, cases[_i].column);
    ck_assert_str_eq(text, cases[_i].wrapped);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text_wrap");
    TCase *tcase = tcase_create("text_wrap");

    tcase_add_loop_test(tcase, text_wrap_breaks_between_words, 0, (int)(sizeof cases / sizeof cases[0]));
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
