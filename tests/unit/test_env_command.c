/* SPDX-License-Identifier: Apache-2.0 */
#include "env_command.h"

#include <string.h>

#include "capture.h"
#include "fake_loader.h"
#include "output.h"
#include "settings_run.h"

static struct capture capture;

struct env_case {
    const char *server; /* of --server */
    const char *shell;
    int32_t format;
    bool is_revealed;
    plexctl_status status;
    const char *says;
};

/* What it prints stays in `capture`. */
static plexctl_status run(const struct env_case *row, struct error *err)
{
    struct loader loader = {.http = &settings_run_http};
    struct option_value flags[] = {{.name = "reveal-secrets", .type = PLEXCTL_BOOL, .number = row->is_revealed},
                                   {.name = "server", .text = row->server, .given = row->server != NULL}};
    struct option_value values[] = {{.name = "shell", .text = row->shell}};
    struct app app = {.loader = &loader,
                      .command = &env_command,
                      .format = row->format,
                      .persistent = {.rows = flags, .count = 2},
                      .values = {.rows = values, .count = 1}};

    ck_assert_int_eq(credential_store_new(output_warning, &app.store, err), PLEXCTL_OK);
    settings_init(&app.settings, &app.persistent, app.store);
    capture_start(&capture, STDOUT_FILENO);
    plexctl_status status = env_command_run(&app, err);
    (void)capture_end(&capture);
    settings_release(&app.settings);
    credential_store_free(app.store);
    return status;
}

static const struct env_case printing[] = {
    {NULL, "sh", PLEXCTL_OUTPUT_TABLE, true, PLEXCTL_OK,
     "export PLEXSPHERE_ENDPOINT='https://work.test'\nexport PLEXSPHERE_TOKEN='work-token'\n"},
    {"https://work.test/it's\\", "bash", PLEXCTL_OUTPUT_TABLE, true, PLEXCTL_OK,
     "export PLEXSPHERE_ENDPOINT='https://work.test/it'\\''s\\'\nexport PLEXSPHERE_TOKEN='work-token'\n"},
    {"https://work.test/it's\\", "fish", PLEXCTL_OUTPUT_TABLE, true, PLEXCTL_OK,
     "set -gx PLEXSPHERE_ENDPOINT 'https://work.test/it'\\''s\\\\'\nset -gx PLEXSPHERE_TOKEN 'work-token'\n"},
    {NULL, "fish", PLEXCTL_OUTPUT_JSON, true, PLEXCTL_OK,
     "{\n  \"PLEXSPHERE_ENDPOINT\": \"https://work.test\",\n  \"PLEXSPHERE_TOKEN\": \"work-token\"\n}\n"},
    {NULL, "sh", PLEXCTL_OUTPUT_YAML, true, PLEXCTL_OK,
     "PLEXSPHERE_ENDPOINT: https://work.test\nPLEXSPHERE_TOKEN: work-token\n"},
};

START_TEST(env_prints_server_and_token)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(run(&printing[_i], &err), PLEXCTL_OK);
    ck_assert_str_eq(capture.text, printing[_i].says);
}
END_TEST

static const struct env_case refusing[] = {
    {NULL, "sh", PLEXCTL_OUTPUT_TABLE, false, PLEXCTL_USAGE, "give --reveal-secrets"},
    {"ftp://work.test", "sh", PLEXCTL_OUTPUT_JSON, false, PLEXCTL_USAGE, "give --reveal-secrets"},
    {"ftp://work.test", "sh", PLEXCTL_OUTPUT_TABLE, true, PLEXCTL_USAGE, "--server: "},
    {"https://elsewhere.test", "sh", PLEXCTL_OUTPUT_TABLE, true, PLEXCTL_NO_TOKEN, "is not sent to"},
};

START_TEST(env_refused_prints_nothing)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(run(&refusing[_i], &err), refusing[_i].status);
    ck_assert_msg(strstr(err.text, refusing[_i].says) != NULL, "%s", err.text);
    ck_assert_str_eq(capture.text, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("env_command");
    TCase *tcase = tcase_create("env");

    tcase_add_checked_fixture(tcase, settings_run_set_up, NULL);
    tcase_add_loop_test(tcase, env_prints_server_and_token, 0, sizeof printing / sizeof printing[0]);
    tcase_add_loop_test(tcase, env_refused_prints_nothing, 0, sizeof refusing / sizeof refusing[0]);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
