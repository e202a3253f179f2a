/* SPDX-License-Identifier: Apache-2.0 */
#include "credential_splice.h"

#include <string.h>

#include "unit.h"

#define SERVER_TOKEN \
    { \
        .name = "work", .server = "S", .token = { "T", 1 } \
    }

static const struct splice_case {
    const char *what;
    const char *before;
    struct credential credential;
    const char *after;
} cases[] = {
    {"a file that does not exist yet",
     "",
     {.name = "work",
      .server = "https://cp.example.com",
      .token = {"T", 1},
      .token_type = "Bearer",
      .expires_at = "2026-11-24T12:00:00Z",
      .domain_id = "D",
      .idp_binding_id = "I",
      .subject = "U"},
     "{\n"
     "  \"default\": \"work\",\n"
     "  \"profiles\": {\n"
     "    \"work\": {\n"
     "      \"server\": \"https://cp.example.com\",\n"
     "      \"token\": \"T\",\n"
     "      \"token_type\": \"Bearer\",\n"
     "      \"expires_at\": \"2026-11-24T12:00:00Z\",\n"
     "      \"domain_id\": \"D\",\n"
     "      \"idp_binding_id\": \"I\",\n"
     "      \"subject\": \"U\"\n"
     "    }\n"
     "  }\n"
     "}\n"},
    {"a credential without members",
     "",
     {.name = "work"},
     "{\n  \"default\": \"work\",\n  \"profiles\": {\n    \"work\": {}\n  }\n}\n"},
    {"an empty root", "{}", SERVER_TOKEN,
     "{\n  \"default\": \"work\",\n  \"profiles\": {\n    \"work\": {\n      \"server\": \"S\",\n"
     "      \"token\": \"T\"\n    }\n  }\n}"},
    {"an empty root with white space keeps it", " { } ", SERVER_TOKEN,
     " {\n  \"default\": \"work\",\n  \"profiles\": {\n    \"work\": {\n      \"server\": \"S\",\n"
     "      \"token\": \"T\"\n    }\n  } } "},

    {"values in place, unknown members and order kept",
     "{\"default\":\"work\",\"profiles\":{\"work\":{\"x\":[1, 2 ],\"token\":\"old\" , \"y\" : null,\"server\":\"s\"}}}",
     SERVER_TOKEN,
     "{\"default\":\"work\",\"profiles\":{\"work\":{\"x\":[1, 2 ],\"token\":\"T\" , \"y\" : null,\"server\":\"S\"}}}"},
    {"values of another type are mended",
     "{\"default\":\"work\",\"profiles\":{\"work\":{\"token\":{\"a\":[1]},\"server\":5}}}", SERVER_TOKEN,
     "{\"default\":\"work\",\"profiles\":{\"work\":{\"token\":\"T\",\"server\":\"S\"}}}"},
    {"missing members at the end, set out like the last",
     "{\"default\":\"work\",\"profiles\":{\"work\":{\n\t\"note\" :  1\n}}}", SERVER_TOKEN,
     "{\"default\":\"work\",\"profiles\":{\"work\":{\n\t\"note\" :  1,\n\t\"server\" :  \"S\",\n\t\"token\" :  "
     "\"T\"\n}}}"},
    {"an empty profile, compact", "{\"default\":\"work\",\"profiles\":{\"work\":{}}}", SERVER_TOKEN,
     "{\"default\":\"work\",\"profiles\":{\"work\":{\"server\":\"S\",\"token\":\"T\"}}}"},
    {"an empty profile, pretty", "{\n  \"default\": \"work\",\n  \"profiles\": {\n    \"work\": {}\n  }\n}\n",
     SERVER_TOKEN,
     "{\n  \"default\": \"work\",\n  \"profiles\": {\n    \"work\": {\n      \"server\": \"S\",\n"
     "      \"token\": \"T\"\n    }\n  }\n}\n"},

    {"the first member out",
     "{\"default\":\"work\",\"profiles\":{\"work\":{ \"domain_id\":1, \"x\":2, \"y\":3 }}}",
     {.name = "work"},
     "{\"default\":\"work\",\"profiles\":{\"work\":{ \"x\":2, \"y\":3 }}}"},
    {"a middle member out",
     "{\"default\":\"work\",\"profiles\":{\"work\":{ \"x\":2 , \"token\":1, \"y\":3 }}}",
     {.name = "work"},
     "{\"default\":\"work\",\"profiles\":{\"work\":{ \"x\":2, \"y\":3 }}}"},
    {"the last member out",
     "{\"default\":\"work\",\"profiles\":{\"work\":{ \"x\":2, \"token\":\"t\" }}}",
     {.name = "work"},
     "{\"default\":\"work\",\"profiles\":{\"work\":{ \"x\":2 }}}"},
    {"two first members and the last out",
     "{\"default\":\"work\",\"profiles\":{\"work\":{ \"token\":1, \"server\":2, \"x\":3, \"domain_id\":4 }}}",
     {.name = "work"},
     "{\"default\":\"work\",\"profiles\":{\"work\":{ \"x\":3 }}}"},
    {"the only member out",
     "{\"default\":\"work\",\"profiles\":{\"work\":{ \"token\":\"t\" }}}",
     {.name = "work"},
     "{\"default\":\"work\",\"profiles\":{\"work\":{  }}}"},
    {"all members out, others in",
     "{\"default\":\"work\",\"profiles\":{\"work\":{ \"domain_id\":\"d\", \"expires_at\":\"e\" }}}", SERVER_TOKEN,
     "{\"default\":\"work\",\"profiles\":{\"work\":{ \"server\":\"S\", \"token\":\"T\" }}}"},

    {"a second profile, pretty",
     "{\n  \"default\": \"a\",\n  \"profiles\": {\n    \"a\": {\n      \"server\": \"s\"\n    }\n  }\n}\n",
     SERVER_TOKEN,
     "{\n  \"default\": \"a\",\n  \"profiles\": {\n    \"a\": {\n      \"server\": \"s\"\n    },\n    \"work\": {\n"
     "      \"server\": \"S\",\n      \"token\": \"T\"\n    }\n  }\n}\n"},
    {"a second profile, tabs and CRLF", "{\r\n\t\"default\":\"a\",\r\n\t\"profiles\":{\r\n\t\t\"a\":{}\r\n\t}\r\n}",
     SERVER_TOKEN,
     "{\r\n\t\"default\":\"a\",\r\n\t\"profiles\":{\r\n\t\t\"a\":{},\r\n\t\t\"work\":{\r\n\t\t\t\"server\":\"S\",\r\n"
     "\t\t\t\"token\":\"T\"\r\n\t\t}\r\n\t}\r\n}"},
    {"a second profile, compact", "{\"default\":\"a\",\"profiles\":{\"a\":{\"server\":\"s\"}}}", SERVER_TOKEN,
     "{\"default\":\"a\",\"profiles\":{\"a\":{\"server\":\"s\"},\"work\":{\"server\":\"S\",\"token\":\"T\"}}}"},
    {"a second profile, one line each", "{ \"default\": \"a\",\n  \"profiles\": { \"a\": { \"server\": \"s\" } } }",
     SERVER_TOKEN,
     "{ \"default\": \"a\",\n  \"profiles\": { \"a\": { \"server\": \"s\" }, \"work\": { \"server\": \"S\", \"token\": "
     "\"T\" } } }"},
    {"profiles without any", "{\"default\":\"a\",\"profiles\":{}}", SERVER_TOKEN,
     "{\"default\":\"work\",\"profiles\":{\"work\":{\"server\":\"S\",\"token\":\"T\"}}}"},
    {"profiles missing, other members there", "{\n    \"theme\": \"dark\"\n}", SERVER_TOKEN,
     "{\n    \"theme\": \"dark\",\n    \"default\": \"work\",\n    \"profiles\": {\n        \"work\": {\n"
     "            \"server\": \"S\",\n            \"token\": \"T\"\n        }\n    }\n}"},
    {"profiles missing, default last", "{\"default\":\"gone\"}", SERVER_TOKEN,
     "{\"default\":\"work\",\"profiles\":{\"work\":{\"server\":\"S\",\"token\":\"T\"}}}"},

    {"default missing", "{\"profiles\":{\"a\":{}}}", SERVER_TOKEN,
     "{\"profiles\":{\"a\":{},\"work\":{\"server\":\"S\",\"token\":\"T\"}},\"default\":\"work\"}"},
    {"default names none", "{\"default\":\"gone\",\"profiles\":{\"a\":{}}}", SERVER_TOKEN,
     "{\"default\":\"work\",\"profiles\":{\"a\":{},\"work\":{\"server\":\"S\",\"token\":\"T\"}}}"},
    {"default names none, behind the profiles", "{\"profiles\":{\"a\":{}},\"default\":\"gone\"}", SERVER_TOKEN,
     "{\"profiles\":{\"a\":{},\"work\":{\"server\":\"S\",\"token\":\"T\"}},\"default\":\"work\"}"},
    {"default names the new one already", "{\"default\":\"\\u0077ork\",\"profiles\":{}}", SERVER_TOKEN,
     "{\"default\":\"\\u0077ork\",\"profiles\":{\"work\":{\"server\":\"S\",\"token\":\"T\"}}}"},
    {"default names another, behind the profiles",
     "{\"profiles\":{\"a\":{},\"work\":{\"server\":\"s\"}},\"default\":\"a\"}",
     {.name = "work", .server = "S"},
     "{\"profiles\":{\"a\":{},\"work\":{\"server\":\"S\"}},\"default\":\"a\"}"},
    {"default moved to it, behind the profiles",
     "{\"profiles\":{\"a\":{},\"work\":{\"server\":\"s\"}}, \"default\" : \"a\" }",
     {.name = "work", .is_default = true, .server = "S"},
     "{\"profiles\":{\"a\":{},\"work\":{\"server\":\"S\"}}, \"default\" : \"work\" }"},
    {"default moved to a new one",
     "{\"default\":\"a\",\"profiles\":{\"a\":{}}}",
     {.name = "work", .is_default = true, .server = "S"},
     "{\"default\":\"work\",\"profiles\":{\"a\":{},\"work\":{\"server\":\"S\"}}}"},
    {"default is it already",
     "{\"default\":\"w\\u006frk\",\"profiles\":{\"work\":{\"subject\":\"old\"}}}",
     {.name = "work", .is_default = true},
     "{\"default\":\"w\\u006frk\",\"profiles\":{\"work\":{}}}"},
    {"default names another by an escape",
     "{\"\\u0064efault\":\"\\u0061\",\"profiles\":{\"a\":{},\"work\":{\"server\":\"s\"}}}",
     {.name = "work", .server = "S"},
     "{\"\\u0064efault\":\"\\u0061\",\"profiles\":{\"a\":{},\"work\":{\"server\":\"S\"}}}"},
    {"escaped keys on the way", "{\"default\":\"work\",\"pr\\u006ffiles\":{\"w\\u006Frk\":{\"\\u0074oken\":\"t\"}}}",
     SERVER_TOKEN,
     "{\"default\":\"work\",\"pr\\u006ffiles\":{\"w\\u006Frk\":{\"\\u0074oken\":\"T\",\"server\":\"S\"}}}"},

    {"numbers stay as they are written, at three levels",
     "{\"n\":123456789012345678901234567890,\"default\":\"work\",\"profiles\":{\"a\":{\"f\":1.10E+02},"
     "\"work\":{\"token\":\"t\",\"f\":-0.0,\"g\":1e-7,\"server\":\"s\"}}}",
     SERVER_TOKEN,
     "{\"n\":123456789012345678901234567890,\"default\":\"work\",\"profiles\":{\"a\":{\"f\":1.10E+02},"
     "\"work\":{\"token\":\"T\",\"f\":-0.0,\"g\":1e-7,\"server\":\"S\"}}}"},
    {"the same names elsewhere are not ours",
     "{\"x\":{\"default\":\"b\",\"profiles\":{\"work\":{\"token\":\"keep\"}}},\"default\":\"work\","
     "\"profiles\":{\"work\":{\"sub\":{\"token\":\"keep\",\"server\":1},\"token\":\"t\",\"server\":\"s\"}},"
     "\"work\":{\"token\":\"keep\"}}",
     SERVER_TOKEN,
     "{\"x\":{\"default\":\"b\",\"profiles\":{\"work\":{\"token\":\"keep\"}}},\"default\":\"work\","
     "\"profiles\":{\"work\":{\"sub\":{\"token\":\"keep\",\"server\":1},\"token\":\"T\",\"server\":\"S\"}},"
     "\"work\":{\"token\":\"keep\"}}"},
    {"texts that need escapes",
     "{\"default\":\"work\",\"profiles\":{\"work\":{\"server\":\"s\"}}}",
     {.name = "work", .server = "a\"b\\c\n"},
     "{\"default\":\"work\",\"profiles\":{\"work\":{\"server\":\"a\\\"b\\\\c\\n\"}}}"},
    {"UTF-8 elsewhere",
     "{\"d\xC3\xA9\":\"\xE2\x82\xAC\",\"default\":\"work\",\"profiles\":{\"work\":{}}}",
     {.name = "work", .server = "S"},
     "{\"d\xC3\xA9\":\"\xE2\x82\xAC\",\"default\":\"work\",\"profiles\":{\"work\":{\"server\":\"S\"}}}"},
};

