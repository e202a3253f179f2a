/* SPDX-License-Identifier: Apache-2.0 */
#include "help_layout.h"

#include <stdint.h>
#include <string.h>

#include "unit.h"

#define TEN "123456789 "
#define SIXTY TEN TEN TEN TEN TEN TEN

static const struct text_case {
    const char *text;
    size_t indent;
    const char *out;
} texts[] = {
    {"", 0, ""},
    {"one line", 0, "one line\n"},
    {"one\ntwo\n", 2, "  one two\n"},
    {"one\n\ntwo", 0, "one\n\ntwo\n"},
    {"one\ntwo\n \nthree\nfour\n", 0, "one two\n\nthree four\n"},
    {SIXTY "12345\n1234567890\n123\n12345", 0, SIXTY "12345 1234567890 123\n12345\n"},
    {SIXTY "1234567890 1234567890\n12345", 0, SIXTY "1234567890\n1234567890 12345\n"},
    {"  list\n    deeper", 0, "  list\n    deeper\n"},
    {"list:\n  one  1\n  two  2\nafter\nit", 2, "  list:\n    one  1\n    two  2\n  after it\n"},
    {"  trailing  \n", 0, "  trailing\n"},
    {"  " SIXTY "123456789012345678", 0, "  " SIXTY "123456789012345678\n"},
    {SIXTY "1234567890 1234567890", 0, SIXTY "1234567890\n1234567890\n"},
    {SIXTY "1234567890 123456789", 0, SIXTY "1234567890 123456789\n"},
    {"  " SIXTY "1234567890 12345", 4, "      " SIXTY "1234567890\n      12345\n"},
    {"a  b", 0, "a b\n"},
    {"bad\x1b[2J\xff", 0, "bad\\x1b[2J\\xff\n"},
    {" bad\x1b[2J\xff", 0, " bad\\x1b[2J\\xff\n"},
};

START_TEST(help_text_wraps_paragraphs_and_keeps_lists)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    help_text(&HELP_PAGE(&out), texts[_i].text, texts[_i].indent);
    ck_assert_str_eq(buf_text(&out), texts[_i].out);
}
END_TEST

START_TEST(help_text_never_exceeds_the_line)
{
    for (size_t width = 1; width < 40; width++) {
        auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
        auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
        for (size_t i = 0; i < 400; i++)
            buf_append_char(&text, i % (width + 1) == width ? ' ' : 'x');
        help_text(&HELP_PAGE(&out), buf_text(&text), width / 4);
        for (const char *line = buf_text(&out); *line; line += strcspn(line, "\n") + 1) {
            ck_assert_uint_le(strcspn(line, "\n"), HELP_LINE_COLUMNS);
            ck_assert_uint_gt(strcspn(line, "\n"), width / 4);
        }
    }
}
END_TEST

START_TEST(help_text_of_overlong_word_is_whole)
{
    static char word[200];
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    memset(word, 'w', sizeof word - 1);
    help_text(&HELP_PAGE(&out), "before", 0);
    help_text(&HELP_PAGE(&out), word, 2);
    ck_assert_ptr_nonnull(strstr(buf_text(&out), word));
    ck_assert_uint_eq(out.len, strlen("before\n  \n") + strlen(word));
}
END_TEST

START_TEST(help_items_break_only_between_items)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    help_items(&HELP_PAGE(&out), (struct help_lead){" ", false},
               "plexctl login\t--domain-id UUID\t--idp-binding-id UUID\t[--profile-name PROFILE]\t[flags and more]", 6);
    ck_assert_str_eq(buf_text(&out), "  plexctl login --domain-id UUID --idp-binding-id UUID [--profile-name PROFILE]\n"
                                     "      [flags and more]\n");
}
END_TEST

static const struct command_line_case {
    const char *line, *out;
} command_lines[] = {
    {"plexctl whoami", "  plexctl whoami\n"},
    {"plexctl login --server https://control-plane.example.com/eu --domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0",
     "  plexctl login --server https://control-plane.example.com/eu \\\n"
     "      --domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0\n"},
    {"plexctl run --text 'one --two three --four five --six seven --eight nine --ten' --yes --output json",
     "  plexctl run \\\n"
     "      --text 'one --two three --four five --six seven --eight nine --ten' \\\n"
     "      --yes --output json\n"},
    {"plexctl run --text \"a\\\" --b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc\" -o json",
     "  plexctl run \\\n"
     "      --text \"a\\\" --b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc\" \\\n"
     "      -o json\n"},
    {"a \x1b[2J", "  a \\x1b[2J\n"},
};

START_TEST(help_command_line_stays_a_command)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    help_command_line(&HELP_PAGE(&out), command_lines[_i].line, strlen(command_lines[_i].line), 2);
    ck_assert_str_eq(buf_text(&out), command_lines[_i].out);
}
END_TEST

static void add(struct help_rows *rows, const char *left, const char *right)
{
    auto_buf struct buf l = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf r = BUF_INIT(SIZE_MAX / 2);

    buf_append_text(&l, left);
    buf_append_text(&r, right);
    help_rows_add(rows, &l, &r);
}

START_TEST(help_rows_align_and_wrap)
{
    auto_help_rows struct help_rows rows = HELP_ROWS_INIT;
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    add(&rows, "  login", "Log in");
    add(&rows, "  w\xc3\xb6rter", SIXTY "1234567890");
    add(&rows, "  a-left-that-is-far-too-wide-to-share", "Own line");
    add(&rows, "  none", "");
    help_rows_print(&rows, &HELP_PAGE(&out));
    ck_assert_str_eq(buf_text(&out), "  login   Log in\n"
                                     "  w\xc3\xb6rter  " SIXTY "1234567890\n"
                                     "  a-left-that-is-far-too-wide-to-share\n"
                                     "          Own line\n"
                                     "  none\n");
}
END_TEST

START_TEST(help_rows_of_failed_part_fail)
{
    auto_help_rows struct help_rows rows = HELP_ROWS_INIT;
    auto_buf struct buf good = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf bad = BUF_INIT(1);
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    buf_append_text(&bad, "too long");
    help_rows_add(&rows, _i ? &good : &bad, _i ? &bad : &good);
    help_rows_print(&rows, &HELP_PAGE(&out));
    ck_assert_int_eq(out.failed, PLEXCTL_FAILED);
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("help_layout");
    TCase *tests = tcase_create("help_layout");

    tcase_add_loop_test(tests, help_text_wraps_paragraphs_and_keeps_lists, 0, COUNT(texts));
    tcase_add_test(tests, help_text_never_exceeds_the_line);
    tcase_add_test(tests, help_text_of_overlong_word_is_whole);
    tcase_add_test(tests, help_items_break_only_between_items);
    tcase_add_loop_test(tests, help_command_line_stays_a_command, 0, COUNT(command_lines));
    tcase_add_test(tests, help_rows_align_and_wrap);
    tcase_add_loop_test(tests, help_rows_of_failed_part_fail, 0, 2);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
