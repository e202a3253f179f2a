/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "fake_host.h"

/* The fake host's clock stands at 2026-11-24T12:00:00Z. */
#define PROFILE(name, members) \
    "{\"name\":\"" name "\",\"server\":\"https://cp.example.com\",\"token\":\"canary-token\"" members "}"
#define HEAD(name) "{\"profile\":\"" name "\",\"server\":\"https://cp.example.com\","
#define IDS " --server URL --domain-id UUID --idp-binding-id UUID"
#define NOTHING ",\"expires_at\":null,\"expires_in\":null,\"overridden_by\":null}\n"

static struct fake_host fake;

static void set_up(void)
{
    static const struct fake_value values[] = {{"offline", "true"}, {NULL, NULL}};

    fake_host_init(&fake);
    fake.values = values;
    fake.server = NULL;
}

static void tear_down(void)
{
    ck_assert_uint_eq(fake.request_count, 0);
    ck_assert_uint_eq(fake.prepare_count, 0);
    ck_assert_ptr_null(strstr(buf_text(&fake.out), "canary"));
    fake_host_release(&fake);
}

static plexctl_status run(void)
{
    return fake_host_run(&fake, plexctl_plugin_v1()->command);
}

static const struct {
    const char *profile, *out;
    plexctl_status status;
    const char *says;
} rows[] = {
    {PROFILE("x", ",\"subject\":\"s\",\"expires_at\":\"2026-11-24T12:58:00Z\""),
     HEAD("x") "\"subject\":\"s\",\"state\":\"valid\",\"expires_at\":\"2026-11-24T12:58:00Z\",\"expires_in\":3480,"
               "\"overridden_by\":null}\n",
     PLEXCTL_OK, ""},
    {PROFILE("x", ",\"expires_at\":\"2026-11-24T12:00:01Z\""),
     HEAD("x") "\"subject\":null,\"state\":\"valid\",\"expires_at\":\"2026-11-24T12:00:01Z\",\"expires_in\":1,"
               "\"overridden_by\":null}\n",
     PLEXCTL_OK, ""},
    {PROFILE("x", ",\"expires_at\":\"2026-11-24T12:00:00Z\""),
     HEAD("x") "\"subject\":null,\"state\":\"expired\",\"expires_at\":\"2026-11-24T12:00:00Z\",\"expires_in\":0,"
               "\"overridden_by\":null}\n",
     PLEXCTL_FAILED, "the token of profile \"x\" expired 0 seconds ago; run `plexctl login --profile-name x" IDS "`"},
    {PROFILE("x", ",\"expires_at\":\"2026-11-24T12:00:00Z\",\"domain_id\":\"d\",\"idp_binding_id\":\"i\""),
     HEAD("x") "\"subject\":null,\"state\":\"expired\",\"expires_at\":\"2026-11-24T12:00:00Z\",\"expires_in\":0,"
               "\"overridden_by\":null}\n",
     PLEXCTL_FAILED, "the token of profile \"x\" expired 0 seconds ago; run `plexctl login --again --profile-name x`"},
    {PROFILE("a b", ",\"expires_at\":\"2026-11-22T11:00:00Z\""),
     HEAD("a b") "\"subject\":null,\"state\":\"expired\",\"expires_at\":\"2026-11-22T11:00:00Z\",\"expires_in\":"
                 "-176400,\"overridden_by\":null}\n",
     PLEXCTL_FAILED, "the token of profile \"a b\" expired 2 days ago; run `plexctl login --profile-name NAME" IDS "`"},
    {PROFILE("x", ""), HEAD("x") "\"subject\":null,\"state\":\"unknown\"" NOTHING, PLEXCTL_OK, ""},
    {PROFILE("x", ",\"expires_at\":\"tomorrow\""), HEAD("x") "\"subject\":null,\"state\":\"unknown\"" NOTHING,
     PLEXCTL_OK, ""},
    {PROFILE("x", ",\"expires_at\":\"2026-02-30T00:00:00Z\""),
     HEAD("x") "\"subject\":null,\"state\":\"unknown\"" NOTHING, PLEXCTL_OK, ""},
    {PROFILE("x", ",\"expires_at\":\"2026-11-24T12:00:00Z+\""),
     HEAD("x") "\"subject\":null,\"state\":\"unknown\"" NOTHING, PLEXCTL_OK, ""},
    {PROFILE("x", ",\"expires_at\":\" 2026-11-24T12:00:00Z\""),
     HEAD("x") "\"subject\":null,\"state\":\"unknown\"" NOTHING, PLEXCTL_OK, ""},
    {"{\"name\":\"x\"}", "", PLEXCTL_NO_TOKEN, "the profile has no token; run `plexctl login`"},
    {NULL, "", PLEXCTL_NO_TOKEN, "no such profile"},
};

START_TEST(offline_tells_the_states_apart)
{
    fake.format = PLEXCTL_OUTPUT_JSON;
    fake.profiles = rows[_i].profile;
    ck_assert_int_eq(run(), rows[_i].status);
    ck_assert_str_eq(buf_text(&fake.out), rows[_i].out);
    ck_assert_str_eq(fake.failure.text, rows[_i].says);
    ck_assert_str_eq(buf_text(&fake.err), "");
}
END_TEST

static const struct {
    const char *expires_at, *words;
} spans[] = {
    {"2026-11-24T12:00:01Z", "1 second\""},      {"2026-11-24T12:01:59Z", "119 seconds\""},
    {"2026-11-24T12:02:00Z", "2 minutes\""},     {"2026-11-24T13:59:59Z", "119 minutes\""},
    {"2026-11-24T14:00:00Z", "2 hours\""},       {"2026-11-26T11:59:59Z", "47 hours\""},
    {"2026-11-26T12:00:00Z", "2 days\""},        {"2026-11-24T11:59:59Z", "1 second ago\""},
    {"2026-11-24T11:58:00Z", "2 minutes ago\""}, {"1970-01-01T00:00:00Z", "20781 days ago\""},
};

