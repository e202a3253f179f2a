/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <string.h>

#include "fake_host.h"

static struct fake_host fake;

static void set_up(void)
{
    fake_host_init(&fake);
}

static void tear_down(void)
{
    fake_host_release(&fake);
}

static const struct plexctl_command *subcommand(const char *name)
{
    const struct plexctl_command *const *row = plexctl_plugin_v1()->command->subcommands;

    while (*row && strcmp((*row)->name, name) != 0)
        row++;
    ck_assert_ptr_nonnull(*row);
    return *row;
}

START_TEST(profile_record_has_no_run_of_its_own)
{
    const struct plexctl_command *profile = plexctl_plugin_v1()->command;

    ck_assert_str_eq(profile->name, "profile");
    ck_assert(!profile->run);
    ck_assert_ptr_null(profile->subcommands[3]);
    for (size_t i = 0; i < 3; i++)
        ck_assert_uint_eq(profile->subcommands[i]->needs, 0);
}
END_TEST

START_TEST(profile_list_columns_name_members)
{
    static const char *const wanted[][2] = {
        {"default", "DEFAULT"}, {"name", "NAME"}, {"server", "SERVER"}, {"expires_at", "EXPIRES"}};
    const struct plexctl_command *list = subcommand("list");

    ck_assert_uint_eq(list->columns.count, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_str_eq(list->columns.rows[i].key, wanted[i][0]);
        ck_assert_str_eq(list->columns.rows[i].title, wanted[i][1]);
    }
}
END_TEST

START_TEST(profile_list_emits_what_the_store_has)
{
    static const char *const texts[] = {"[{\"name\":\"b\",\"default\":false},{\"name\":\"a\",\"default\":true}]", "[]"};

    fake.profiles = texts[_i];
    ck_assert_int_eq(fake_host_run(&fake, subcommand("list")), PLEXCTL_OK);
    ck_assert_uint_eq(fake.out.len, strlen(texts[_i]) + 1);
    ck_assert_int_eq(strncmp(buf_text(&fake.out), texts[_i], strlen(texts[_i])), 0);
    ck_assert_uint_eq(fake.request_count, 0);
}
END_TEST

START_TEST(profile_show_describes_named_one)
{
    static const struct fake_value named[] = {{"NAME", "staging"}, {NULL, NULL}};

    fake.profiles = "{\"name\":\"staging\"}";
    fake.values = _i ? named : NULL;
    ck_assert_int_eq(fake_host_run(&fake, subcommand("show")), PLEXCTL_OK);
    if (_i)
        ck_assert_str_eq(fake.described, "staging");
    else
        ck_assert_ptr_null(fake.described);
    ck_assert_str_eq(buf_text(&fake.out), "{\"name\":\"staging\"}\n");
    ck_assert_uint_eq(fake.request_count, 0);
}
END_TEST

START_TEST(profile_store_failure_is_handed_on)
{
    static const char *const names[] = {"list", "show", "doctor"};

    ck_assert_int_eq(fake_host_run(&fake, subcommand(names[_i])), PLEXCTL_NO_TOKEN);
    ck_assert_str_eq(fake.failure.text, "no such profile");
    ck_assert_uint_eq(fake.emit_count, 0);
}
END_TEST

static const struct report {
    const char *findings;
    plexctl_status status;
    const char *text;
} reports[] = {{"[{\"verdict\":\"ok\"}]", PLEXCTL_OK, ""},
               {"[{\"verdict\":\"note\"},{\"verdict\":\"ok\"}]", PLEXCTL_OK, ""},
               {"[{\"verdict\":\"ok\"},{\"verdict\":\"fault\"}]", PLEXCTL_FAILED, "1 fault was found;"},
               {"[{\"verdict\":\"fault\"},{\"verdict\":\"note\"},{\"verdict\":\"fault\"}]", PLEXCTL_FAILED,
                "2 faults were found;"}};

START_TEST(profile_doctor_fails_by_faults_only)
{
    const struct report *report = &reports[_i];

    fake.profiles = report->findings;
    ck_assert_int_eq(fake_host_run(&fake, subcommand("doctor")), report->status);
    ck_assert_uint_eq(fake.out.len, strlen(report->findings) + 1);
    ck_assert_int_eq(strncmp(buf_text(&fake.out), report->findings, strlen(report->findings)), 0);
    ck_assert_int_eq(strncmp(fake.failure.text, report->text, strlen(report->text)), 0);
    ck_assert_uint_eq(fake.request_count, 0);
}
END_TEST

START_TEST(profile_doctor_that_cannot_print_says_so)
{
    fake.profiles = reports[2].findings;
    fake.line_fails_at = 1;
    ck_assert_int_eq(fake_host_run(&fake, subcommand("doctor")), PLEXCTL_FAILED);
    ck_assert_str_eq(fake.failure.text, "cannot write to standard output");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("profile");
    TCase *tests = tcase_create("run");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, profile_record_has_no_run_of_its_own);
    tcase_add_test(tests, profile_list_columns_name_members);
    tcase_add_loop_test(tests, profile_list_emits_what_the_store_has, 0, 2);
    tcase_add_loop_test(tests, profile_show_describes_named_one, 0, 2);
    tcase_add_loop_test(tests, profile_store_failure_is_handed_on, 0, 3);
    tcase_add_loop_test(tests, profile_doctor_fails_by_faults_only, 0, (int)(sizeof reports / sizeof reports[0]));
    tcase_add_test(tests, profile_doctor_that_cannot_print_says_so);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
