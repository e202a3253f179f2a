/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <string.h>

#include "unit.h"

#define TEXT_MAX (ERROR_TEXT_SIZE - 1)

START_TEST(error_set_formats_and_returns_status)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(error_set(&err, PLEXCTL_USAGE, "flag --%s: %d", "x", 7), PLEXCTL_USAGE);
    ck_assert_int_eq(err.status, PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "flag --x: 7");
}
END_TEST

START_TEST(error_set_replaces_what_was_there)
{
    struct error err = ERROR_INIT;

    (void)error_set(&err, PLEXCTL_FAILED, "a much longer first text");
    (void)error_set(&err, PLEXCTL_DENIED, "no");
    ck_assert_int_eq(err.status, PLEXCTL_DENIED);
    ck_assert_str_eq(err.text, "no");
}
END_TEST

START_TEST(error_set_quoting_its_own_text_keeps_it)
{
    struct error err = ERROR_INIT;

    (void)error_set(&err, PLEXCTL_FAILED, "disk full");
    (void)error_set(&err, PLEXCTL_FAILED, "saved, but %s", err.text);
    ck_assert_str_eq(err.text, "saved, but disk full");
    (void)error_prefix(&err, "first %s", err.text);
    ck_assert_str_eq(err.text, "first saved, but disk full: saved, but disk full");
}
END_TEST

static const struct {
    const char *tail;
    size_t kept; /* bytes of `tail` that end at TEXT_MAX or before, when `tail` starts `room` bytes before TEXT_MAX */
    size_t room;
} cuts[] = {
    {"aaaa", 2, 2},
    {"\xC3\xA9z", 2, 2},
    {"\xC3\xA9z", 0, 1},
    {"\xE2\x82\xACz", 3, 3},
    {"\xE2\x82\xACz", 0, 2},
    {"\xE2\x82\xACz", 0, 1},
    {"\xE0\xA4\x85z", 0, 2},
    {"\xF0\x9F\x98\x80z", 4, 4},
    {"\xF0\x9F\x98\x80z", 0, 3},
    {"\xF0\x9F\x98\x80z", 0, 1},
    {"a\xF0\x9F\x98\x80z", 1, 4},
};

START_TEST(error_set_long_text_is_cut_at_a_character)
{
    struct error err = ERROR_INIT;
    char text[2 * ERROR_TEXT_SIZE];
    size_t start = TEXT_MAX - cuts[_i].room;

    memset(text, 'x', start);
    memcpy(text + start, cuts[_i].tail, strlen(cuts[_i].tail) + 1);
    (void)error_set(&err, PLEXCTL_FAILED, "%s", text);
    ck_assert_uint_eq(strlen(err.text), start + cuts[_i].kept);
    ck_assert_int_eq(memcmp(err.text, text, start + cuts[_i].kept), 0);
}
END_TEST

START_TEST(error_prefix_long_text_is_cut_at_a_character)
{
    struct error err = ERROR_INIT;
    char prefix[ERROR_TEXT_SIZE];

    memset(prefix, 'p', sizeof prefix);
    prefix[TEXT_MAX - 3] = '\0';
    (void)error_set(&err, PLEXCTL_NO_SERVER, "\xC3\xA9");
    ck_assert_int_eq(error_prefix(&err, "%s", prefix), PLEXCTL_NO_SERVER);
    ck_assert_uint_eq(strlen(err.text), TEXT_MAX - 1);
    ck_assert_str_eq(err.text + TEXT_MAX - 4, "p: ");

    memset(prefix, 'p', sizeof prefix);
    prefix[sizeof prefix - 1] = '\0';
    ck_assert_int_eq(error_prefix(&err, "%s", prefix), PLEXCTL_NO_SERVER);
    ck_assert_str_eq(err.text, prefix);
}
END_TEST

START_TEST(error_set_errno_ends_in_the_reason)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(error_set_errno(&err, PLEXCTL_FAILED, ENOSPC, "cannot write %s", "x"), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "cannot write x: No space left on device");
    (void)error_set_errno(&err, PLEXCTL_FAILED, 99999, "cannot");
    ck_assert_str_eq(err.text, "cannot: Unknown error 99999");
    ck_assert_int_eq(error_set_errno(&err, PLEXCTL_FAILED, ENOMEM, "cannot"), PLEXCTL_NO_MEMORY);
    ck_assert_int_eq(err.status, PLEXCTL_NO_MEMORY);
}
END_TEST

START_TEST(error_set_errno_long_text_keeps_the_reason)
{
    static const char reason[] = ": Permission denied";
    struct error err = ERROR_INIT;
    char path[2 * ERROR_TEXT_SIZE];

    memset(path, 'd', sizeof path);
    path[sizeof path - 1] = '\0';
    (void)error_set_errno(&err, PLEXCTL_FAILED, EACCES, "cannot open %s", path);
    ck_assert_uint_eq(strlen(err.text), TEXT_MAX);
    ck_assert_str_eq(err.text + TEXT_MAX - strlen(reason), reason);
}
END_TEST

START_TEST(error_set_to_an_empty_text_is_empty)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(error_set(&err, PLEXCTL_FAILED, "%s", ""), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "");
}
END_TEST

START_TEST(error_no_memory_says_so)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(error_no_memory(&err), PLEXCTL_NO_MEMORY);
    ck_assert_int_eq(err.status, PLEXCTL_NO_MEMORY);
    ck_assert_str_eq(err.text, "out of memory");
}
END_TEST

