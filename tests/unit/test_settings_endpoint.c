/* SPDX-License-Identifier: Apache-2.0
 *
 * PLEXSPHERE_ENDPOINT beside PLEXSPHERE_TOKEN: `plexctl env` exports them as a pair, and the token goes to no other
 * server.
 */
#include "settings_run.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static const struct {
    const char *endpoint, *flag, *url, *token_file;
    plexctl_status status;
    const char *phrases[SETTINGS_RUN_PHRASES];
} rows[] = {
    {NULL, NULL, NULL, NULL, PLEXCTL_OK, {NULL}},
    {"", NULL, NULL, NULL, PLEXCTL_OK, {NULL}},
    {"https://work.test", NULL, NULL, NULL, PLEXCTL_OK, {NULL}},
    {"https://work.test:443/eu", NULL, NULL, NULL, PLEXCTL_OK, {NULL}},
    {"https://stage.test", NULL, NULL, NULL, PLEXCTL_NO_TOKEN, {"https://stage.test:443", "https://work.test:443"}},
    {"https://stage.test", "https://stage.test/eu", NULL, NULL, PLEXCTL_OK, {NULL}},
    {"https://stage.test", NULL, "https://other.test", NULL, PLEXCTL_NO_TOKEN, {"PLEXSPHERE_ENDPOINT", "other.test"}},
    {"stage.test", NULL, NULL, NULL, PLEXCTL_USAGE, {"PLEXSPHERE_ENDPOINT: "}},
    {"https://work.test?x", NULL, NULL, NULL, PLEXCTL_USAGE, {"PLEXSPHERE_ENDPOINT: ", "no query"}},
    /* A token that is not the pair's. */
    {"https://stage.test", NULL, NULL, "token", PLEXCTL_OK, {NULL}},
};

START_TEST(settings_token_of_a_pair_goes_to_its_endpoint_alone)
{
    struct settings_run run;
    char path[256];

    settings_run_set_variable("PLEXSPHERE_TOKEN", "of-the-pair");
    settings_run_set_variable("PLEXSPHERE_ENDPOINT", rows[_i].endpoint);
    settings_run_set_variable("PLEXSPHERE_URL", rows[_i].url);
    (void)snprintf(path, sizeof path, "%s/token", unit_scratch());
    settings_run_write_file(path, "of-the-file", strlen("of-the-file"));
    settings_run_begin(&run, rows[_i].flag, NULL, rows[_i].token_file ? path : NULL);
    ck_assert_int_eq(settings_resolve_server(&run.settings, &settings_run_http, false, &run.err), PLEXCTL_OK);
    plexctl_status status = settings_resolve_token(&run.settings, &settings_run_http, &run.err);
    ck_assert_msg(status == rows[_i].status, "%d: %s", (int)status, run.err.text);
    if (status == PLEXCTL_OK)
        ck_assert_str_eq(run.settings.token.text, rows[_i].token_file ? "of-the-file" : "of-the-pair");
    else
        ck_assert_ptr_null(run.settings.token.text);
    settings_run_assert_phrases(&run, rows[_i].phrases);
    ck_assert_ptr_null(strstr(run.err.text, "of-the-pair"));
    settings_run_end(&run);
}
END_TEST

/* The profile's own token has nothing to do with it. */
START_TEST(settings_token_of_a_profile_needs_no_endpoint)
{
    struct settings_run run;

    settings_run_set_variable("PLEXSPHERE_ENDPOINT", "no URL");
    settings_run_begin(&run, NULL, NULL, NULL);
    ck_assert_int_eq(settings_resolve_server(&run.settings, &settings_run_http, false, &run.err), PLEXCTL_OK);
    ck_assert_int_eq(settings_resolve_token(&run.settings, &settings_run_http, &run.err), PLEXCTL_OK);
    ck_assert_str_eq(run.settings.token.text, "work-token");
    settings_run_end(&run);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings_endpoint");
    TCase *tests = tcase_create("endpoint");

    tcase_add_checked_fixture(tests, settings_run_set_up, NULL);
    tcase_add_loop_test(tests, settings_token_of_a_pair_goes_to_its_endpoint_alone, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, settings_token_of_a_profile_needs_no_endpoint);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
