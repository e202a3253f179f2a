/* SPDX-License-Identifier: Apache-2.0
 *
 * settings: the server, by flag, profile and environment in every order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings_run.h"
#include "unit.h"

#define LOGIN true

static const struct server_row {
    const char *flag, *profile, *variable;
    bool may_be_absent;
    plexctl_status status;
    const char *server;       /* on success */
    const char *read_profile; /* likewise; NULL for none */
    const char *phrases[3];   /* in the message otherwise */
} server_rows[] = {
    /* Every combination of flag, profile and variable. */
    {NULL, NULL, NULL, false, PLEXCTL_OK, "https://work.test", "work", {0}},
    {NULL, NULL, "https://env.test", false, PLEXCTL_OK, "https://env.test", NULL, {0}},
    {NULL, "play", NULL, false, PLEXCTL_OK, "https://play.test:8443/eu", "play", {0}},
    {NULL, "play", "https://env.test", false, PLEXCTL_OK, "https://play.test:8443/eu", "play", {0}},
    {"https://flag.test", NULL, NULL, false, PLEXCTL_OK, "https://flag.test", NULL, {0}},
    {"https://flag.test", NULL, "https://env.test", false, PLEXCTL_OK, "https://flag.test", NULL, {0}},
    {"https://flag.test", "play", NULL, false, PLEXCTL_OK, "https://flag.test", "play", {0}},
    {"https://flag.test", "play", "https://env.test", false, PLEXCTL_OK, "https://flag.test", "play", {0}},
    /* An empty variable is an unset one. */
    {NULL, NULL, "", false, PLEXCTL_OK, "https://work.test", "work", {0}},
    {NULL, "play", "", false, PLEXCTL_OK, "https://play.test:8443/eu", "play", {0}},
    /* A trailing '/' is dropped, the rest stays as given. */
    {"https://Flag.test:8443/", NULL, NULL, false, PLEXCTL_OK, "https://Flag.test:8443", NULL, {0}},
    {"https://flag.test/eu/", NULL, NULL, false, PLEXCTL_OK, "https://flag.test/eu", NULL, {0}},
    {"https://flag.test/eu//", NULL, NULL, false, PLEXCTL_OK, "https://flag.test/eu", NULL, {0}},
    {NULL, NULL, "http://localhost:8080/", false, PLEXCTL_OK, "http://localhost:8080", NULL, {0}},
    /* A profile that is not there. */
    {NULL, "gone", NULL, false, PLEXCTL_NO_SERVER, NULL, NULL, {"gone", "work", NULL}},
    {NULL, "gone", "https://env.test", false, PLEXCTL_NO_SERVER, NULL, NULL, {"gone", NULL}},
    {"https://flag.test", "gone", NULL, false, PLEXCTL_NO_SERVER, NULL, NULL, {"gone", NULL}},
    {"https://flag.test", "gone", NULL, LOGIN, PLEXCTL_OK, "https://flag.test", NULL, {0}},
    {NULL, "gone", NULL, LOGIN, PLEXCTL_NO_SERVER, NULL, NULL, {"gone", NULL}},
    {NULL, "gone", "https://env.test", LOGIN, PLEXCTL_NO_SERVER, NULL, NULL, {"gone", NULL}},
    {"https://flag.test", "play", NULL, LOGIN, PLEXCTL_OK, "https://flag.test", "play", {0}},
    /* A profile without a server never falls through to the environment. */
    {NULL, "bare", "https://env.test", false, PLEXCTL_NO_SERVER, NULL, NULL, {"profile \"bare\"", "--server", NULL}},
    {"https://flag.test", "bare", NULL, false, PLEXCTL_OK, "https://flag.test", "bare", {0}},
    /* Not by the policy: the source is named. */
    {"", NULL, NULL, false, PLEXCTL_USAGE, NULL, NULL, {"--server: ", "fake reason", NULL}},
    {"ftp://flag.test", NULL, NULL, false, PLEXCTL_USAGE, NULL, NULL, {"--server: ", "fake reason", NULL}},
    {"ftp://flag.test", "gone", NULL, false, PLEXCTL_USAGE, NULL, NULL, {"--server: ", NULL}},
    {NULL, NULL, "ftp://env.test", false, PLEXCTL_USAGE, NULL, NULL, {"PLEXSPHERE_URL: ", "fake reason", NULL}},
    {NULL, "odd", NULL, false, PLEXCTL_USAGE, NULL, NULL, {"profile \"odd\": ", "fake reason", NULL}},
    {"https://flag.test?", NULL, NULL, false, PLEXCTL_USAGE, NULL, NULL, {"--server: ", "query", "'?'"}},
    {"https://flag.test/?a=b", NULL, NULL, false, PLEXCTL_USAGE, NULL, NULL, {"--server: ", "query", NULL}},
    {"https://flag.test#", NULL, NULL, false, PLEXCTL_USAGE, NULL, NULL, {"--server: ", "fragment", "'#'"}},
    {NULL, NULL, "https://env.test/#x", false, PLEXCTL_USAGE, NULL, NULL, {"PLEXSPHERE_URL: ", "fragment", NULL}},
    {NULL, "query", NULL, false, PLEXCTL_USAGE, NULL, NULL, {"profile \"query\": ", "query", NULL}},
    /* Out of memory stays what it is. */
    {"https://no-memory.test", NULL, NULL, false, PLEXCTL_NO_MEMORY, NULL, NULL, {"out of memory", NULL}},
};

