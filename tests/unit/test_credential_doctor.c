/* SPDX-License-Identifier: Apache-2.0
 *
 * credential_doctor: what it says of the document and its profiles.
 */
#include "doctor_fixture.h"

static const struct text_row {
    const char *document, *item, *verdict, *part, *fix;
} texts[] = {
    {"", "config file", FINDING_FAULT, "is empty", "run `rm /"},
    {"{\n \"default\": x}", "document", FINDING_FAULT, "line 2, column 13", "${EDITOR:-vi} /"},
    {"{\"profiles\":{\"a\":[]}}", "document", FINDING_FAULT, "column 18: a profile must be an object", "vi"},
    {"{}", "config file", FINDING_OK, "mode 0600", NULL},
    {"{\"default\":\"b\",\"profiles\":{}}", "default", FINDING_FAULT, "\"b\" does not exist",
     "--profile-name b --server URL "},
    {"{\"default\":\"..\\u001b\"}", "default", FINDING_FAULT, "\"..\\x1b\" does", "--profile-name NAME "},
    {"{\"profiles\":{\"a\":{" GOOD "}}}", "default", FINDING_NOTE, "no profile is the default one", NULL},
    {ONE(GOOD), "profile \"a\"", FINDING_OK, "https://cp.example.com", NULL},
    {ONE(GOOD ",\"token_type\":7"), "profile \"a\"", FINDING_FAULT, "\"token_type\" must be a string", "vi"},
    {ONE("\"token\":\"" CANARY "\""), "profile \"a\"", FINDING_FAULT, "no server", "--server URL "},
    {ONE("\"server\":\"ftp://x\",\"token\":\"t\""), "profile \"a\"", FINDING_FAULT, "malformed: no good URL", "URL"},
    {ONE("\"server\":\"https://x\""), "profile \"a\"", FINDING_FAULT, "no token",
     "--server https://x --domain-id UUID"},
    {ONE("\"server\":\"https://x\",\"token\":\"canary token\""), "profile \"a\"", FINDING_FAULT, "token is none",
     "login"},
    {ONE(GOOD ",\"expires_at\":\"canary\""), "profile \"a\"", FINDING_FAULT, "is no date", "login"},
    {ONE(GOOD ",\"expires_at\":\"2026-11-24T12:00:01Z\""), "profile \"a\"", FINDING_NOTE, "within a day", "login"},
    {ONE(GOOD ",\"expires_at\":\"2026-11-25T12:00:00Z\""), "profile \"a\"", FINDING_NOTE, "within a day", "login"},
    {ONE(GOOD ",\"expires_at\":\"2026-11-25T12:00:01Z\""), "profile \"a\"", FINDING_OK, "2026-11-25T12:00:01Z", NULL},
    {ONE(GOOD ",\"expires_at\":\"2026-11-24T12:00:00Z\",\"domain_id\":\"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0\""),
     "profile \"a\"", FINDING_FAULT, "has expired at 2026-11-24T12:00:00Z",
     "plexctl login --profile-name a --server https://cp.example.com --domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0 "
     "--idp-binding-id UUID`"},
    {ONE(GOOD ",\"expires_at\":\"2026-11-24T12:00:00Z\",\"domain_id\":\"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0\","
              "\"idp_binding_id\":\"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0\""),
     "profile \"a\"", FINDING_FAULT, "has expired", "run `plexctl login --again --profile-name a`"},
    {ONE("\"expires_at\":\"2026-11-24T12:00:01Z\""), "profile \"a\"", FINDING_FAULT, "no server, it has no token",
     "URL"},
};

START_TEST(doctor_judges_the_document)
{
    struct config_fixture fixture = config_fixture_new();

    config_fixture_write_text(fixture.path, texts[_i].document);
    assert_finding(texts[_i].item, texts[_i].verdict, texts[_i].part, texts[_i].fix);
    config_fixture_assert_text(fixture.path, texts[_i].document);
}
END_TEST

/* A module that cannot be opened says nothing about a profile. */
START_TEST(doctor_that_cannot_judge_a_server_fails)
{
    struct config_fixture fixture = config_fixture_new();
    struct plexctl_json *findings = NULL;
    struct error err = ERROR_INIT;

    config_fixture_write_text(fixture.path, ONE(GOOD));
    ck_assert_int_eq(try_examine(PLEXCTL_FAILED, &findings, &err), PLEXCTL_FAILED);
    ck_assert_ptr_null(findings);
    ck_assert_str_eq(err.text, "no good URL");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("credential_doctor");
    TCase *tests = tcase_create("doctor");

    ADD_TABLE(tests, doctor_judges_the_document, texts);
    tcase_add_test(tests, doctor_that_cannot_judge_a_server_fails);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
