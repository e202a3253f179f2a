/* SPDX-License-Identifier: Apache-2.0 */
#include "heap.h"
#include "json_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

START_TEST(json_write_string_escapes)
{
    /* NOLINTBEGIN(misc-misleading-bidirectional): the cases are made of it */
    static const struct {
        const char *text, *literal;
    } cases[] = {
        {"", "\"\""},
        {"plain /'", "\"plain /'\""},
        {"\"\\\b\f\n\r\t", "\"\\\"\\\\\\b\\f\\n\\r\\t\""},
        {"\x01\x1b[2J\x1f\x7f", "\"\\u0001\\u001b[2J\\u001f\\u007f\""},
        {"\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0", "\"\\u0080\\u009b\\u009f\xC2\xA0\""},
        {"\xD8\x9C\xE2\x80\x8E\xE2\x80\x8F", "\"\\u061c\\u200e\\u200f\""},
        {"\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA\xE2\x80\xAE\xE2\x80\xAF",
         "\"\\u2028\\u2029\\u202a\\u202e\xE2\x80\xAF\""},
        {"\xE2\x81\xA5\xE2\x81\xA6\xE2\x81\xA9\xE2\x81\xAA", "\"\xE2\x81\xA5\\u2066\\u2069\xE2\x81\xAA\""},
        {"\xC3\xA9\xF0\x9F\x98\x80", "\"\xC3\xA9\xF0\x9F\x98\x80\""},
        {"a\xFF\xC3", "\"a\\ufffd\\ufffd\""},
        {"\xED\xA0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
    };
    /* NOLINTEND(misc-misleading-bidirectional) */
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_buf struct buf out = BUF_INIT(1000);
        json_write_string(&out, cases[i].text);
        ck_assert_str_eq(buf_text(&out), cases[i].literal);
    }
}
END_TEST

START_TEST(json_write_string_is_read_back)
{
    for (int c = 1; c < 0x80; c++) {
        auto_buf struct buf out = BUF_INIT(1000);
        char text[] = {'a', (char)c, 'b', '\0'};
        json_write_string(&out, text);
        struct plexctl_json *value = parse(buf_text(&out));
        ck_assert_str_eq(json_string(value), text);
        json_free(value);
    }
}
END_TEST

START_TEST(json_write_lays_out)
{
    static const struct {
        const char *text;
        unsigned flags, indent;
        const char *written;
    } cases[] = {
        {"{\"a\":[1,{}],\"b\":[],\"c\":{\"d\":null}}", 0, 5, "{\"a\":[1,{}],\"b\":[],\"c\":{\"d\":null}}"},
        {"{\"a\":[1,{}],\"b\":[],\"c\":{\"d\":null}}", JSON_WRITE_PRETTY, 0,
         "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": [],\n  \"c\": {\n    \"d\": null\n  }\n}"},
        {"{\"a\":1.50}", JSON_WRITE_PRETTY, 2, "{\n      \"a\": 1.50\n    }"},
        {"\"x\"", JSON_WRITE_PRETTY, 3, "\"x\""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_buf struct buf out = BUF_INIT(1000);
        struct plexctl_json *value = parse(cases[i].text);
        json_write(&out, value, cases[i].flags, cases[i].indent);
        ck_assert_str_eq(buf_text(&out), cases[i].written);
        json_free(value);
    }
}
END_TEST

START_TEST(json_write_masks_secrets_until_told)
{
    auto_buf struct buf masked = BUF_INIT(1000), revealed = BUF_INIT(1000);
    struct plexctl_json *list = json_new_array();
    ck_assert_int_eq(json_append(list, json_new_secret(CANARY)), PLEXCTL_OK);
    ck_assert_int_eq(json_append(list, json_new_string("open")), PLEXCTL_OK);
    json_write(&masked, list, 0, 0);
    ck_assert_str_eq(buf_text(&masked), "[\"***\",\"open\"]");
    json_write(&revealed, list, JSON_WRITE_REVEAL, 0);
    ck_assert_str_eq(buf_text(&revealed), "[\"" CANARY "\",\"open\"]");
    json_free(list);
}
END_TEST

START_TEST(json_write_of_nothing_fails_the_buffer)
{
    auto_buf struct buf out = BUF_INIT(1000), full = BUF_INIT(3);
    json_write(&out, NULL, 0, 0);
    ck_assert_int_eq(out.failed, PLEXCTL_NO_MEMORY);
    struct plexctl_json *value = parse("[1,2,3]");
    json_write(&full, value, JSON_WRITE_PRETTY, 0);
    ck_assert_int_eq(full.failed, PLEXCTL_FAILED);
    json_free(value);
}
END_TEST

START_TEST(json_write_leaves_no_text_in_freed_memory)
{
    struct plexctl_json *list = json_new_array();
    if (!heap_is_ours()) {
        json_free(list);
        return;
    }
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(json_append(list, json_new_secret(CANARY)), PLEXCTL_OK);
    struct buf out = BUF_INIT(100000);
    heap_watch(CANARY);
    json_write(&out, list, JSON_WRITE_REVEAL | JSON_WRITE_PRETTY, 0);
    ck_assert_int_eq(out.failed, PLEXCTL_OK);
    buf_release(&out);
    json_free(list);
    ck_assert_uint_eq(heap_sightings(), 0);
    heap_watch(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_write");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, json_write_string_escapes);
    tcase_add_test(tcase, json_write_string_is_read_back);
    tcase_add_test(tcase, json_write_lays_out);
    tcase_add_test(tcase, json_write_masks_secrets_until_told);
    tcase_add_test(tcase, json_write_of_nothing_fails_the_buffer);
    tcase_add_test(tcase, json_write_leaves_no_text_in_freed_memory);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
