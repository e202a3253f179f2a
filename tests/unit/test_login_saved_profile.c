/* SPDX-License-Identifier: Apache-2.0
 *
 * --again and --if-expiring: what an earlier login left; --list-bindings and what a wrong id suggests.
 */
#include "unit.h"

#include "login_script.h"

#define OTHER_ID "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0ff"
#define PROFILE(more) \
    "{\"name\":\"work\",\"default\":true,\"server\":\"https://saved.example.com\",\"token\":\"" ACCESS_TOKEN "\"" more \
    "}"
#define IDS_OF(domain, binding) ",\"domain_id\":\"" domain "\",\"idp_binding_id\":\"" binding "\""
#define IDS ",\"domain_id\":\"" DOMAIN_ID "\",\"idp_binding_id\":\"" BINDING_ID "\""
#define EXPIRES(time) ",\"expires_at\":\"2026-11-24T" time "Z\"" /* it is 12:00:00 */

START_TEST(login_again_takes_over_server_ids_and_name)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};
    static const struct fake_value given[] = {{"again", "true"}, {NULL, NULL}};

    fake.values = given;
    fake.profiles = PROFILE(IDS);
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_ptr_null(fake.described);
    ck_assert_str_eq(fake.server, "https://saved.example.com");
    ck_assert_str_eq(fake.requests[0].body, "{\"domain_id\":\"" DOMAIN_ID "\",\"idp_binding_id\":\"" BINDING_ID "\"}");
    ck_assert_str_eq(fake.saved_profile, "work");
    ck_assert_str_eq(fake.saved_domain_id, DOMAIN_ID);
}
END_TEST

START_TEST(login_again_explicit_ids_come_first)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};
    static const struct fake_value given[] = {
        {"again", "true"}, {"profile-name", "work"}, {"idp-binding-id", OTHER_ID}, {NULL, NULL}};

    fake.values = given;
    fake.profiles = PROFILE(IDS);
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(fake.described, "work");
    ck_assert_str_eq(fake.saved_domain_id, DOMAIN_ID);
    ck_assert_str_eq(fake.saved_idp_binding_id, OTHER_ID);
}
END_TEST

static const struct {
    const char *profile, *says;
} lacks[] = {
    {NULL,
     "no login has saved profile \"work\" yet; leave --again out, and give --domain-id UUID --idp-binding-id UUID"},
    {"{\"name\":\"work\"}", "; give --server URL --domain-id UUID --idp-binding-id UUID"},
    {PROFILE(",\"domain_id\":\"" DOMAIN_ID "\""), "all that it was made with; give --idp-binding-id UUID"},
};

START_TEST(login_again_names_the_flags_that_it_lacks)
{
    static const struct fake_value given[] = {{"again", "true"}, {"profile-name", "work"}, {NULL, NULL}};

    fake.values = given;
    fake.profiles = lacks[_i].profile;
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_USAGE);
    ck_assert_msg(strstr(fake.failure.text, lacks[_i].says), "%s", fake.failure.text);
    ck_assert_uint_eq(fake.prepare_count, 0);
}
END_TEST

/* 1800 s are asked for. */
static const struct {
    const char *profile, *given_server, *foreseen_server;
    bool is_enough;
} expiries[] = {
    {PROFILE(IDS EXPIRES("12:30:01")), NULL, NULL, true},
    {PROFILE(IDS EXPIRES("12:30:00")), NULL, NULL, false},
    {PROFILE(IDS EXPIRES("11:00:00")), NULL, NULL, false},
    {PROFILE(IDS), NULL, NULL, false},
    {PROFILE(IDS ",\"expires_at\":\"tomorrow\""), NULL, NULL, false},
    {PROFILE(IDS ",\"expires_at\":\"2026-11-24T12:30:01Z \""), NULL, NULL, false},
    {PROFILE(IDS ",\"expires_at\":\"2026-11-24T14:00:00+02:00\""), NULL, NULL, false},
    {"{\"name\":\"work\"" IDS EXPIRES("12:30:01") "}", NULL, NULL, false}, /* no token */
    {NULL, NULL, NULL, false},
    {PROFILE(IDS EXPIRES("13:00:00")), "https://saved.example.com", NULL, true},
    {PROFILE(IDS EXPIRES("13:00:00")), "https://saved.example.com:443/", NULL, true},
    {PROFILE(IDS EXPIRES("13:00:00")), "https://saved.example.com/eu", NULL, false},
    {PROFILE(IDS EXPIRES("13:00:00")), "https://other.example.com", NULL, false},
    {PROFILE(IDS EXPIRES("13:00:00")), "no URL", NULL, false},
    {PROFILE(IDS EXPIRES("13:00:00")), "https://saved.example.com/?x", NULL, false}, /* prepare refuses it */
    {"{\"name\":\"work\",\"token\":\"t\"" IDS EXPIRES("13:00:00") "}", "https://saved.example.com", NULL, false},
    {PROFILE(IDS EXPIRES("13:00:00")), NULL, "https://saved.example.com", true},
    {PROFILE(IDS EXPIRES("13:00:00")), NULL, "https://other.example.com", false},
    {PROFILE(IDS_OF(DOMAIN_ID, OTHER_ID) EXPIRES("13:00:00")), NULL, NULL, false},
    {PROFILE(IDS_OF(OTHER_ID, BINDING_ID) EXPIRES("13:00:00")), NULL, NULL, false},
    {PROFILE(EXPIRES("13:00:00")), NULL, NULL, false}, /* by which it was made is not known */
    {PROFILE(IDS_OF("0190A8B8-A0C0-7A0A-8A0A-A0A0A0A0A0A0", BINDING_ID) EXPIRES("13:00:00")), NULL, NULL, true},
};