START_TEST(offline_table_says_how_long_in_words)
{
    char profile[256], wanted[64];

    (void)snprintf(profile, sizeof profile, PROFILE("x", ",\"expires_at\":\"%s\""), spans[_i].expires_at);
    const char *key = strstr(spans[_i].words, "ago") ? "expired" : "expires_in";
    (void)snprintf(wanted, sizeof wanted, "\"%s\":\"%s,", key, spans[_i].words);
    fake.profiles = profile;
    (void)run();
    ck_assert_msg(strstr(buf_text(&fake.out), wanted) != NULL, "%s", buf_text(&fake.out));
}
END_TEST

#define BOTH (PLEXCTL_OVERRIDDEN_URL | PLEXCTL_OVERRIDDEN_TOKEN)
#define OF_TOKEN "; of that token nothing is known here\n"

#define OF_URL \
    "; commands ask the server that it names, and send the profile's token to no other origin than the profile's\n"

/* An expired profile is of no concern where another token is used. */
static const struct {
    uint32_t variables;
    const char *profile, *out, *warning;
} overriding[] = {
    {PLEXCTL_OVERRIDDEN_TOKEN, PROFILE("x", ",\"subject\":\"s\",\"expires_at\":\"2026-11-24T11:00:00Z\""),
     HEAD("x") "\"subject\":null,\"state\":\"unknown\",\"expires_at\":null,\"expires_in\":null,\"overridden_by\":"
               "\"PLEXSPHERE_TOKEN\"}\n",
     "PLEXSPHERE_TOKEN in the environment comes before the profile" OF_TOKEN},
    {BOTH, NULL,
     "{\"profile\":null,\"server\":null,\"subject\":null,\"state\":\"unknown\",\"expires_at\":null,\"expires_in\":null,"
     "\"overridden_by\":\"PLEXSPHERE_URL and PLEXSPHERE_TOKEN\"}\n",
     "PLEXSPHERE_URL and PLEXSPHERE_TOKEN in the environment come before the profile" OF_TOKEN},
    {PLEXCTL_OVERRIDDEN_URL, PROFILE("x", ",\"subject\":\"s\",\"expires_at\":\"2026-11-24T13:00:00Z\""),
     HEAD("x") "\"subject\":\"s\",\"state\":\"overridden\",\"expires_at\":\"2026-11-24T13:00:00Z\",\"expires_in\":3600,"
               "\"overridden_by\":\"PLEXSPHERE_URL\"}\n",
     "PLEXSPHERE_URL in the environment comes before the profile" OF_URL},
    {PLEXCTL_OVERRIDDEN_URL, PROFILE("x", ",\"expires_at\":\"2026-11-24T11:00:00Z\""),
     HEAD("x") "\"subject\":null,\"state\":\"overridden\",\"expires_at\":\"2026-11-24T11:00:00Z\",\"expires_in\":-3600,"
               "\"overridden_by\":\"PLEXSPHERE_URL\"}\n",
     "PLEXSPHERE_URL in the environment comes before the profile" OF_URL},
};

START_TEST(offline_says_what_comes_before_the_profile)
{
    fake.format = PLEXCTL_OUTPUT_JSON;
    fake.overridden_by = overriding[_i].variables;
    fake.profiles = overriding[_i].profile;
    ck_assert_int_eq(run(), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.out), overriding[_i].out);
    ck_assert_str_eq(buf_text(&fake.err), overriding[_i].warning);
}
END_TEST

/* As a request would. */
START_TEST(offline_needs_the_profile_unless_the_environment_has_all)
{
    fake.overridden_by = _i == 0 ? PLEXCTL_OVERRIDDEN_TOKEN : PLEXCTL_OVERRIDDEN_URL;
    ck_assert_int_eq(run(), PLEXCTL_NO_TOKEN);
    ck_assert_str_eq(buf_text(&fake.out), "");
}
END_TEST

START_TEST(offline_takes_no_server_and_no_token_file)
{
    static const struct fake_value given[][3] = {{{"offline", "true"}, {"server", "https://x"}, {NULL, NULL}},
                                                 {{"offline", "true"}, {"token-file", "-"}, {NULL, NULL}}};

    fake.values = given[_i];
    fake.profiles = rows[0].profile;
    ck_assert_int_eq(run(), PLEXCTL_USAGE);
    ck_assert_str_eq(buf_text(&fake.out), "");
    ck_assert_ptr_nonnull(strstr(fake.failure.text, "leave --server and --token-file out"));
}
END_TEST

START_TEST(offline_without_memory_fails)
{
    fake.builder_fails_at = 1;
    fake.profiles = rows[0].profile;
    ck_assert_int_eq(run(), PLEXCTL_NO_MEMORY);
}
END_TEST

#define ROWS(array) (int)(sizeof(array) / sizeof((array)[0]))

int main(void)
{
    Suite *suite = suite_create("whoami_offline");
    TCase *tests = tcase_create("offline");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, offline_tells_the_states_apart, 0, ROWS(rows));
    tcase_add_loop_test(tests, offline_table_says_how_long_in_words, 0, ROWS(spans));
    tcase_add_loop_test(tests, offline_says_what_comes_before_the_profile, 0, ROWS(overriding));
    tcase_add_loop_test(tests, offline_needs_the_profile_unless_the_environment_has_all, 0, 2);
    tcase_add_loop_test(tests, offline_takes_no_server_and_no_token_file, 0, 2);
    tcase_add_test(tests, offline_without_memory_fails);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
