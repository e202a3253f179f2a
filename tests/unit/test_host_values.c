/* SPDX-License-Identifier: Apache-2.0
 *
 * What a plugin reads of the command line: its own flags and arguments, and the persistent ones as they were typed.
 */
#include "host.h"

#include "unit.h"

static struct option_value rows[] = {{.name = "name", .text = "value", .type = PLEXCTL_STRING, .given = true},
                                     {.name = "count", .text = "7", .type = PLEXCTL_INT, .number = 7},
                                     {.name = "later", .text = "own", .type = PLEXCTL_STRING},
                                     {.name = "force", .type = PLEXCTL_BOOL, .number = 1, .given = true}};
static struct option_value persistent[] = {{.name = "server", .text = "no URL", .type = PLEXCTL_STRING, .given = true},
                                           {.name = "profile", .type = PLEXCTL_PROFILE},
                                           {.name = "output", .text = "table", .type = PLEXCTL_ENUM},
                                           {.name = "later", .text = "plexctl's", .given = true},
                                           {.name = "yes", .type = PLEXCTL_BOOL, .number = 1, .given = true}};

static void run(plexctl_status (*body)(const struct plexctl_host *host))
{
    const struct plexctl_command command = {.size = sizeof command, .name = "test", .summary = "s", .run = body};
    struct app app = {.command = &command,
                      .values = {.rows = rows, .count = sizeof rows / sizeof rows[0]},
                      .persistent = {.rows = persistent, .count = sizeof persistent / sizeof persistent[0]}};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(host_run(&app, &err), PLEXCTL_OK);
}

static plexctl_status read_values(const struct plexctl_host *host)
{
    const struct plexctl_host_values *values = host->values;

    ck_assert_str_eq(values->string(host, "name"), "value");
    ck_assert_str_eq(values->string(host, "count"), "7");
    ck_assert_ptr_null(values->string(host, "force"));
    ck_assert_ptr_null(values->string(host, "unknown"));
    ck_assert_ptr_null(values->string(host, NULL));
    ck_assert_int_eq(values->integer(host, "count"), 7);
    ck_assert_int_eq(values->integer(host, "force"), 0);
    ck_assert_int_eq(values->boolean(host, "force"), 1);
    ck_assert_int_eq(values->boolean(host, "name"), 0);
    ck_assert_int_eq(values->given(host, "name"), 1);
    ck_assert_int_eq(values->given(host, "count"), 0);
    return PLEXCTL_OK;
}

START_TEST(values_are_read_by_name_and_type)
{
    run(read_values);
}
END_TEST

static plexctl_status read_persistent(const struct plexctl_host *host)
{
    const struct plexctl_host_values *values = host->values;

    ck_assert_str_eq(values->string(host, "server"), "no URL");
    ck_assert_int_eq(values->given(host, "server"), 1);
    ck_assert_ptr_null(values->string(host, "profile"));
    ck_assert_int_eq(values->given(host, "profile"), 0);
    ck_assert_str_eq(values->string(host, "output"), "table");
    ck_assert_int_eq(values->given(host, "output"), 0);
    ck_assert_ptr_null(values->string(host, "yes"));
    ck_assert_int_eq(values->given(host, "yes"), 1);
    ck_assert_int_eq(values->boolean(host, "yes"), 0);
    ck_assert_ptr_null(host->settings->server(host)); /* none of it is resolved */
    ck_assert_ptr_null(host->settings->profile(host));
    ck_assert_int_eq(host->settings->yes(host), 1);
    return PLEXCTL_OK;
}

START_TEST(values_string_knows_persistent_flags_as_typed)
{
    run(read_persistent);
}
END_TEST

static plexctl_status read_own(const struct plexctl_host *host)
{
    ck_assert_str_eq(host->values->string(host, "later"), "own");
    ck_assert_int_eq(host->values->given(host, "later"), 0);
    return PLEXCTL_OK;
}

START_TEST(values_of_the_command_come_before_persistent_flags)
{
    run(read_own);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host/values");
    TCase *tests = tcase_create("run");

    tcase_add_test(tests, values_are_read_by_name_and_type);
    tcase_add_test(tests, values_string_knows_persistent_flags_as_typed);
    tcase_add_test(tests, values_of_the_command_come_before_persistent_flags);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
