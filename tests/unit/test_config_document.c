/* SPDX-License-Identifier: Apache-2.0 */
#include "config_document.h"

#include <string.h>

#include "base/buf.h"
#include "unit.h"

static void assert_span(const char *text, struct json_span span, const char *expected)
{
    if (!expected) {
        ck_assert_uint_eq(span.len, 0);
        return;
    }
    ck_assert_uint_eq(span.len, strlen(expected));
    ck_assert_int_eq(strncmp(text + span.offset, expected, span.len), 0);
}

static const struct document_case {
    const char *text, *wanted;
    const char *default_name, *default_profile, *wanted_profile;
    size_t root_count, profile_count;
} cases[] = {
    {"{}", "a", NULL, NULL, NULL, 0, 0},
    {"{}", NULL, NULL, NULL, NULL, 0, 0},
    {"{\"default\":\"a\"}", "a", "a", NULL, NULL, 1, 0},
    {"{\"profiles\":{}}", "a", NULL, NULL, NULL, 1, 0},
    {"{\"default\":\"a\",\"profiles\":{\"a\":{\"x\":{}},\"b\":{ }}}", "b", "a", "{\"x\":{}}", "{ }", 2, 2},
    {"{\"profiles\":{\"a\":{\"x\":1},\"b\":{ }},\"default\":\"a\"}", "b", "a", "{\"x\":1}", "{ }", 2, 2},
    {"{\"default\":\"a\",\"profiles\":{\"a\":{\"x\":1}}}", "a", "a", "{\"x\":1}", "{\"x\":1}", 2, 1},
    {"{\"default\":\"a\",\"profiles\":{\"a\":{\"x\":1}}}", "A", "a", "{\"x\":1}", NULL, 2, 1},
    {"{\"\\u0064efault\":\"\\u0061\",\"profile\\u0073\":{\"\\u0061\":{ }}}", "a", "a", "{ }", "{ }", 2, 1},
    {"{\"x\":{\"a\":{\"no\":1}},\"default\":\"a\",\"y\":{\"profiles\":{\"a\":{}}}}", "a", "a", NULL, NULL, 3, 0},
    {"{\"default\":\"\",\"profiles\":{\"\":{ }}}", "", "", "{ }", "{ }", 2, 1},
};

START_TEST(document_read_finds_spans)
{
    const struct document_case *row = &cases[_i];
    auto_config_document struct config_document document = CONFIG_DOCUMENT_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(config_document_read(row->text, strlen(row->text), row->wanted, &document, &err), PLEXCTL_OK);
    ck_assert_pstr_eq(document.default_name, row->default_name);
    assert_span(row->text, document.default_profile, row->default_profile);
    assert_span(row->text, document.wanted_profile, row->wanted_profile);
    ck_assert_uint_eq(document.root.count, row->root_count);
    ck_assert_uint_eq(document.profiles.count, row->profile_count);
}
END_TEST

START_TEST(document_read_remembers_last_members)
{
    const char *text = " {\"default\":\"a\",\"profiles\":{\"a\":{},\"b\":{\"x\":1}},\"z\" : [2] } ";
    auto_config_document struct config_document document = CONFIG_DOCUMENT_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(config_document_read(text, strlen(text), NULL, &document, &err), PLEXCTL_OK);
    assert_span(text, document.root.last_key, "\"z\"");
    assert_span(text, document.root.last_value, "[2]");
    assert_span(text, document.profiles.last_key, "\"b\"");
    assert_span(text, document.profiles.last_value, "{\"x\":1}");
    assert_span(text, document.default_value, "\"a\"");
    ck_assert_uint_eq(document.root.span.offset, 1);
    ck_assert_uint_eq(document.root.span.len, strlen(text) - 2);
}
END_TEST

static plexctl_status join(void *context, const char *name, struct json_span object, struct error *err)
{
    struct buf *names = context;

    if (object.len < 2)
        return error_set(err, PLEXCTL_FAILED, "no object");
    if (strcmp(name, "stop") == 0)
        return error_set(err, PLEXCTL_CANCELLED, "stopped");
    buf_append_text(names, name);
    return PLEXCTL_OK;
}

START_TEST(document_each_walks_in_order_until_told_to_stop)
{
    const char *text = "{\"profiles\":{\"c\":{},\"a\":{\"x\":{}},\"stop\":{},\"b\":{}}}";
    auto_config_document struct config_document document = CONFIG_DOCUMENT_INIT;
    struct error err = ERROR_INIT;
    auto_buf struct buf names = BUF_INIT(16);

    ck_assert_int_eq(config_document_read(text, strlen(text), NULL, &document, &err), PLEXCTL_OK);
    ck_assert_int_eq(config_document_each(&document, join, &names, &err), PLEXCTL_CANCELLED);
    ck_assert_str_eq(buf_text(&names), "ca");
    ck_assert_str_eq(err.text, "stopped");
}
END_TEST

START_TEST(document_each_of_none_calls_nothing)
{
    struct config_document document = CONFIG_DOCUMENT_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(config_document_each(&document, join, NULL, &err), PLEXCTL_OK);
}
END_TEST

START_TEST(document_cut_at_each_byte_is_refused)
{
    const char *text = "{\"default\":\"a\",\"profiles\":{\"a\":{\"token\":\"t\",\"n\":[1,{\"x\":null}]}}}";
    struct error err = ERROR_INIT;

    for (size_t size = 0; size < strlen(text); size++) {
        struct config_document document = {.size = 4711};
        ck_assert_int_eq(config_document_read(text, size, "a", &document, &err), PLEXCTL_USAGE);
        ck_assert_uint_eq(document.size, 4711);
        ck_assert_msg(strncmp(err.text, "line 1, column ", 15) == 0, "%s", err.text);
    }
}
END_TEST

START_TEST(document_refuse_counts_lines_and_characters)
{
    const char *text = "a\n\xE2\x82\xAC\xC3\xA9x\n";
    struct error err = ERROR_INIT;

    ck_assert_int_eq(config_document_refuse(text, 0, &err, "no %d", 1), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "line 1, column 1: no 1");
    ck_assert_int_eq(config_document_refuse(text, 7, &err, "no"), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "line 2, column 3: no");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config_document");
    TCase *tcase = tcase_create("document");

    tcase_add_loop_test(tcase, document_read_finds_spans, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tcase, document_read_remembers_last_members);
    tcase_add_test(tcase, document_each_walks_in_order_until_told_to_stop);
    tcase_add_test(tcase, document_each_of_none_calls_nothing);
    tcase_add_test(tcase, document_cut_at_each_byte_is_refused);
    tcase_add_test(tcase, document_refuse_counts_lines_and_characters);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
