/* SPDX-License-Identifier: Apache-2.0 */
#include "shell_words.h"

#include <stdint.h>
#include <string.h>

#include "heap.h"
#include "unit.h"

#define BREAKS " \t\n\"'@><=;|&(:"

static const struct split_case {
    const char *line;
    const char *words; /* parted by '|' */
    char quote;
    bool is_active;
    size_t kept;
} splits[] = {
    {"plexctl ", "", 0, false, 0},
    {"plexctl", "plexctl", 0, false, 0},
    {"", "", 0, false, 0},
    {"plexctl  a\tb ", "a|b|", 0, false, 0},
    {"plexctl a b", "a|b", 0, false, 0},
    {"plexctl 'a b' \"c d\" e\\ f g", "a b|c d|e f|g", 0, false, 0},
    {"plexctl '' \"\" x", "||x", 0, false, 0},
    {"plexctl a'b'\"c\"\\d", "abcd", 0, false, 0},
    {"plexctl 'a b", "a b", '\'', false, 0},
    {"plexctl x'a b", "xa b", '\'', false, 1},
    {"plexctl \"a \\\" \\$ \\x", "a \" $ \\x", '"', false, 0},
    {"plexctl 'a\\", "a\\", '\'', false, 0},
    {"plexctl \"a\\", "a\\", '"', false, 0},
    {"plexctl a\\", "a", 0, false, 0},
    {"plexctl a\\\nb", "ab", 0, false, 0},
    {"plexctl \"a\\\nb", "ab", '"', false, 0},
    {"plexctl 'a\nb' c", "a\nb|c", 0, false, 0},
    {"plexctl --output=js", "--output=js", 0, false, 9},
    {"plexctl --output=", "--output=", 0, false, 9},
    {"plexctl --output = js", "--output|=|js", 0, false, 0},
    {"plexctl --x='a b", "--x=a b", '\'', false, 4},
    {"plexctl --x='a b'c", "--x=a bc", 0, false, 4},
    {"plexctl --x=a\\:b", "--x=a:b", 0, false, 4},
    {"plexctl 'a:b", "a:b", '\'', false, 0},
    {"plexctl a:b:c", "a:b:c", 0, false, 4},
    {"plexctl x@y", "x@y", 0, false, 1},
    {"plexctl $(a", "$(a", 0, true, 2},
    {"plexctl \"$(a", "$(a", '"', true, 0},
    {"plexctl \"`a", "`a", '"', true, 0},
    {"plexctl '$(a`", "$(a`", '\'', false, 0},
    {"plexctl \\$\\(a\\`", "$(a`", 0, false, 0},
    {"plexctl $(a) b", "$(a)|b", 0, false, 0},
    {"plexctl <(a", "<(a", 0, true, 2},
    {"plexctl \xc3\xa4 \xff", "\xc3\xa4|\xff", 0, false, 0},
};

static void join(const struct shell_words *words, struct buf *out)
{
    for (size_t i = 0; i < words->count; i++)
        buf_appendf(out, "%s%s", i ? "|" : "", words->rows[i]);
}

START_TEST(shell_words_split_reads_as_bash_does)
{
    const struct split_case *row = &splits[_i];
    auto_shell_words struct shell_words words = SHELL_WORDS_INIT;
    auto_buf struct buf joined = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(shell_words_split(row->line, BREAKS, &words, &err), PLEXCTL_OK);
    join(&words, &joined);
    ck_assert_str_eq(buf_text(&joined), row->words);
    ck_assert_int_eq(words.quote, row->quote);
    ck_assert_int_eq(words.is_active, row->is_active);
    ck_assert_uint_eq(words.kept, row->kept);
}
END_TEST

START_TEST(shell_words_split_minds_the_breaks_it_is_given)
{
    auto_shell_words struct shell_words words = SHELL_WORDS_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(shell_words_split("plexctl a:b=c", " =", &words, &err), PLEXCTL_OK);
    ck_assert_uint_eq(words.kept, 4);
}
END_TEST

START_TEST(shell_words_copy_has_at_least_one_word)
{
    char a[] = "a b", empty[] = "";
    char *const given[] = {a, empty};
    auto_shell_words struct shell_words words = SHELL_WORDS_INIT, none = SHELL_WORDS_INIT;
    auto_buf struct buf joined = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(shell_words_copy(2, given, &words, &err), PLEXCTL_OK);
    join(&words, &joined);
    ck_assert_str_eq(buf_text(&joined), "a b|");
    ck_assert_int_eq(shell_words_copy(0, given, &none, &err), PLEXCTL_OK);
    ck_assert_uint_eq(none.count, 1);
    ck_assert_str_eq(none.rows[0], "");
}
END_TEST

START_TEST(shell_words_split_without_memory_says_so)
{
    plexctl_status status = PLEXCTL_NO_MEMORY;

    for (unsigned long n = 1; heap_is_ours() && status != PLEXCTL_OK; n++) {
        auto_shell_words struct shell_words words = SHELL_WORDS_INIT;
        struct error err = ERROR_INIT;
        heap_fail(n, false);
        status = shell_words_split("plexctl 'a b' c=d", BREAKS, &words, &err);
        heap_fail(0, false);
        ck_assert(status == PLEXCTL_NO_MEMORY || words.count == 2);
        ck_assert_uint_lt(n, 1000);
    }
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("shell_words");
    TCase *tests = tcase_create("shell_words");

    tcase_add_loop_test(tests, shell_words_split_reads_as_bash_does, 0, COUNT(splits));
    tcase_add_test(tests, shell_words_split_minds_the_breaks_it_is_given);
    tcase_add_test(tests, shell_words_copy_has_at_least_one_word);
    tcase_add_test(tests, shell_words_split_without_memory_says_so);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
