/* SPDX-License-Identifier: Apache-2.0 */
#include "credential.h"

#include <string.h>

#include "unit.h"

static plexctl_status parse(const char *text, struct credential *ret_credential, struct error *err)
{
    const char *profile = strchr(text, '{');
    struct json_span span = {(size_t)(profile - text), strlen(profile)};

    return credential_parse(text, span, "work", ret_credential, err);
}

START_TEST(credential_parse_reads_every_member)
{
    auto_credential struct credential credential = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(parse("\n {\"idp_binding_id\":\"I\",\"x\":5,\"domain_id\":\"D\",\"expires_at\":\"E\",\"y\":"
                           "{\"server\":1},\"subject\":\"U\",\"previous_subject\":\"V\",\"token_type\":\"B\",\"token\":"
                           "\"a\\u0062c\",\"\\u0073erver\":\"S\"}",
                           &credential, &err),
                     PLEXCTL_OK);
    const char *expected[CREDENTIAL_MEMBER_COUNT] = {"S", "abc", "B", "E", "D", "I", "U", "V"};
    for (int i = 0; i < CREDENTIAL_MEMBER_COUNT; i++)
        ck_assert_str_eq(credential_member_text(&credential, i), expected[i]);
    ck_assert_uint_eq(credential.token.len, 3);
    ck_assert_str_eq(credential.name, "work");
    ck_assert(!credential.is_default);
}
END_TEST

START_TEST(credential_parse_of_no_members_leaves_null)
{
    auto_credential struct credential credential = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(parse("{ }", &credential, &err), PLEXCTL_OK);
    for (int i = 0; i < CREDENTIAL_MEMBER_COUNT; i++)
        ck_assert_ptr_null(credential_member_text(&credential, i));
}
END_TEST

static const struct wrong_case {
    const char *text, *place;
} wrong[] = {
    {"{\"server\":5}", "line 1, column 11: \"server\" must be a string"},
    {"\n {\"x\":1,\n \"token\":null}", "line 3, column 10: \"token\" must be a string"},
    {"{\"token\":{\"a\":5}}", "line 1, column 10: \"token\" must be a string"},
    {"{\"token_type\":true}", "line 1, column 15: \"token_type\" must be a string"},
    {"{\"expires_at\":[]}", "line 1, column 15: \"expires_at\" must be a string"},
    {"{\"server\":\"S\",\"token\":\"T\",\"domain_id\":{}}", "line 1, column 39: \"domain_id\" must be a string"},
    {"{\"idp_binding_id\":1.5}", "line 1, column 19: \"idp_binding_id\" must be a string"},
    {"{\"subject\":[\"u\"]}", "line 1, column 12: \"subject\" must be a string"},
};

START_TEST(credential_parse_of_a_wrong_type_is_refused_with_its_place)
{
    struct credential credential = {.name = "untouched"};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(parse(wrong[_i].text, &credential, &err), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, wrong[_i].place);
    ck_assert_str_eq(credential.name, "untouched");
    ck_assert_ptr_null(credential.token.text);
}
END_TEST

static const struct server_case {
    const char *text, *server;
} servers[] = {
    {"{\"server\":\"https://u:hunter2@cp.test/a\"}", "https://***@cp.test/a"},
    {"{\"server\":\"https://hunter2@[::1]:8443\"}", "https://***@[::1]:8443"},
    {"{\"server\":\"https://u:hunter2@hunter2@cp.test\"}", "https://***@cp.test"},
    {"{\"server\":\"https://u:hunter2/?#hunter2@cp.test\"}", "https://***@cp.test"},
    {"{\"server\":\"u:hunter2@cp.test\"}", "***@cp.test"},
    {"{\"server\":\"u:hunter2://hunter2@cp.test\"}", "***@cp.test"},
    {"{\"server\":\"@\"}", "***@"},
    {"{\"server\":\"https://cp.test/@a\"}", "https://cp.test/@a"},
    {"{\"server\":\"HTTPS://CP.test:8443/@a\"}", "HTTPS://CP.test:8443/@a"},
    {"{\"server\":\"https://[::1]:8443/@a\"}", "https://[::1]:8443/@a"},
    {"{\"server\":\"https://cp.test\"}", "https://cp.test"},
};

START_TEST(credential_parse_leaves_a_servers_password_out)
{
    auto_credential struct credential credential = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(parse(servers[_i].text, &credential, &err), PLEXCTL_OK);
    ck_assert_str_eq(credential.server, servers[_i].server);
}
END_TEST

START_TEST(credential_member_find_knows_exact_keys)
{
    for (int i = 0; i < CREDENTIAL_MEMBER_COUNT; i++)
        ck_assert_int_eq(credential_member_find(credential_member_keys[i]), i);
    ck_assert_int_eq(credential_member_find("Token"), -1);
    ck_assert_int_eq(credential_member_find(""), -1);
    ck_assert_int_eq(credential_member_find("name"), -1);
}
END_TEST

START_TEST(credential_release_twice_is_harmless)
{
    struct credential credential = CREDENTIAL_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(parse("{\"server\":\"S\",\"token\":\"T\"}", &credential, &err), PLEXCTL_OK);
    credential_release(&credential);
    ck_assert_ptr_null(credential.token.text);
    ck_assert_ptr_null(credential.server);
    credential_release(&credential);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("credential");
    TCase *tcase = tcase_create("credential");

    tcase_add_test(tcase, credential_parse_reads_every_member);
    tcase_add_test(tcase, credential_parse_of_no_members_leaves_null);
    tcase_add_loop_test(tcase, credential_parse_of_a_wrong_type_is_refused_with_its_place, 0,
                        (int)(sizeof wrong / sizeof wrong[0]));
    tcase_add_loop_test(tcase, credential_parse_leaves_a_servers_password_out, 0,
                        (int)(sizeof servers / sizeof servers[0]));
    tcase_add_test(tcase, credential_member_find_knows_exact_keys);
    tcase_add_test(tcase, credential_release_twice_is_harmless);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
