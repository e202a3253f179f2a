/* SPDX-License-Identifier: Apache-2.0 */
#include "heap.h"
#include "json_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    const char *text;
    int32_t type;
    const char *written; /* NULL: as `text` */
} values[] = {
    {"null", PLEXCTL_JSON_NULL, NULL},
    {"true", PLEXCTL_JSON_BOOLEAN, NULL},
    {"false", PLEXCTL_JSON_BOOLEAN, NULL},
    {"0", PLEXCTL_JSON_INTEGER, NULL},
    {"-0", PLEXCTL_JSON_INTEGER, "0"},
    {"9223372036854775807", PLEXCTL_JSON_INTEGER, NULL},
    {"-9223372036854775808", PLEXCTL_JSON_INTEGER, NULL},
    {"9223372036854775808", PLEXCTL_JSON_NUMBER, NULL},
    {"-9223372036854775809", PLEXCTL_JSON_NUMBER, NULL},
    {"18446744073709551615", PLEXCTL_JSON_NUMBER, NULL},
    {"123456789012345678901234567890", PLEXCTL_JSON_NUMBER, NULL},
    {"1.0", PLEXCTL_JSON_NUMBER, NULL},
    {"1e3", PLEXCTL_JSON_NUMBER, NULL},
    {"-1.50E+00", PLEXCTL_JSON_NUMBER, NULL},
    {"0.1000000000000000055511151231257827", PLEXCTL_JSON_NUMBER, NULL},
    {"\"\"", PLEXCTL_JSON_STRING, NULL},
    {"\"\\u00e9\\ud83d\\ude00\\/\\\"\"", PLEXCTL_JSON_STRING, "\"\xC3\xA9\xF0\x9F\x98\x80/\\\"\""},
    {"[]", PLEXCTL_JSON_ARRAY, NULL},
    {" [ ] ", PLEXCTL_JSON_ARRAY, "[]"},
    {"{ }", PLEXCTL_JSON_OBJECT, "{}"},
    {"[null,[null],{},1,\"a\"]", PLEXCTL_JSON_ARRAY, NULL},
    {" { \"b\" : 1 ,\r\n\t\"a\" : [ 1 , 2 ] , \"\" : { \"b\" : null } } ", PLEXCTL_JSON_OBJECT,
     "{\"b\":1,\"a\":[1,2],\"\":{\"b\":null}}"},
    {"{\"\\u0061\\n\":\"\\u0062\"}", PLEXCTL_JSON_OBJECT, "{\"a\\n\":\"b\"}"},
};

START_TEST(json_parse_builds)
{
    auto_buf struct buf out = BUF_INIT(10000);
    struct plexctl_json *root = parse(values[_i].text);
    ck_assert_int_eq(json_type(root), values[_i].type);
    json_write(&out, root, 0, 0);
    ck_assert_str_eq(buf_text(&out), values[_i].written ? values[_i].written : values[_i].text);
    json_free(root);
}
END_TEST

/* What json-c's own parser takes. */
START_TEST(json_parse_refuses)
{
    static const struct {
        const char *text;
        size_t size;
        const char *error;
    } cases[] = {
        {"", 0, "line 1, column 1: "},
        {"{}\0", 3, "line 1, column 3: "},
        {"[NaN]", 5, "line 1, column 2: "},
        {"[1e999]", 7, "line 1, column 2: "},
        {"['a']", 5, "line 1, column 2: "},
        {"{\"a\":1,\n\"a\":2}", 14, "line 2, column 1: "},
        {"{\"a\\u0000b\":1}", 14, "line 1, column 4: "},
        {"[\"\xC0\xAF\"]", 6, "line 1, column 3: "},
        {"[\"\t\"]", 5, "line 1, column 3: "},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err = ERROR_INIT;
        struct plexctl_json *root = NULL;
        ck_assert_int_eq(parse_exact(cases[i].text, cases[i].size, &root, &err), PLEXCTL_FAILED);
        ck_assert_msg(strncmp(err.text, cases[i].error, strlen(cases[i].error)) == 0, "%s", err.text);
        ck_assert_ptr_null(root);
    }
}
END_TEST

START_TEST(json_parse_builds_to_the_last_depth)
{
    auto_buf struct buf text = BUF_INIT(1000), out = BUF_INIT(1000);
    for (int i = 0; i < JSON_MAX_DEPTH; i++)
        buf_append_text(&text, i % 2 ? "[" : "{\"k\":");
    buf_append_text(&text, "1.5");
    for (int i = JSON_MAX_DEPTH; i > 0; i--)
        buf_append_text(&text, (i - 1) % 2 ? "]" : "}");
    struct plexctl_json *root = parse(text.data);
    json_write(&out, root, 0, 0);
    ck_assert_str_eq(buf_text(&out), text.data);
    json_free(root);
}
END_TEST

static const char canary_document[] =
    "{\"token\":\"" CANARY "\",\"again\":[\"" CANARY "\",\"x\\n" CANARY "\\u00e9\",{\"k\":\"" CANARY "\"}],\"" CANARY
    "\":null,\"number\":1.5e3,\"" CANARY "\\n\":{\"\\t\":[true]}}";

START_TEST(json_parse_leaves_no_text_in_freed_memory)
{
    if (!heap_is_ours())
        return;
    struct error err = ERROR_INIT;
    struct plexctl_json *root;
    heap_watch(CANARY);
    ck_assert_int_eq(json_parse(canary_document, sizeof canary_document - 1, &root, &err), PLEXCTL_OK);
    ck_assert_str_eq(json_string(json_get(root, "token")), CANARY);
    json_free(root);
    ck_assert_uint_eq(heap_sightings(), 0);

    /* The watch does see: a block that nobody wiped. */
    char *volatile copy = strdup(canary_document);
    ck_assert_ptr_nonnull(copy);
    free(copy);
    ck_assert_uint_eq(heap_sightings(), 1);
    heap_watch(NULL);
}
END_TEST

START_TEST(json_parse_reports_each_failed_allocation)
{
    if (!heap_is_ours())
        return;
    open_json_c();
    for (int is_sticky = 0; is_sticky < 2; is_sticky++) {
        unsigned long n = 0, failures, refusals = 0;
        heap_watch(CANARY);
        do {
            struct error err = ERROR_INIT;
            struct plexctl_json *root = NULL;
            const long live = heap_live();
            heap_fail(++n, is_sticky);
            plexctl_status status = json_parse(canary_document, sizeof canary_document - 1, &root, &err);
            failures = heap_failures();
            heap_fail(0, false);
            ck_assert_int_eq(status, failures ? PLEXCTL_NO_MEMORY : PLEXCTL_OK);
            ck_assert_int_eq(root != NULL, status == PLEXCTL_OK);
            json_free(root);
            ck_assert_int_eq(heap_live(), live);
            refusals += status == PLEXCTL_NO_MEMORY;
        } while (failures);
        ck_assert_uint_gt(refusals, 20);
        ck_assert_uint_eq(heap_sightings(), 0);
        heap_watch(NULL);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_parse");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, json_parse_builds, 0, (int)COUNT(values));
    tcase_add_test(tcase, json_parse_refuses);
    tcase_add_test(tcase, json_parse_builds_to_the_last_depth);
    tcase_add_test(tcase, json_parse_leaves_no_text_in_freed_memory);
    tcase_add_test(tcase, json_parse_reports_each_failed_allocation);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