START_TEST(login_if_expiring_logs_in_only_where_it_must)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};
    const struct fake_value given[] = {
        {"domain-id", DOMAIN_ID}, {"idp-binding-id", BINDING_ID},        {"profile-name", "work"},
        {"if-expiring", "1800"},  {"server", expiries[_i].given_server}, {NULL, NULL}};

    fake.values = given;
    fake.profiles = expiries[_i].profile;
    fake.foreseen_server = expiries[_i].foreseen_server;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(fake.described, "work");
    ck_assert_uint_eq(fake.prepare_count, !expiries[_i].is_enough);
    ck_assert_uint_eq(fake.save_count, !expiries[_i].is_enough);
    ck_assert_int_eq(strncmp(buf_text(&fake.out), "Profile \"work\" is valid until 2026-11-24T1", 42) == 0,
                     expiries[_i].is_enough);
}
END_TEST

static const struct {
    bool is_again;
    const char *given_server;
    bool is_enough;
} origins[] = {
    {true, "https://saved.example.com", true},      {true, "https://saved.example.com//", true},
    {true, "https://saved.example.com/us", false},  {true, "https://other.example.com", false},
    {false, "https://saved.example.com", false}, /* which is then another server */
    {false, "https://saved.example.com/eu/", true},
};

START_TEST(login_if_expiring_with_again_takes_the_origin_for_the_profiles_server)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};
    const struct fake_value given[] = {{"if-expiring", "1800"},
                                       {"profile-name", "work"},
                                       {"domain-id", DOMAIN_ID},
                                       {"idp-binding-id", BINDING_ID},
                                       {"server", origins[_i].given_server},
                                       {origins[_i].is_again ? "again" : NULL, "true"},
                                       {NULL, NULL}};

    fake.values = given;
    fake.profiles =
        "{\"name\":\"work\",\"server\":\"https://saved.example.com/eu\",\"token\":\"t\"" IDS EXPIRES("13:00:00") "}";
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.save_count, !origins[_i].is_enough);
}
END_TEST

START_TEST(login_if_expiring_wants_ids_only_where_it_must)
{
    static const struct fake_value given[] = {{"profile-name", "work"}, {"if-expiring", "1800"}, {NULL, NULL}};

    fake.values = given;
    fake.profiles = PROFILE(EXPIRES("12:30:01"));
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_OK);
    fake.profiles = PROFILE(EXPIRES("12:30:00"));
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_USAGE);
    ck_assert_str_eq(fake.failure.text,
                     "login: missing --domain-id UUID, --idp-binding-id UUID; give it, or see --help");
    ck_assert_uint_eq(fake.prepare_count, 0);
}
END_TEST

START_TEST(login_if_expiring_emits_what_is_valid)
{
    static const struct fake_value given[] = {{"again", "true"}, {"if-expiring", "60"}, {NULL, NULL}};

    fake.values = given;
    fake.profiles = PROFILE(IDS EXPIRES("12:30:00"));
    fake.format = PLEXCTL_OUTPUT_JSON;
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_OK);
    ck_assert_str_eq(
        buf_text(&fake.out),
        "{\"profile\":\"work\",\"server\":\"https://saved.example.com\",\"token_type\":\"Bearer\","
        "\"expires_in\":1800,\"has_token\":true,\"expires_at\":\"2026-11-24T12:30:00Z\",\"changed\":false}\n");
    ck_assert_str_eq(buf_text(&fake.err), "");
}
END_TEST