START_TEST(settings_resolve_server_by_precedence)
{
    const struct server_row *row = &server_rows[_i];
    struct settings_run run;

    settings_run_set_variable("PLEXSPHERE_URL", row->variable);
    settings_run_begin(&run, row->flag, row->profile, NULL);
    plexctl_status status = settings_resolve_server(&run.settings, &settings_run_http, row->may_be_absent, &run.err);
    ck_assert_msg(status == row->status, "status %d: %s", (int)status, run.err.text);
    ck_assert_int_eq(run.err.status, status);
    if (status == PLEXCTL_OK) {
        ck_assert_str_eq(run.err.text, "");
        ck_assert_str_eq(run.settings.server, row->server);
        ck_assert_pstr_eq(run.settings.profile, row->read_profile);
    } else {
        settings_run_assert_phrases(&run, row->phrases);
    }
    settings_run_end(&run);
}
END_TEST

static const struct default_row {
    const char *config; /* NULL: no file */
    plexctl_status status;
    const char *phrases[3];
} default_rows[] = {
    {NULL, PLEXCTL_NO_SERVER, {"plexctl login", "--server", "PLEXSPHERE_URL"}},
    {"{}", PLEXCTL_NO_SERVER, {"plexctl login", "--server", "PLEXSPHERE_URL"}},
    {"{\"profiles\":{\"a\":{\"server\":\"https://a.test\"}}}", PLEXCTL_NO_SERVER, {"--server", "PLEXSPHERE_URL", NULL}},
    {"{\"default\":\"b\",\"profiles\":{\"a\":{\"server\":\"https://a.test\"}}}",
     PLEXCTL_NO_SERVER,
     {"\"b\"", "--server", "PLEXSPHERE_URL"}},
    {"{\"default\":\"a\",\"profiles\":{\"a\":{\"server\":7}}}", PLEXCTL_USAGE, {"line 1", NULL}},
    {"{\"default\":", PLEXCTL_USAGE, {"line 1", NULL}},
};

START_TEST(settings_resolve_server_without_a_default_profile)
{
    const struct default_row *row = &default_rows[_i];
    struct settings_run run;

    settings_run_write_config(row->config);
    settings_run_begin(&run, NULL, NULL, NULL);
    ck_assert_int_eq(settings_resolve_server(&run.settings, &settings_run_http, false, &run.err), row->status);
    settings_run_assert_phrases(&run, row->phrases);
    ck_assert_ptr_null(run.settings.server);
    settings_run_end(&run);
}
END_TEST

