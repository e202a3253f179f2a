/* SPDX-License-Identifier: Apache-2.0
 *
 * login: the token is saved, and a person may read along.
 */
#include "unit.h"

#include "login_script.h"

#define SENTENCE "Logged in. Saved profile \"staging\".\n"
#define PROFILE(subject, is_default) \
    "{\"expires_at\":\"2026-11-24T13:00:05Z\",\"subject\":" subject ",\"default\":" is_default "}"
#define USER "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0d0"
#define ALICE "{\"principal_type\":\"user\",\"subject\":\"" USER "\",\"email\":\"alice@example.test\"}"
#define YOU_ARE "You are alice@example.test (user), until 2026-11-24T13:00:05Z (60 minutes).\n"

static const char *said(void)
{
    const char *out = buf_text(&fake.out);

    ck_assert_int_eq(strncmp(out, prompt, strlen(prompt)), 0);
    return out + strlen(prompt);
}

static void set_up_terminal(void)
{
    set_up();
    fake.is_terminal = true;
    fake.profiles = PROFILE("null", "true");
}

START_TEST(identity_is_asked_shown_and_saved)
{
    static const struct fake_reply replies[] = {CODE, TOKEN, {.http = 200, .body = ALICE, .takes_ms = 1200}};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(said(), SENTENCE "You are alice@example.test (user), until 2026-11-24T13:00:05Z (59 minutes).\n");
    ck_assert_str_eq(buf_text(&fake.err), "");
    ck_assert_uint_eq(fake.request_count, 3);
    ck_assert_str_eq(fake.requests[2].path, "/v1/auth/whoami");
    ck_assert_uint_eq(fake.requests[2].flags, PLEXCTL_HTTP_BEARER);
    ck_assert_int_eq(fake.requests[2].timeout_ms, 5000);
    ck_assert_uint_eq(fake.save_count, 1);
    ck_assert_str_eq(fake.saved_subject, USER);
    ck_assert_str_eq(fake.saved_token, ACCESS_TOKEN);
    ck_assert_str_eq(fake.saved_domain_id, DOMAIN_ID);
    ck_assert_int_eq(fake.saved_expires_in_s, 3600);
}
END_TEST

static const struct {
    const char *body, *line;
} named[] = {
    {ALICE, YOU_ARE},
    {"{\"principal_type\":\"service\",\"subject\":\"robot\"}",
     "You are robot (service), until 2026-11-24T13:00:05Z (60 minutes).\n"},
    {"{\"principal_type\":\"user\",\"subject\":\"s\",\"email\":null}",
     "You are s (user), until 2026-11-24T13:00:05Z (60 minutes).\n"},
    {"{\"principal_type\":\"user\",\"subject\":\"s\",\"email\":\"\"}",
     "You are s (user), until 2026-11-24T13:00:05Z (60 minutes).\n"},
};

START_TEST(identity_is_named_by_mail_else_by_subject)
{
    const struct fake_reply replies[] = {CODE, TOKEN, {.http = 200, .body = named[_i].body}};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(said() + strlen(SENTENCE), named[_i].line);
}
END_TEST

#define LASTING(s) \
    { \
        .http = 200, .body = "{\"access_token\":\"" ACCESS_TOKEN "\",\"token_type\":\"bearer\",\"expires_in\":" #s "}" \
    }

static const struct {
    struct fake_reply token;
    const char *span;
} spans[] = {{LASTING(1), "(1 second)"},       {LASTING(119), "(119 seconds)"}, {LASTING(120), "(2 minutes)"},
             {LASTING(7199), "(119 minutes)"}, {LASTING(7200), "(2 hours)"},    {LASTING(172799), "(47 hours)"},
             {LASTING(172800), "(2 days)"}};

START_TEST(identity_says_how_long)
{
    const struct fake_reply replies[] = {CODE, spans[_i].token, {.http = 200, .body = ALICE}};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_msg(strstr(said(), spans[_i].span) != NULL, "%s", said());
}
END_TEST

#define UNCONFIRMED "who you are could not be confirmed: "

