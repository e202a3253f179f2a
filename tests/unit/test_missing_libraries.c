/* SPDX-License-Identifier: Apache-2.0 */
#include "missing_libraries.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "plugin_fixture.h"

static const char *plugin_path(const char *name, char path[static 512])
{
    (void)snprintf(path, 512, "%s/%s.so", getenv("PLEXCTL_TEST_PLUGINS"), name);
    return path;
}

START_TEST(missing_libraries_of_whole_object_are_none)
{
    struct plexctl_json *names = NULL;
    struct error err = ERROR_INIT;
    char path[512];

    ck_assert_msg(missing_libraries(plugin_path("hello", path), &names, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_int_eq(json_type(names), PLEXCTL_JSON_ARRAY);
    ck_assert_uint_eq(json_length(names), 0);
    ck_assert_ptr_null(getenv("LD_TRACE_LOADED_OBJECTS"));
    json_free(names);
}
END_TEST

START_TEST(missing_libraries_names_each)
{
    struct fixture_path root = fixture_new_directory();
    struct fixture_path path =
        fixture_install_patched("needs_libraries", root.text, "x.so", "\0none.so", "\0n\x1bne.so", 8);
    struct plexctl_json *names = NULL;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(missing_libraries(path.text, &names, &err), PLEXCTL_OK);
    ck_assert_uint_eq(json_length(names), 1);
    ck_assert_str_eq(json_string(json_at(names, 0)), "n\\x1bne.so");
    json_free(names);
    names = NULL;
    path = fixture_install_patched("needs_libraries", root.text, "x.so", "\0no", "\0yo", 3);
    ck_assert_int_eq(missing_libraries(path.text, &names, &err), PLEXCTL_OK);
    ck_assert_uint_eq(json_length(names), 2);
    ck_assert_str_eq(json_string(json_at(names, 0)), "yone.so");
    ck_assert_str_eq(json_string(json_at(names, 1)), "yor_this.so");
    json_free(names);
}
END_TEST

START_TEST(missing_libraries_runs_nothing_of_the_object)
{
    struct plexctl_json *names = NULL;
    struct error err = ERROR_INIT;
    char path[512], mark[512];

    (void)snprintf(mark, sizeof mark, "%s/mark", unit_scratch());
    ck_assert_int_eq(setenv("PLEXCTL_TEST_MARK", mark, 1), 0);
    ck_assert_int_eq(missing_libraries(plugin_path("mark", path), &names, &err), PLEXCTL_OK);
    ck_assert_int_ne(access(mark, F_OK), 0);
    json_free(names);
}
END_TEST

START_TEST(missing_libraries_of_no_object_are_none)
{
    struct plexctl_json *names = NULL;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(missing_libraries("/dev/null", &names, &err), PLEXCTL_OK);
    ck_assert_uint_eq(json_length(names), 0);
    json_free(names);
}
END_TEST

int main(void)
{
    if (!fixture_read_plugins())
        return 1;
    Suite *suite = suite_create("missing_libraries");
    TCase *tests = tcase_create("missing_libraries");

    tcase_add_test(tests, missing_libraries_of_whole_object_are_none);
    tcase_add_test(tests, missing_libraries_names_each);
    tcase_add_test(tests, missing_libraries_runs_nothing_of_the_object);
    tcase_add_test(tests, missing_libraries_of_no_object_are_none);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
