/* SPDX-License-Identifier: Apache-2.0 */
#include "base/shell_word.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

static const struct word_case {
    const char *text, *word;
    bool is_whole;
} words[] = {
    {"/home/a/.config/plexctl/config.json", "/home/a/.config/plexctl/config.json", true},
    {"", "''", true},
    {"/a b", "'/a b'", true},
    {"~", "'~'", true},
    {"/it's", "'/it'\\''s'", true},
    {"'", "''\\'''", true},
    {"/$HOME`x`", "'/$HOME`x`'", true},
    {"/a\\x0a", "'/a\\x0a'", true},
    {"/\xC3\xA9", "'/\xC3\xA9'", true},
    {"/a\n\x1b[1m", "'/a\\x0a\\x1b[1m'", false},
    {"/\xff", "'/\\xff'", false},
};

START_TEST(shell_word_is_quoted_and_safe_for_a_terminal)
{
    auto_buf struct buf word = BUF_INIT(SIZE_MAX / 2), shown = BUF_INIT(SIZE_MAX / 2);

    shell_word_append(&word, words[_i].text);
    ck_assert_str_eq(buf_text(&word), words[_i].word);
    shell_word_show(&shown, words[_i].text);
    ck_assert_str_eq(buf_text(&shown), words[_i].word);
    ck_assert_int_eq(shell_word_is_whole(words[_i].text), words[_i].is_whole);
}
END_TEST

/* A quote that is not closed, or a word that has lost its quotes, would be run. */
static void assert_one_word(const char *word)
{
    auto_buf struct buf command = BUF_INIT(SIZE_MAX / 2);
    char counted[8] = "";

    buf_appendf(&command, "set -- %s; echo $#", word);
    FILE *shell = popen(buf_text(&command), "r"); /* NOLINT: what the word is for */
    ck_assert_ptr_nonnull(shell);
    ck_assert_ptr_nonnull(fgets(counted, sizeof counted, shell));
    ck_assert_int_eq(pclose(shell), 0);
    ck_assert_str_eq(counted, "1\n");
}

START_TEST(shell_word_of_a_long_text_is_cut_within_its_quotes)
{
    static const char *const fills[] = {"a", "'", "\n", " ", "$(false)", "`x`", "\xC3\xA9", "\xff", "a'"};
    char text[4096];

    for (size_t len = 252; len < sizeof text; len = len < 258 ? len + 1 : len * 2) {
        auto_buf struct buf word = BUF_INIT(SIZE_MAX / 2);
        for (size_t i = 0; i < len; i++)
            text[i] = fills[_i][i % strlen(fills[_i])];
        text[len] = '\0';
        shell_word_show(&word, text);
        ck_assert_uint_le(word.len, SHELL_WORD_SHOWN_BYTES);
        assert_one_word(buf_text(&word));
        if (len > SHELL_WORD_SHOWN_BYTES) {
            ck_assert(!shell_word_is_whole(text));
            ck_assert_str_eq(buf_text(&word) + word.len - 4, "...'");
        }
    }
}
END_TEST

START_TEST(shell_word_is_whole_up_to_its_limit)
{
    char text[SHELL_WORD_SHOWN_BYTES + 2];

    memset(text, 'a', sizeof text);
    text[SHELL_WORD_SHOWN_BYTES + 1] = '\0';
    ck_assert(!shell_word_is_whole(text));
    text[SHELL_WORD_SHOWN_BYTES] = '\0';
    ck_assert(shell_word_is_whole(text));
    text[0] = ' ';
    ck_assert(!shell_word_is_whole(text));
    text[SHELL_WORD_SHOWN_BYTES - 2] = '\0';
    ck_assert(shell_word_is_whole(text));
}
END_TEST

static const struct quote_case {
    const char *text;
    char quote;
    const char *quoted;
} quotes[] = {
    {"abc-1.2/x_y:z=@%+,", 0, "abc-1.2/x_y:z=@%+,"},
    {"a b'\"$`\\!~#*", 0, "a\\ b\\'\\\"\\$\\`\\\\\\!\\~\\#\\*"},
    {"\xc3\xa4", 0, "\xc3\xa4"},
    {"a b\"$`\\!", '\'', "a b\"$`\\!"},
    {"it's", '\'', "it'\\''s"},
    {"it'", '\'', "it'\\'''"},
    {"a b'$`\\\"c", '"', "a b'\\$\\`\\\\\\\"c"},
    {"a\"", '"', "a\\\"\""},
    {"wow!x", '"', "wow\"\\!\"x"},
    {"wow!", '"', "wow\"\\!\"\""},
    {"", '"', ""},
};

START_TEST(shell_word_complete_is_read_back)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    shell_word_complete(&out, quotes[_i].text, quotes[_i].quote);
    ck_assert_str_eq(buf_text(&out), quotes[_i].quoted);
}
END_TEST

static const struct exact_case {
    const char *text;
    bool is_fish;
    const char *quoted;
} exact[] = {
    {"", false, "''"},
    {"plain", false, "'plain'"},
    {"it's $(x) `y` \"z\" !", false, "'it'\\''s $(x) `y` \"z\" !'"},
    {"a\\b\\'", false, "'a\\b\\'\\'''"},
    {"a\\b\\'", true, "'a\\\\b\\\\'\\'''"},
    {"\x1b\n", false, "'\x1b\n'"},
};

START_TEST(shell_word_quote_changes_no_byte)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);

    shell_word_quote(&out, exact[_i].text, exact[_i].is_fish);
    ck_assert_str_eq(buf_text(&out), exact[_i].quoted);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shell_word");
    TCase *tests = tcase_create("shell_word");

    tcase_add_loop_test(tests, shell_word_is_quoted_and_safe_for_a_terminal, 0, COUNT(words));
    tcase_add_loop_test(tests, shell_word_of_a_long_text_is_cut_within_its_quotes, 0, 9);
    tcase_add_test(tests, shell_word_is_whole_up_to_its_limit);
    tcase_add_loop_test(tests, shell_word_complete_is_read_back, 0, COUNT(quotes));
    tcase_add_loop_test(tests, shell_word_quote_changes_no_byte, 0, COUNT(exact));
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