static const struct {
    struct fake_reply reply;
    const char *warning;
} failing[] = {
    {{.http = 401, .body = "{}"}, UNCONFIRMED "HTTP 401"},
    {{.http = 403, .body = "{}"}, UNCONFIRMED "HTTP 403"},
    {{.http = 500, .body = "<html>"}, UNCONFIRMED "HTTP 500"},
    {{.http = 204}, UNCONFIRMED "HTTP 204"},
    {LOST, UNCONFIRMED "connection reset"},
    {{.http = 200, .body = ALICE, .takes_ms = 5001}, UNCONFIRMED "timed out"},
    {{.http = 200, .body = ""}, UNCONFIRMED "HTTP 200: malformed whoami response"},
    {{.http = 200, .body = "[]"}, UNCONFIRMED "HTTP 200: malformed whoami response"},
    {{.http = 200, .body = "{\"principal_type\":\"user\"}"}, UNCONFIRMED "HTTP 200: malformed whoami response"},
    {{.http = 200, .body = "{\"principal_type\":\"user\",\"subject\":\"\"}"}, UNCONFIRMED "HTTP 200: malformed"},
    {{.http = 200, .body = "{\"principal_type\":\"god\",\"subject\":\"s\"}"}, UNCONFIRMED "HTTP 200: malformed"},
};

START_TEST(identity_that_fails_is_a_warning)
{
    const struct fake_reply replies[] = {CODE, TOKEN, failing[_i].reply};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(said(), SENTENCE);
    ck_assert_uint_eq(fake.warning_count, 1);
    ck_assert_msg(strncmp(buf_text(&fake.err), failing[_i].warning, strlen(failing[_i].warning)) == 0, "%s",
                  buf_text(&fake.err));
    ck_assert_uint_eq(fake.save_count, 1);
    ck_assert_ptr_null(fake.saved_subject);
}
END_TEST

/* The signal ends the process, and says enough. */
START_TEST(identity_that_is_interrupted_says_nothing)
{
    static const struct fake_reply replies[] = {CODE, TOKEN, {.status = PLEXCTL_CANCELLED, .body = "interrupted"}};

    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(said(), SENTENCE);
    ck_assert_str_eq(buf_text(&fake.err), "");
}
END_TEST

START_TEST(identity_that_cannot_be_shown_is_a_warning)
{
    static const struct fake_reply replies[] = {CODE, TOKEN, {.http = 200, .body = ALICE}};

    fake.line_fails_at = 10; /* eight of the prompt, and the sentence */
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(said(), SENTENCE);
    ck_assert_str_eq(buf_text(&fake.err), "who you are cannot be shown: cannot write to standard output\n");
}
END_TEST

/* Not even a request. */
START_TEST(identity_is_for_a_person_alone)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    fake.is_terminal = _i > 0;
    fake.format = _i;
    fake.profiles = PROFILE("\"somebody\"", "false");
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.request_count, 2);
    ck_assert_uint_eq(fake.save_count, 1);
    ck_assert_ptr_null(fake.described);
    ck_assert_str_eq(buf_text(&fake.err), "");
    if (_i == PLEXCTL_OUTPUT_TABLE)
        ck_assert_str_eq(said(), SENTENCE);
}
END_TEST

static const struct {
    const char *profile, *warning;
} earlier[] = {
    {PROFILE("\"bob\"", "true"),
     "profile \"staging\" belonged to another subject before: to bob, and now to " USER "\n"},
    {"{\"expires_at\":\"2026-11-24T13:00:05Z\",\"previous_subject\":\"bob\",\"server\":\"https://cp.example.com\"}",
     "profile \"staging\" belonged to another subject before: to bob, and now to " USER "\n"},
    {"{\"expires_at\":\"2026-11-24T13:00:05Z\",\"subject\":\"" USER "\",\"previous_subject\":\"bob\"}", ""},
    {"{\"expires_at\":\"2026-11-24T13:00:05Z\",\"subject\":\"bob\",\"server\":\"https://old.example.com\"}",
     "profile \"staging\" was of another server before: it belonged to bob at https://old.example.com, and now to " USER
     " at https://cp.example.com\n"},
    {"{\"expires_at\":\"2026-11-24T13:00:05Z\",\"subject\":\"" USER "\",\"server\":\"https://old.example.com\"}", ""},
    {PROFILE("\"" USER "\"", "true"), ""},
    {PROFILE("null", "true"), ""},
};

START_TEST(identity_of_another_is_a_warning)
{
    static const struct fake_reply replies[] = {CODE, TOKEN, {.http = 200, .body = ALICE}};

    fake.profiles = earlier[_i].profile;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.err), earlier[_i].warning);
    ck_assert_str_eq(said(), SENTENCE YOU_ARE);
}
END_TEST