START_TEST(login_if_expiring_says_that_the_default_stays)
{
    static const struct fake_value given[] = {
        {"again", "true"}, {"if-expiring", "60"}, {"set-default", "true"}, {NULL, NULL}};

    fake.values = given;
    fake.profiles =
        "{\"name\":\"work\",\"default\":false,\"server\":\"https://saved.example.com\",\"token\":\"t\"" IDS EXPIRES(
            "12:30:00") "}";
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.err), "--set-default: nothing was saved, so profile \"work\" was not made the "
                                          "default one\n");
}
END_TEST

START_TEST(login_again_names_the_profile_that_was_asked_for)
{
    static const struct fake_value given[] = {{"again", "true"}, {"profile", "nosuch"}, {NULL, NULL}};

    fake.values = given;
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_USAGE);
    ck_assert_ptr_nonnull(strstr(fake.failure.text, "no login has saved profile \"nosuch\" yet"));
}
END_TEST

START_TEST(login_again_bad_server_is_said_to_be_the_profiles)
{
    static const struct fake_value given[] = {{"again", "true"}, {NULL, NULL}};

    fake.values = given;
    fake.profiles = "{\"name\":\"work\",\"server\":\"ftp://x\"" IDS "}";
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_USAGE);
    ck_assert_int_eq(strncmp(fake.failure.text, "profile \"work\": ", 16), 0);
}
END_TEST

/* Bindings */

#define ROW(id, alias, label) \
    "{\"id\":\"" id "\",\"alias\":\"" alias "\",\"label\":\"" label \
    "\",\"issuer_host\":\"idp.example.com\",\"primary\":true,\"platform_scoped\":false}"
#define X41 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\xc3\xa4" /* a character across byte 40 */

START_TEST(login_list_bindings_emits_the_answer)
{
    static const struct fake_value given[] = {{"list-bindings", "true"}, {"domain-id", DOMAIN_ID}, {NULL, NULL}};

    fake.values = given;
    fake.bindings = "[" ROW(BINDING_ID, "corp", "Corporate") "]";
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.out), "[" ROW(BINDING_ID, "corp", "Corporate") "]\n");
    ck_assert_uint_eq(fake.prepared_needs, PLEXCTL_NEEDS_SERVER);
}
END_TEST

START_TEST(login_list_bindings_of_the_profiles_domain)
{
    static const struct fake_value given[] = {{"list-bindings", "true"}, {"again", "true"}, {NULL, NULL}};

    fake.values = given;
    fake.bindings = "[]";
    fake.profiles = PROFILE(",\"domain_id\":\"" DOMAIN_ID "\"");
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_OK);
    ck_assert_str_eq(fake.server, "https://saved.example.com");
}
END_TEST

static const char *const bad_answers[] = {"{}", "[1]", "[{\"id\":\"x\"}]", "[{\"id\":1}]", "["};

START_TEST(login_list_bindings_refuses_another_answer)
{
    static const struct fake_value given[] = {{"list-bindings", "true"}, {"domain-id", DOMAIN_ID}, {NULL, NULL}};

    fake.values = given;
    fake.bindings = bad_answers[_i];
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(fake.failure.text, "listing the domain's bindings: "));
}
END_TEST

START_TEST(login_list_bindings_needs_the_domain)
{
    static const struct fake_value given[] = {{"list-bindings", "true"}, {NULL, NULL}};

    fake.values = given;
    ck_assert_int_eq(run(NULL, 0), PLEXCTL_USAGE);
    ck_assert_ptr_nonnull(strstr(fake.failure.text, "--domain-id"));
}
END_TEST

static const struct {
    const char *bindings, *says;
} suggestions[] = {
    {NULL, PROBLEM("c") "; check --domain-id and --idp-binding-id"},
    {"<html>", PROBLEM("c") "; check --domain-id and --idp-binding-id"},
    {"[]", PROBLEM("c") "; check --domain-id and --idp-binding-id; this domain has no bindings"},
    {"[" ROW(BINDING_ID, "corp", "Corporate") "]", "; this domain's bindings: " BINDING_ID " (corp/Corporate)"},
    {"[{\"id\":\"" BINDING_ID "\"}," ROW(OTHER_ID, "", "b") "]", ": " BINDING_ID ", " OTHER_ID " (b)"},
    {"[" ROW(OTHER_ID, X41, "") "]", "(xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx)"},
    {"[" ROW(OTHER_ID, "1", "") "," ROW(OTHER_ID, "2", "") "," ROW(OTHER_ID, "3", "") "," ROW(OTHER_ID, "4", "") "]",
     "(3), and more: see --list-bindings"},
};