static const struct {
    const char *flag;
    plexctl_status status;
    const char *phrases[3];
} wanted_rows[] = {
    {NULL, PLEXCTL_OK, {0}},
    {"https://wanted.test/", PLEXCTL_OK, {0}},
    {"https://wanted.test/eu", PLEXCTL_OK, {0}},
    {"https://wanted.test/eu/", PLEXCTL_OK, {0}},
    {"https://wanted.test/us", PLEXCTL_USAGE, {"--server: ", "https://wanted.test/eu", "leave --server out"}},
    {"https://wanted.test:444", PLEXCTL_USAGE, {"--server: ", "https://wanted.test", "leave --server out"}},
    {"https://flag.test", PLEXCTL_USAGE, {"--server: ", "https://wanted.test", NULL}},
    {"ftp://flag.test", PLEXCTL_USAGE, {"--server: ", "fake reason", NULL}},
};

/* Before profile and environment, which may name any other. */
START_TEST(settings_resolve_server_that_the_command_wants)
{
    struct settings_run run;

    settings_run_set_variable("PLEXSPHERE_URL", "https://env.test");
    settings_run_begin(&run, wanted_rows[_i].flag, "play", NULL);
    run.settings.wanted_server = "https://wanted.test/eu";
    plexctl_status status = settings_resolve_server(&run.settings, &settings_run_http, false, &run.err);
    ck_assert_msg(status == wanted_rows[_i].status, "status %d: %s", (int)status, run.err.text);
    if (status == PLEXCTL_OK)
        ck_assert_str_eq(run.settings.server, "https://wanted.test/eu");
    else
        settings_run_assert_phrases(&run, wanted_rows[_i].phrases);
    settings_run_end(&run);
}
END_TEST

static const struct {
    const char *said, *server;
    bool is_same, is_with_lack;
} same_rows[] = {
    {"https://a.test", "https://a.test", true, true},
    {"https://a.test:443//", "https://a.test", true, true},
    {"https://a.test/eu//", "https://a.test/eu", true, true},
    {"https://a.test", "https://a.test/eu", false, true},
    {"https://a.test//", "https://a.test/eu", false, true},
    {"https://a.test/eu", "https://a.test", false, false}, /* only what is said may lack its path */
    {"https://a.test/e", "https://a.test/eu", false, false},
    {"https://a.test/us", "https://a.test/eu", false, false},
    {"https://a.test:444", "https://a.test", false, false},
    {"https://b.test", "https://a.test", false, false},
    {"https://a.test?x", "https://a.test", false, false},
    {"https://a.test", "https://a.test/#x", false, false},
    {"ftp://a.test", "ftp://a.test", false, false},
    {"", "", false, false},
    {"https://no-memory.test", "https://no-memory.test", false, false},
};

START_TEST(settings_is_same_server_by_origin_and_path)
{
    const char *said = same_rows[_i].said, *server = same_rows[_i].server;

    ck_assert_int_eq(settings_is_same_server(&settings_run_http, said, server, false), same_rows[_i].is_same);
    ck_assert_int_eq(settings_is_same_server(&settings_run_http, said, server, true), same_rows[_i].is_with_lack);
}
END_TEST

/* What cannot be judged may lead elsewhere. */
START_TEST(settings_overridden_by_what_cannot_be_judged)
{
    static const char *const documents[] = {NULL, "{\"default\":", "{\"default\":\"bare\",\"profiles\":{\"bare\":{}}}",
                                            ""};
    struct settings_run run;

    if (_i < 3)
        settings_run_write_config(documents[_i]);
    settings_run_set_variable("PLEXSPHERE_URL", "https://work.test");
    settings_run_begin(&run, NULL, NULL, NULL);
    ck_assert_uint_eq(settings_overridden_by(&run.settings, _i < 3 ? &settings_run_http : NULL),
                      PLEXCTL_OVERRIDDEN_URL);
    settings_run_end(&run);
}
END_TEST