START_TEST(splice_case_becomes_expected_text)
{
    const struct splice_case *row = &cases[_i];
    auto_buf struct buf before = BUF_INIT(4096), after = BUF_INIT(4096);
    struct error err = ERROR_INIT;

    buf_append_text(&before, row->before);
    ck_assert_msg(credential_splice(&before, &row->credential, &after, &err) == PLEXCTL_OK, "%s: %s", row->what,
                  err.text);
    ck_assert_msg(strcmp(buf_text(&after), row->after) == 0, "%s:\n%s\nexpected:\n%s", row->what, buf_text(&after),
                  row->after);
    ck_assert_str_eq(buf_text(&before), row->before);
}
END_TEST

START_TEST(splice_again_changes_nothing)
{
    const struct splice_case *row = &cases[_i];
    auto_buf struct buf before = BUF_INIT(4096), after = BUF_INIT(4096);
    struct error err = ERROR_INIT;

    buf_append_text(&before, row->after);
    ck_assert_int_eq(credential_splice(&before, &row->credential, &after, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&after), row->after);
}
END_TEST

static const struct refused_case {
    const char *before, *text;
} refused[] = {
    {"{\"profiles\":", "line 1, column "},
    {"{\n \"default\": \"a\",\n \"profiles\": {} ]", "line 3, column 17"},
    {"[]", "line 1, column 1: the document must be an object"},
    {" 5", "line 1, column 2: the document must be an object"},
    {"{\"default\":5}", "line 1, column 12: \"default\" must be a string"},
    {"{\"default\":null}", "line 1, column 12: \"default\" must be a string"},
    {"{\"profiles\":\n []}", "line 2, column 2: \"profiles\" must be an object"},
    {"{\"\xC3\xA9\":1,\"profiles\":{\"a\":\"b\"}}", "line 1, column 24: a profile must be an object"},
    {"{\"profiles\":{\"work\":{}},\"profiles\":{}}", "line 1, column "},
    {"{\"profiles\":{\"work\":{\"token\":\"a\",\"\\u0074oken\":\"b\"}}}", "line 1, column "},
    {"{\"default\":\"a\",\"default\":\"b\"}", "line 1, column "},
    {"{\"profiles\":{\"work\":{\"x\":NaN}}}", "line 1, column "},
    {"\xEF\xBB\xBF{}", "line 1, column "},
    {"{} {}", "line 1, column "},
};