START_TEST(login_wrong_ids_suggest_bindings)
{
    static const struct fake_reply replies[] = {{.http = 400, .body = PROBLEM("c")},
                                                {.http = 404, .body = PROBLEM("c")}};

    for (size_t i = 0; i < 2; i++) {
        fake.bindings = suggestions[_i].bindings;
        ck_assert_int_eq(run(&replies[i], 1), PLEXCTL_FAILED);
        size_t said = strlen(fake.failure.text), wanted = strlen(suggestions[_i].says);
        ck_assert_msg(said > wanted && strcmp(fake.failure.text + said - wanted, suggestions[_i].says) == 0, "%s",
                      fake.failure.text);
        ck_assert_ptr_nonnull(strstr(fake.failure.text, "device-code request: HTTP 40"));
        ck_assert_uint_eq(fake.bindings_asked, 1);
        tear_down();
        set_up();
    }
}
END_TEST

START_TEST(login_completion_offers_bindings)
{
    static const struct fake_value given[] = {{"domain-id", DOMAIN_ID}, {NULL, NULL}}, none[] = {{NULL, NULL}},
                                   again[] = {{"again", "true"}, {NULL, NULL}};
    const struct plexctl_flag *flag = &plexctl_plugin_v1()->command->flags.rows[1];

    fake.bindings = "[" ROW(BINDING_ID, "corp", "Corporate") "]";
    fake.values = none;
    ck_assert_int_eq(fake_host_complete(&fake, flag->complete, ""), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.offers), "");
    fake.values = given;
    ck_assert_int_eq(fake_host_complete(&fake, flag->complete, ""), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.offers), BINDING_ID "\tcorp/Corporate\n");
    fake.values = again;
    fake.profiles = PROFILE(IDS);
    ck_assert_int_eq(fake_host_complete(&fake, flag->complete, ""), PLEXCTL_OK);
    ck_assert_uint_eq(fake.bindings_asked, 1); /* the resolved server is not the profile's */
    fake.server = "https://saved.example.com";
    ck_assert_int_eq(fake_host_complete(&fake, flag->complete, ""), PLEXCTL_OK);
    ck_assert_uint_eq(fake.bindings_asked, 2);
}
END_TEST

START_TEST(login_completion_offers_the_profiles_domains)
{
    const struct plexctl_flag *flag = &plexctl_plugin_v1()->command->flags.rows[0];

    fake.profiles = "[" PROFILE(IDS) ",{\"name\":\"bare\"}]";
    ck_assert_int_eq(fake_host_complete(&fake, flag->complete, ""), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.offers), DOMAIN_ID "\tprofile work\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login/saved_profile");
    TCase *tests = tcase_create("run");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, login_again_takes_over_server_ids_and_name);
    tcase_add_test(tests, login_again_explicit_ids_come_first);
    tcase_add_loop_test(tests, login_again_names_the_flags_that_it_lacks, 0, ROWS(lacks));
    tcase_add_loop_test(tests, login_if_expiring_logs_in_only_where_it_must, 0, ROWS(expiries));
    tcase_add_loop_test(tests, login_if_expiring_with_again_takes_the_origin_for_the_profiles_server, 0, ROWS(origins));
    tcase_add_test(tests, login_if_expiring_wants_ids_only_where_it_must);
    tcase_add_test(tests, login_if_expiring_emits_what_is_valid);
    tcase_add_test(tests, login_if_expiring_says_that_the_default_stays);
    tcase_add_test(tests, login_again_names_the_profile_that_was_asked_for);
    tcase_add_test(tests, login_again_bad_server_is_said_to_be_the_profiles);
    tcase_add_test(tests, login_list_bindings_of_the_profiles_domain);
    tcase_add_test(tests, login_completion_offers_the_profiles_domains);
    tcase_add_test(tests, login_list_bindings_emits_the_answer);
    tcase_add_loop_test(tests, login_list_bindings_refuses_another_answer, 0, ROWS(bad_answers));
    tcase_add_test(tests, login_list_bindings_needs_the_domain);
    tcase_add_loop_test(tests, login_wrong_ids_suggest_bindings, 0, ROWS(suggestions));
    tcase_add_test(tests, login_completion_offers_bindings);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