START_TEST(error_prefix_stands_before_and_keeps_status)
{
    struct error err = ERROR_INIT;

    (void)error_set(&err, PLEXCTL_NO_TOKEN, "it is empty");
    ck_assert_int_eq(error_prefix(&err, "--token-file %s", "t"), PLEXCTL_NO_TOKEN);
    ck_assert_str_eq(err.text, "--token-file t: it is empty");
}
END_TEST

START_TEST(error_prefix_without_an_error_does_nothing)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(error_prefix(&err, "nothing"), PLEXCTL_OK);
    ck_assert_int_eq(err.status, PLEXCTL_OK);
    ck_assert_str_eq(err.text, "");
}
END_TEST

START_TEST(error_advise_ends_the_text_once)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(error_advise(&err, "nothing failed"), PLEXCTL_OK);
    ck_assert_str_eq(err.text, "");
    (void)error_set(&err, PLEXCTL_FAILED, "full; of it");
    ck_assert_str_eq(error_advice(&err), "");
    ck_assert_int_eq(error_advise(&err, "make room"), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "full; of it; make room");
    (void)error_prefix(&err, "saving");
    (void)error_advise(&err, "wait; then log in");
    ck_assert_str_eq(err.text, "saving: full; of it; wait; then log in");
    ck_assert_str_eq(error_advice(&err), "wait; then log in");
    (void)error_advise(&err, NULL);
    ck_assert_str_eq(err.text, "saving: full; of it");
    ck_assert_str_eq(error_advice(&err), "");
    (void)error_advise(&err, "make room");
    (void)error_set(&err, PLEXCTL_FAILED, "another");
    ck_assert_str_eq(error_advice(&err), "");
}
END_TEST

/* However much of it a prefix pushes over the end. */
START_TEST(error_advise_cut_text_keeps_what_fits)
{
    char fill[ERROR_TEXT_SIZE];

    for (size_t room = 0; room < 12; room++) {
        struct error err = ERROR_INIT;
        memset(fill, 'x', sizeof fill);
        fill[TEXT_MAX - strlen(": full") - room] = '\0';
        (void)error_set(&err, PLEXCTL_FAILED, "full");
        (void)error_advise(&err, "go on");
        (void)error_prefix(&err, "%s", fill);
        size_t kept = room < strlen("; go on") ? room : strlen("; go on");
        ck_assert_uint_eq(strlen(err.text), TEXT_MAX - room + kept);
        ck_assert_uint_eq(strlen(error_advice(&err)), kept > 2 ? kept - 2 : 0);
        (void)error_advise(&err, NULL);
        ck_assert_str_eq(err.text + strlen(err.text) - 6, ": full");
    }
}
END_TEST

static void assert_bare(const struct error *err)
{
    ck_assert_int_eq(err->number, 0);
    ck_assert_uint_eq(err->advice_len, 0);
}

START_TEST(error_clear_empties)
{
    struct error err = ERROR_INIT;

    (void)error_set_errno(&err, PLEXCTL_FAILED, EIO, "x");
    (void)error_advise(&err, "do y");
    error_clear(&err);
    ck_assert_int_eq(err.status, PLEXCTL_OK);
    ck_assert_str_eq(err.text, "");
    assert_bare(&err);
}
END_TEST

START_TEST(error_set_anew_keeps_neither_errno_nor_advice)
{
    struct error err = ERROR_INIT;

    (void)error_set_errno(&err, PLEXCTL_FAILED, EIO, "x");
    ck_assert_int_eq(err.number, EIO);
    (void)error_advise(&err, "do y");
    (void)error_set_errno(&err, PLEXCTL_FAILED, EACCES, "x");
    ck_assert_int_eq(err.number, EACCES);
    ck_assert_uint_eq(err.advice_len, 0);
    (void)error_advise(&err, "do y");
    (void)error_advise(&err, NULL);
    ck_assert_uint_eq(err.advice_len, 0);
    (void)error_advise(&err, "do y");
    (void)error_set(&err, PLEXCTL_FAILED, "z");
    assert_bare(&err);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("error");
    TCase *tcase = tcase_create("error");

    tcase_add_test(tcase, error_set_formats_and_returns_status);
    tcase_add_test(tcase, error_set_replaces_what_was_there);
    tcase_add_test(tcase, error_set_quoting_its_own_text_keeps_it);
    tcase_add_loop_test(tcase, error_set_long_text_is_cut_at_a_character, 0, (int)(sizeof cuts / sizeof cuts[0]));
    tcase_add_test(tcase, error_prefix_long_text_is_cut_at_a_character);
    tcase_add_test(tcase, error_set_errno_ends_in_the_reason);
    tcase_add_test(tcase, error_set_errno_long_text_keeps_the_reason);
    tcase_add_test(tcase, error_set_to_an_empty_text_is_empty);
    tcase_add_test(tcase, error_no_memory_says_so);
    tcase_add_test(tcase, error_prefix_stands_before_and_keeps_status);
    tcase_add_test(tcase, error_prefix_without_an_error_does_nothing);
    tcase_add_test(tcase, error_advise_ends_the_text_once);
    tcase_add_test(tcase, error_advise_cut_text_keeps_what_fits);
    tcase_add_test(tcase, error_clear_empties);
    tcase_add_test(tcase, error_set_anew_keeps_neither_errno_nor_advice);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
