/* SPDX-License-Identifier: Apache-2.0
 *
 * trace: when it is on, and what it says of the settings.
 */
#include "trace.h"

#include <stdlib.h>

#include "capture.h"
#include "output.h"
#include "unit.h"

static const struct on_row {
    const char *variable;
    bool given;
    int64_t flag;
    bool is_on;
} on_rows[] = {
    {NULL, false, 0, false}, {"", false, 0, false}, {"0", false, 0, false}, {"1", false, 0, true},
    {"yes", false, 0, true}, {NULL, true, 1, true}, {"0", true, 1, true},   {"1", true, 0, false},
};

static void set_variable(const char *value)
{
    if (value)
        ck_assert_int_eq(setenv("PLEXCTL_DEBUG", value, 1), 0);
    else
        ck_assert_int_eq(unsetenv("PLEXCTL_DEBUG"), 0);
}

static void configure(bool given, int64_t flag)
{
    struct option_value row = {.name = "debug", .type = PLEXCTL_BOOL, .given = given, .number = flag};
    const struct option_values persistent = {.rows = &row, .count = 1};

    trace_configure(&persistent);
}

START_TEST(trace_is_on_by_flag_then_variable)
{
    const struct on_row *row = &on_rows[_i];
    struct capture capture;

    set_variable(row->variable);
    configure(row->given, row->flag);
    ck_assert_int_eq(trace_is_on(), row->is_on);
    capture_start(&capture, STDERR_FILENO);
    trace("%s %d", "a\x1b[2J\nb", 7);
    ck_assert_str_eq(capture_end(&capture), row->is_on ? "plexctl: debug: a\\x1b[2J\\x0ab 7\n" : "");
}
END_TEST

START_TEST(trace_settings_names_sources_and_no_token)
{
    struct option_value output = {.name = "output", .text = "json", .type = PLEXCTL_ENUM, .given = true};
    struct app app = {.persistent = {.rows = &output, .count = 1},
                      .plugin_path = "/p/whoami.so",
                      .settings = {.server = (char *)(uintptr_t) "https://cp.test",
                                   .server_source = "PLEXSPHERE_URL",
                                   .profile = (char *)(uintptr_t) "work",
                                   .profile_source = "--profile",
                                   .token_source = "the profile"}};
    struct error err = ERROR_INIT;
    struct capture capture;

    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", "/c", 1), 0);
    ck_assert_int_eq(credential_store_new(output_warning, &app.store, &err), PLEXCTL_OK);
    ck_assert_int_eq(secret_set(&app.settings.token, "canary", 6, &err), PLEXCTL_OK);
    configure(true, 1);
    capture_start(&capture, STDERR_FILENO);
    trace_settings(&app);
    ck_assert_str_eq(capture_end(&capture), "plexctl: debug: plugin /p/whoami.so\n"
                                            "plexctl: debug: config file /c/plexctl/config.json\n"
                                            "plexctl: debug: profile \"work\" from --profile\n"
                                            "plexctl: debug: server https://cp.test from PLEXSPHERE_URL\n"
                                            "plexctl: debug: token from the profile\n"
                                            "plexctl: debug: output json from --output\n");
    secret_release(&app.settings.token);
    credential_store_free(app.store);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("trace");
    TCase *tcase = tcase_create("trace");

    tcase_add_loop_test(tcase, trace_is_on_by_flag_then_variable, 0, sizeof on_rows / sizeof on_rows[0]);
    tcase_add_test(tcase, trace_settings_names_sources_and_no_token);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