START_TEST(settings_resolve_reads_no_file_where_flags_say_all)
{
    struct settings_run run;

    settings_run_write_config("{\"default\":");
    settings_run_set_variable("PLEXSPHERE_TOKEN", "env-token");
    settings_run_begin(&run, "https://flag.test", NULL, NULL);
    ck_assert_int_eq(settings_resolve_server(&run.settings, &settings_run_http, false, &run.err), PLEXCTL_OK);
    ck_assert_int_eq(settings_resolve_token(&run.settings, &settings_run_http, &run.err), PLEXCTL_OK);
    settings_run_end(&run);
}
END_TEST

#define URL PLEXCTL_OVERRIDDEN_URL
#define TOKEN PLEXCTL_OVERRIDDEN_TOKEN

static const struct {
    const char *url, *token, *profile; /* profile: what a later command names */
    uint32_t wanted;
} overriding_rows[] = {
    {NULL, NULL, NULL, 0},
    {"", "", NULL, 0},
    {"https://work.test//", NULL, NULL, 0},
    {"https://work.test/eu", NULL, NULL, URL},
    {"https://work.test:444", NULL, NULL, URL},
    {"ftp://work.test", NULL, NULL, URL},
    {"https://other.test", NULL, "play", 0},
    {NULL, "t", NULL, TOKEN},
    {"https://work.test", "no token", NULL, TOKEN},
    {"https://other.test", "t", NULL, URL | TOKEN},
    {"https://other.test", "t", "play", TOKEN},
    {NULL, "t", "nobody", TOKEN},
};

/* What it says is what resolving comes to. */
START_TEST(settings_overridden_by_what_decides_instead)
{
    uint32_t wanted = overriding_rows[_i].wanted;
    struct settings_run run, later;

    settings_run_set_variable("PLEXSPHERE_URL", overriding_rows[_i].url);
    settings_run_set_variable("PLEXSPHERE_TOKEN", overriding_rows[_i].token);
    settings_run_begin(&run, NULL, overriding_rows[_i].profile, NULL);
    ck_assert_uint_eq(settings_overridden_by(&run.settings, &settings_run_http), wanted);
    settings_run_end(&run);

    settings_run_begin(&later, NULL, overriding_rows[_i].profile, NULL);
    plexctl_status status = settings_resolve_server(&later.settings, &settings_run_http, false, &later.err);
    if (status == PLEXCTL_OK)
        status = settings_resolve_token(&later.settings, &settings_run_http, &later.err);
    ck_assert(wanted || (status == PLEXCTL_OK && strcmp(later.settings.token_source, "the profile") == 0));
    settings_run_end(&later);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings");
    TCase *tcase = tcase_create("server");

    tcase_add_checked_fixture(tcase, settings_run_set_up, NULL);
    tcase_add_loop_test(tcase, settings_resolve_server_by_precedence, 0, sizeof server_rows / sizeof server_rows[0]);
    tcase_add_loop_test(tcase, settings_resolve_server_without_a_default_profile, 0,
                        sizeof default_rows / sizeof default_rows[0]);
    tcase_add_loop_test(tcase, settings_resolve_server_that_the_command_wants, 0,
                        sizeof wanted_rows / sizeof wanted_rows[0]);
    tcase_add_loop_test(tcase, settings_is_same_server_by_origin_and_path, 0, sizeof same_rows / sizeof same_rows[0]);
    tcase_add_loop_test(tcase, settings_overridden_by_what_decides_instead, 0,
                        sizeof overriding_rows / sizeof overriding_rows[0]);
    tcase_add_loop_test(tcase, settings_overridden_by_what_cannot_be_judged, 0, 4);
    tcase_add_test(tcase, settings_resolve_reads_no_file_where_flags_say_all);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
