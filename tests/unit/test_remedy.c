/* SPDX-License-Identifier: Apache-2.0 */
#include "remedy.h"

#include <stdint.h>
#include <string.h>

#include "unit.h"

#define UNSHOWN " (PATH is the path, which cannot be shown whole)"

static const struct row {
    const char *remedy, *path, *text;
} rows[] = {
    {"run `rm @`", "/a/@", "run `rm /a/@`"},
    {REMEDY_MOVE, "/a b", "move it away: `mv --backup=numbered '/a b' '/a b'.old`"},
    {REMEDY_SUDO, "/a", REMEDY_SUDO},
    {"run `rm @`", "/a\n", "run `rm PATH`" UNSHOWN},
    {"run `ulimit`", "/a\n", "run `ulimit`"},
};

START_TEST(remedy_names_the_path_where_it_is_wanted)
{
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);

    remedy_append(&text, rows[_i].remedy, rows[_i].path);
    ck_assert_str_eq(buf_text(&text), rows[_i].text);
}
END_TEST

/* $(...) in a path that is cut would be run by whoever copies the command. */
START_TEST(remedy_for_a_long_path_names_no_path)
{
    struct error err = ERROR_INIT;
    char path[400];

    memset(path, 'x', sizeof path);
    path[sizeof path - 1] = '\0';
    memcpy(path, "/$(touch PWNED)", strlen("/$(touch PWNED)"));
    ck_assert_int_eq(remedy_refuse(&err, path, "is too large", REMEDY_MOVE), PLEXCTL_USAGE);
    ck_assert_str_eq(error_advice(&err), "move it away: `mv --backup=numbered PATH PATH.old`" UNSHOWN);
    ck_assert_ptr_nonnull(strstr(err.text, "'/$(touch PWNED)xxx"));
    ck_assert_ptr_nonnull(strstr(err.text, "xxx...' is too large; move"));
}
END_TEST

START_TEST(remedy_refuse_says_path_and_remedy)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(remedy_refuse(&err, "/a b", "is empty", "run `rm @`"), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "'/a b' is empty; run `rm '/a b'`");
    ck_assert_str_eq(error_advice(&err), "run `rm '/a b'`");
    ck_assert_int_eq(remedy_advise(&err, "run `ls @`", "/c"), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "'/a b' is empty; run `ls /c`");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("remedy");
    TCase *tests = tcase_create("remedy");

    tcase_add_loop_test(tests, remedy_names_the_path_where_it_is_wanted, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(tests, remedy_for_a_long_path_names_no_path);
    tcase_add_test(tests, remedy_refuse_says_path_and_remedy);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
