/* SPDX-License-Identifier: Apache-2.0 */
#include "search_path.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

static const struct {
    const char *library_dir, *plugin_path, *home;
    const char *expected; /* joined with ':' */
} rows[] = {
    {"/opt/lib/plexctl", NULL, NULL, "/opt/lib/plexctl/commands:/opt/lib/plexctl/plugins"},
    {"/l", "", NULL, "/l/commands:/l/plugins"},
    {"/l", NULL, "/home/me", "/l/commands:/home/me/.local/lib/plexctl/plugins:/l/plugins"},
    {"/l", "/a:/b", "/h", "/l/commands:/a:/b:/h/.local/lib/plexctl/plugins:/l/plugins"},
    {"/l", ":/a::/b:", NULL, "/l/commands:/a:/b:/l/plugins"},
    {"/l", "a:./b:../c:/d:~/e", NULL, "/l/commands:/d:/l/plugins"},
    {"/l", NULL, "home/me", "/l/commands:/l/plugins"},
    {"/l", NULL, ".", "/l/commands:/l/plugins"},
    {"/l", "/a:/a/:/a//:/b:/a", NULL, "/l/commands:/a:/b:/l/plugins"},
    {"/l", "/l/commands:/l/plugins:/a", NULL, "/l/commands:/l/plugins:/a"},
    {"/l/", "/", "/", "/l/commands:/:/.local/lib/plexctl/plugins:/l/plugins"},
    /* installed below ~/.local: what the person adds there is not built in */
    {"/h/.local/lib/plexctl", NULL, "/h", "/h/.local/lib/plexctl/commands:/h/.local/lib/plexctl/plugins"},
};

START_TEST(search_path_build_gives_order)
{
    struct search_path path = SEARCH_PATH_INIT;
    struct error err = ERROR_INIT;
    char joined[512] = "";
    size_t used = 0;

    ck_assert_int_eq(search_path_build(rows[_i].library_dir, rows[_i].plugin_path, rows[_i].home, &path, &err),
                     PLEXCTL_OK);
    for (size_t i = 0; i < path.count; i++) {
        ck_assert_int_eq(path.rows[i].is_built_in, i == 0);
        used += (size_t)snprintf(joined + used, sizeof joined - used, "%s%s", i > 0 ? ":" : "", path.rows[i].path);
        ck_assert_uint_lt(used, sizeof joined);
    }
    ck_assert_str_eq(joined, rows[_i].expected);
    search_path_release(&path);
    ck_assert_uint_eq(path.count, 0);
}
END_TEST

START_TEST(search_path_build_with_relative_library_is_refused)
{
    struct search_path path = SEARCH_PATH_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(search_path_build("lib/plexctl", "/a", "/h", &path, &err), PLEXCTL_FAILED);
    ck_assert_uint_eq(path.count, 0);
    ck_assert_str_ne(err.text, "");
}
END_TEST

static const struct {
    const char *executable, *from_bin, *expected;
} libraries[] = {
    {"/opt/plexctl/bin/plexctl", "../lib/plexctl", "/opt/plexctl/lib/plexctl"},
    {"/usr/bin/plexctl", "../lib/x86_64-linux-gnu/plexctl", "/usr/lib/x86_64-linux-gnu/plexctl"},
    {"/usr/local/bin/plexctl", "../../../opt/lib/plexctl", "/opt/lib/plexctl"},
    {"/bin/plexctl", "../lib/plexctl", "/lib/plexctl"},
    {"/plexctl", "../../lib/plexctl", "/lib/plexctl"},
    {"/a/bin/plexctl", "plexctl", "/a/bin/plexctl"},
    {"/a/bin/plexctl", ".", "/a/bin"},
    {"/a/..b/bin/plexctl", "../..lib/.plexctl", "/a/..b/..lib/.plexctl"},
    {"/a/bin/plexctl (deleted)", "../lib/plexctl", "/a/lib/plexctl"},
    {"/a/bin/plexctl", "./..//lib/./plexctl/", "/a/lib/plexctl"},
};

START_TEST(search_path_find_library_gives_plain_path)
{
    struct error err = ERROR_INIT;
    char *library_dir = NULL;

    ck_assert_int_eq(search_path_find_library(libraries[_i].executable, libraries[_i].from_bin, &library_dir, &err),
                     PLEXCTL_OK);
    ck_assert_str_eq(library_dir, libraries[_i].expected);
    free(library_dir);
}
END_TEST

START_TEST(search_path_find_library_of_relative_executable_is_refused)
{
    static const char *const executables[] = {"", "plexctl", "bin/plexctl", "memfd:plexctl (deleted)"};
    struct error err = ERROR_INIT;
    char *library_dir = NULL;

    ck_assert_int_eq(search_path_find_library(executables[_i], "../lib/plexctl", &library_dir, &err), PLEXCTL_FAILED);
    ck_assert_ptr_null(library_dir);
    ck_assert_str_ne(err.text, "");
}
END_TEST

static Suite *search_path_suite(void)
{
    Suite *suite = suite_create("search_path");
    TCase *cases = tcase_create("search_path");

    tcase_add_loop_test(cases, search_path_build_gives_order, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(cases, search_path_build_with_relative_library_is_refused);
    tcase_add_loop_test(cases, search_path_find_library_gives_plain_path, 0,
                        (int)(sizeof libraries / sizeof libraries[0]));
    tcase_add_loop_test(cases, search_path_find_library_of_relative_executable_is_refused, 0, 4);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return unit_run(search_path_suite());
}