/* The date in the file is that of the login which came between. */
START_TEST(identity_of_a_profile_that_was_saved_anew_is_shown_alone)
{
    static const struct fake_reply replies[] = {CODE, TOKEN, {.http = 200, .body = ALICE}};

    fake.set_subject_status = PLEXCTL_NOT_FOUND;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(said(), SENTENCE "You are alice@example.test (user), until the token expires (60 minutes).\n");
    ck_assert_str_eq(buf_text(&fake.err), "who you are could not be saved: it is not noted\n");
}
END_TEST

/* What later commands take before it */

START_TEST(precedence_names_a_profile_that_is_not_the_default)
{
    static const struct fake_reply replies[] = {CODE, TOKEN, {.http = 200, .body = ALICE}};

    fake.profiles = PROFILE("null", "false");
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(said(), SENTENCE YOU_ARE "It is not the default profile: use it with --profile staging.\n");
}
END_TEST

static const struct {
    uint32_t variables;
    const char *warning;
} overriding[] = {
    {PLEXCTL_OVERRIDDEN_TOKEN, "PLEXSPHERE_TOKEN is set, and later commands take that before what was saved as profile "
                               "\"staging\"; run `unset PLEXSPHERE_TOKEN`\n"},
    {PLEXCTL_OVERRIDDEN_URL, "PLEXSPHERE_URL is set, and later commands take that before what was saved as profile "
                             "\"staging\"; run `unset PLEXSPHERE_URL`\n"},
    {PLEXCTL_OVERRIDDEN_URL | PLEXCTL_OVERRIDDEN_TOKEN,
     "PLEXSPHERE_URL and PLEXSPHERE_TOKEN are set, and later commands take them before what was saved as profile "
     "\"staging\"; run `unset PLEXSPHERE_URL PLEXSPHERE_TOKEN`\n"},
};

/* Whatever the output is, and whether anybody reads along. */
START_TEST(precedence_warns_of_what_overrides)
{
    static const struct fake_reply replies[] = {CODE, TOKEN};

    fake.is_terminal = false;
    fake.format = _i;
    fake.overridden_by = overriding[_i].variables;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&fake.err), overriding[_i].warning);
}
END_TEST

START_TEST(login_set_default_moves_the_default)
{
    static const struct fake_value wanted[] = {{"domain-id", DOMAIN_ID},
                                               {"idp-binding-id", BINDING_ID},
                                               {"profile-name", "staging"},
                                               {"set-default", "true"},
                                               {NULL, NULL}};
    static const struct fake_reply replies[] = {CODE, TOKEN, {.http = 200, .body = ALICE}};

    if (_i)
        fake.values = wanted;
    ck_assert_int_eq(RUN(replies), PLEXCTL_OK);
    ck_assert_uint_eq(fake.saved_flags, _i ? PLEXCTL_CREDENTIAL_DEFAULT : 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login_identity");
    TCase *tests = tcase_create("identity");

    tcase_add_checked_fixture(tests, set_up_terminal, tear_down);
    tcase_add_test(tests, identity_is_asked_shown_and_saved);
    tcase_add_loop_test(tests, identity_is_named_by_mail_else_by_subject, 0, ROWS(named));
    tcase_add_loop_test(tests, identity_says_how_long, 0, ROWS(spans));
    tcase_add_loop_test(tests, identity_that_fails_is_a_warning, 0, ROWS(failing));
    tcase_add_test(tests, identity_that_is_interrupted_says_nothing);
    tcase_add_test(tests, identity_that_cannot_be_shown_is_a_warning);
    tcase_add_loop_test(tests, identity_is_for_a_person_alone, 0, PLEXCTL_OUTPUT_YAML + 1);
    tcase_add_loop_test(tests, identity_of_another_is_a_warning, 0, ROWS(earlier));
    tcase_add_test(tests, identity_of_a_profile_that_was_saved_anew_is_shown_alone);
    tcase_add_test(tests, precedence_names_a_profile_that_is_not_the_default);
    tcase_add_loop_test(tests, precedence_warns_of_what_overrides, 0, ROWS(overriding));
    tcase_add_loop_test(tests, login_set_default_moves_the_default, 0, 2);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
