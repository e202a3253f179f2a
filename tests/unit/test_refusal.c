/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "refusal.h"
#include "unit.h"

START_TEST(refusal_name_file_escapes_path)
{
    struct error err = ERROR_INIT;

    (void)error_set(&err, PLEXCTL_FAILED, "why");
    ck_assert_int_eq(refusal_name_file(&err, "/a\x1b[31m\nb"), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "/a\\x1b[31m\\x0ab: why");
}
END_TEST

START_TEST(refusal_name_file_leaves_room_for_reason)
{
    char path[4096];
    struct error err = ERROR_INIT;

    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    (void)error_set(&err, PLEXCTL_FAILED, "why");
    (void)refusal_name_file(&err, path);
    ck_assert_ptr_nonnull(strstr(err.text, ": why"));
}
END_TEST

START_TEST(refusal_add_fix_keeps_status_and_reason)
{
    struct error err = ERROR_INIT;

    (void)error_set(&err, PLEXCTL_USAGE, "100%% wrong");
    ck_assert_int_eq(refusal_add_fix(&err, "do %s"), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "100% wrong; fix: do %s");
}
END_TEST

START_TEST(refusal_add_fix_leaves_out_of_memory_alone)
{
    struct error err = ERROR_INIT;

    (void)error_no_memory(&err);
    ck_assert_int_eq(refusal_add_fix(&err, "anything"), PLEXCTL_NO_MEMORY);
    ck_assert_ptr_null(strstr(err.text, "fix"));
}
END_TEST

static Suite *refusal_suite(void)
{
    Suite *suite = suite_create("refusal");
    TCase *cases = tcase_create("refusal");

    tcase_add_test(cases, refusal_name_file_escapes_path);
    tcase_add_test(cases, refusal_name_file_leaves_room_for_reason);
    tcase_add_test(cases, refusal_add_fix_keeps_status_and_reason);
    tcase_add_test(cases, refusal_add_fix_leaves_out_of_memory_alone);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return unit_run(refusal_suite());
}
