/* SPDX-License-Identifier: Apache-2.0 */
#include "candidates.h"

#include <stdint.h>
#include <string.h>

#include "heap.h"
#include "unit.h"

static void print(const struct candidates *candidates, const struct shell_words *words, size_t before, bool is_bash,
                  struct buf *out)
{
    candidates_print(candidates, words, before, is_bash, out);
    ck_assert_int_eq(out->failed, PLEXCTL_OK);
}

static void offer(struct candidates *candidates, const char *value, const char *description)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(candidates_add(candidates, value, description, &err), PLEXCTL_OK);
}

static const struct add_case {
    const char *typed, *value;
    bool no_dash, is_kept;
} adds[] = {
    {"", "a", false, true},
    {"ab", "abc", false, true},
    {"ab", "ab", false, true},
    {"ab", "a", false, false},
    {"ab", "Abc", false, false},
    {"", "", false, false},
    {"", "-x", false, true},
    {"", "-x", true, false},
    {"-", "-x", true, false},
    {"", "a-x", true, true},
    {"", "$(touch x)`y`'\"; &", false, true},
    {"", "a\\b", false, true},
    {"", "a\nb", false, false},
    {"", "a\tb", false, false},
    {"", "a\rb", false, false},
    {"", "\x1b[2J", false, false},
    {"", "\x7f", false, false},
    {"", "\xc2\x9b", false, false},
    {"", "\xe2\x80\xae", false, false},
    {"", "\xe2\x80\x8b", false, false},
    {"", "\xff", false, false},
    {"", "\xc3\xa4", false, true},
};

START_TEST(candidates_add_drops_what_cannot_stand)
{
    const struct add_case *row = &adds[_i];
    auto_candidates struct candidates candidates = CANDIDATES_INIT;

    candidates.typed = row->typed;
    candidates.no_dash = row->no_dash;
    offer(&candidates, row->value, NULL);
    ck_assert_int_eq(candidates.list.len > 0, row->is_kept);
}
END_TEST

START_TEST(candidates_add_takes_up_to_its_maximum)
{
    auto_candidates struct candidates candidates = CANDIDATES_INIT;
    char value[CANDIDATES_VALUE_MAX_BYTES + 2];

    memset(value, 'x', sizeof value);
    value[CANDIDATES_VALUE_MAX_BYTES + 1] = '\0';
    offer(&candidates, value, NULL);
    ck_assert_uint_eq(candidates.list.len, 0);
    value[CANDIDATES_VALUE_MAX_BYTES] = '\0';
    offer(&candidates, value, NULL);
    ck_assert_uint_eq(candidates.list.len, CANDIDATES_VALUE_MAX_BYTES + 2);
}
END_TEST

START_TEST(candidates_add_to_a_full_list_fails_and_keeps_the_others)
{
    auto_candidates struct candidates candidates = CANDIDATES_INIT;
    auto_shell_words struct shell_words words = SHELL_WORDS_INIT;
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    candidates.list.max = 10;
    offer(&candidates, "one", "1");
    ck_assert_int_eq(candidates_add(&candidates, "three", NULL, &err), PLEXCTL_FAILED);
    offer(&candidates, "tw", NULL);
    ck_assert_int_eq(shell_words_copy(0, NULL, &words, &err), PLEXCTL_OK);
    print(&candidates, &words, 0, false, &out);
    ck_assert_str_eq(buf_text(&out), "words\none\t1\ntw\t\n");
}
END_TEST

START_TEST(candidates_print_sanitises_and_cuts_descriptions)
{
    auto_candidates struct candidates candidates = CANDIDATES_INIT;
    auto_shell_words struct shell_words words = SHELL_WORDS_INIT;
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;
    char much[2000];

    memset(much, 'y', sizeof much);
    much[sizeof much - 1] = '\0';
    offer(&candidates, "a", "x\ny\tz\x1b[2J");
    offer(&candidates, "b", much);
    ck_assert_int_eq(shell_words_copy(0, NULL, &words, &err), PLEXCTL_OK);
    print(&candidates, &words, 0, false, &out);
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "a\tx\\x0ay\\x09z\\x1b[2J\nb\tyyy"));
    ck_assert_uint_lt(out.len, 400);
}
END_TEST

static const struct print_case {
    const char *line; /* of bash */
    size_t before;
    bool wants_files, is_bash;
    const char *printed;
} prints[] = {
    {"plexctl ", 0, false, false, "words\ntwo words\td\n"},
    {"plexctl ", 0, false, true, "words\ntwo\\ words\n"},
    {"plexctl 't", 0, false, true, "words\ntwo words\n"},
    {"plexctl --x=t", 4, false, false, "words\n--x=two words\td\n"},
    {"plexctl --x=t", 4, false, true, "words\ntwo\\ words\n"},
    {"plexctl -kt", 2, false, true, "words\n-ktwo\\ words\n"},
    {"plexctl '--x=t", 4, false, true, "words\n--x=two words\n"},
    {"plexctl --x=t", 4, true, false, "files 4\n--x=two words\td\n"},
};

START_TEST(candidates_print_gives_the_whole_word_and_to_bash_its_part)
{
    const struct print_case *row = &prints[_i];
    auto_candidates struct candidates candidates = CANDIDATES_INIT;
    auto_shell_words struct shell_words words = SHELL_WORDS_INIT;
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(shell_words_split(row->line, " =", &words, &err), PLEXCTL_OK);
    candidates.wants_files = row->wants_files;
    offer(&candidates, "two words", "d");
    print(&candidates, &words, row->before, row->is_bash, &out);
    ck_assert_str_eq(buf_text(&out), row->printed);
}
END_TEST

START_TEST(candidates_add_without_memory_says_so)
{
    plexctl_status status = PLEXCTL_NO_MEMORY;

    for (unsigned long n = 1; heap_is_ours() && status != PLEXCTL_OK; n++) {
        auto_candidates struct candidates candidates = CANDIDATES_INIT;
        struct error err = ERROR_INIT;
        heap_fail(n, false);
        status = candidates_add(&candidates, "value", "description", &err);
        heap_fail(0, false);
        ck_assert(status == PLEXCTL_NO_MEMORY || candidates.list.len > 0);
        ck_assert_uint_lt(n, 1000);
    }
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("candidates");
    TCase *tests = tcase_create("candidates");

    tcase_add_loop_test(tests, candidates_add_drops_what_cannot_stand, 0, COUNT(adds));
    tcase_add_test(tests, candidates_add_takes_up_to_its_maximum);
    tcase_add_test(tests, candidates_add_to_a_full_list_fails_and_keeps_the_others);
    tcase_add_test(tests, candidates_print_sanitises_and_cuts_descriptions);
    tcase_add_loop_test(tests, candidates_print_gives_the_whole_word_and_to_bash_its_part, 0, COUNT(prints));
    tcase_add_test(tests, candidates_add_without_memory_says_so);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