START_TEST(splice_damaged_document_is_refused_with_its_place)
{
    auto_buf struct buf before = BUF_INIT(4096), after = BUF_INIT(4096);
    struct error err = ERROR_INIT;
    const struct credential credential = SERVER_TOKEN;

    buf_append_text(&before, refused[_i].before);
    ck_assert_int_eq(credential_splice(&before, &credential, &after, &err), PLEXCTL_USAGE);
    ck_assert_int_eq(err.status, PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, refused[_i].text) != NULL, "%s: %s", refused[_i].before, err.text);
    ck_assert_uint_eq(after.len, 0);
}
END_TEST

START_TEST(splice_result_over_the_maximum_is_refused)
{
    auto_buf struct buf before = BUF_INIT(4096);
    struct error err = ERROR_INIT;
    const struct credential credential = SERVER_TOKEN;

    buf_append_text(&before, "{\"note\":\"0123456789\"}");
    for (size_t max = 0; max < 60; max++) {
        auto_buf struct buf after = BUF_INIT(max);
        ck_assert_int_eq(credential_splice(&before, &credential, &after, &err), PLEXCTL_FAILED);
    }
}
END_TEST

START_TEST(splice_text_that_is_no_utf8_is_not_written)
{
    auto_buf struct buf before = BUF_INIT(4096), after = BUF_INIT(4096);
    struct error err = ERROR_INIT;
    const struct credential credential = {.name = "work", .server = "\xFF"};

    plexctl_status status = credential_splice(&before, &credential, &after, &err);
    if (status == PLEXCTL_OK) /* json_write_string may have replaced the byte by what is good JSON */
        ck_assert_ptr_null(strchr(buf_text(&after), '\xFF'));
    else
        ck_assert_int_eq(status, PLEXCTL_FAILED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("credential_splice");
    TCase *tcase = tcase_create("splice");

    tcase_add_loop_test(tcase, splice_case_becomes_expected_text, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_loop_test(tcase, splice_again_changes_nothing, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_loop_test(tcase, splice_damaged_document_is_refused_with_its_place, 0,
                        (int)(sizeof refused / sizeof refused[0]));
    tcase_add_test(tcase, splice_result_over_the_maximum_is_refused);
    tcase_add_test(tcase, splice_text_that_is_no_utf8_is_not_written);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
