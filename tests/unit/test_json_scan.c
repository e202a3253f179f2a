/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json_scan.h"
#include "heap.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Scans a copy that has not one byte more, so that a sanitizer or valgrind sees a byte read too many. */
static plexctl_status scan_exact(const char *text, size_t size, const struct json_visitor *visitor, struct error *err)
{
    char *exact = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, text, size);
    plexctl_status status = json_scan(exact, size, visitor, NULL, NULL, err);
    free(exact);
    return status;
}

static const struct {
    const char *text;
    enum json_kind kind;
    size_t offset, len;
} accepted[] = {
    {"null", JSON_KIND_NULL, 0, 4},
    {" true\n", JSON_KIND_BOOLEAN, 1, 4},
    {"\t\r\nfalse", JSON_KIND_BOOLEAN, 3, 5},
    {"-1.5e3 ", JSON_KIND_NUMBER, 0, 6},
    {"\"\"", JSON_KIND_STRING, 0, 2},
    {" [ ] ", JSON_KIND_ARRAY, 1, 3},
    {"[1,[],{},\"x\" , null]", JSON_KIND_ARRAY, 0, 20},
    {"{}", JSON_KIND_OBJECT, 0, 2},
    {" { \"a\" : 1 , \"A\":2,\"\":3 } ", JSON_KIND_OBJECT, 1, 24},
    {"{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":1}]}", JSON_KIND_OBJECT, 0, 41},
};

START_TEST(json_scan_accepts)
{
    struct error err = ERROR_INIT;
    struct json_span root;
    enum json_kind kind;
    const char *text = accepted[_i].text;
    ck_assert_int_eq(json_scan(text, strlen(text), NULL, &root, &kind, &err), PLEXCTL_OK);
    ck_assert_int_eq(kind, accepted[_i].kind);
    ck_assert_uint_eq(root.offset, accepted[_i].offset);
    ck_assert_uint_eq(root.len, accepted[_i].len);
    ck_assert_int_eq(scan_exact(text, strlen(text), NULL, &err), PLEXCTL_OK);
}
END_TEST

#define TEXT(literal) (literal), sizeof(literal) - 1

static const struct {
    const char *text;
    size_t size;
    const char *error; /* how it begins */
} refused[] = {
    {TEXT(""), "line 1, column 1: a value is expected"},
    {TEXT(" \n "), "line 2, column 2: a value is expected"},
    {TEXT("\xEF\xBB\xBF{}"), "line 1, column 1: a byte order mark"},
    {TEXT("\xEF\xBB\xBF"), "line 1, column 1: a byte order mark"},
    {TEXT("\xFF\xFE{\0}\0"), "line 1, column 1: a value is expected"},
    {TEXT("{"), "line 1, column 2: a member's name"},
    {TEXT("{\"a\""), "line 1, column 5: ':' is expected"},
    {TEXT("{\"a\":"), "line 1, column 6: a value is expected"},
    {TEXT("{\"a\":1"), "line 1, column 7: ',' or '}'"},
    {TEXT("{\"a\":1,}"), "line 1, column 8: a member's name"},
    {TEXT("{,}"), "line 1, column 2: a member's name"},
    {TEXT("{a:1}"), "line 1, column 2: a member's name"},
    {TEXT("{'a':1}"), "line 1, column 2: a member's name"},
    {TEXT("{1:1}"), "line 1, column 2: a member's name"},
    {TEXT("{\"a\" 1}"), "line 1, column 6: ':'"},
    {TEXT("{\"a\":1 \"b\":2}"), "line 1, column 8: ',' or '}'"},
    {TEXT("{\"a\":1]"), "line 1, column 7: ',' or '}'"},
    {TEXT("["), "line 1, column 2: a value is expected"},
    {TEXT("[1"), "line 1, column 3: ',' or ']'"},
    {TEXT("[1,"), "line 1, column 4: a value"},
    {TEXT("[1,]"), "line 1, column 4: a value"},
    {TEXT("[,1]"), "line 1, column 2: a value"},
    {TEXT("[1 2]"), "line 1, column 4: ',' or ']'"},
    {TEXT("[1}"), "line 1, column 3: ',' or ']'"},
    {TEXT("]"), "line 1, column 1: a value"},
    {TEXT("{} {}"), "line 1, column 4: text after"},
    {TEXT("{}\0"), "line 1, column 3: text after"},
    {TEXT("1\0002"), "line 1, column 2: text after"},
    {TEXT("null\n\n x"), "line 3, column 2: text after"},
    {TEXT("nulll"), "line 1, column 5: text after"},
    {TEXT("nul"), "line 1, column 1: a value"},
    {TEXT("[NaN]"), "line 1, column 2: a value"},
    {TEXT("[Infinity]"), "line 1, column 2: a value"},
    {TEXT("[-Infinity]"), "line 1, column 3: a digit"},
    {TEXT("[1e999]"), "line 1, column 2: the number is too large"},
    {TEXT("[01]"), "line 1, column 2: a number must not begin with 0"},
    {TEXT("[0x1]"), "line 1, column 3: ',' or ']'"},
    {TEXT("[+1]"), "line 1, column 2: a value"},
    {TEXT("[.5]"), "line 1, column 2: a value"},
    {TEXT("['a']"), "line 1, column 2: a value"},
    {TEXT("[\"a\0b\"]"), "line 1, column 4: a control character"},
    {TEXT("[\"a\nb\"]"), "line 1, column 4: a control character"},
    {TEXT("[\"\xC0\xAF\"]"), "line 1, column 3: the bytes are not UTF-8"},
    {TEXT("[\"\xED\xA0\x80\"]"), "line 1, column 3: the bytes are not UTF-8"},
    {TEXT("{\"a\\u0000b\":1}"), "line 1, column 4: \\u0000"},
    {TEXT("[\"\\ud800\"]"), "line 1, column 3: a lone surrogate"},
    {TEXT("[\"\xC3\xA9\xF0\x9F\x98\x80\", x]"), "line 1, column 8: a value"}, /* characters, not bytes */
    {TEXT("{\n  \"a\": 1,\r\n  \"b\": ?\n}"), "line 3, column 8: a value"},
    {TEXT("[1] // no"), "line 1, column 5: text after"},
    {TEXT("[/**/1]"), "line 1, column 2: a value"},
    {TEXT("[1,\v2]"), "line 1, column 4: a value"},
    {TEXT("[1,\xC2\xA0 2]"), "line 1, column 4: a value"},
    {TEXT("{\"a\":1,\"a\":1}"), "line 1, column 8: the object has a member of this name already"},
    {TEXT("{\"\":1,\n\"\":1}"), "line 2, column 1: the object has"},
    {TEXT("{\"a\":1,\"\\u0061\":1}"), "line 1, column 8: the object has"},
    {TEXT("{\"\\ud83d\\ude00\":1,\"\xF0\x9F\x98\x80\":1}"), "line 1, column 19: the object has"},
    {TEXT("{\"\\/\":1,\"/\":1}"), "line 1, column 9: the object has"},
    {TEXT("{\"a\":{\"b\":1,\"b\":2}}"), "line 1, column 13: the object has"},
    {TEXT("[{\"a\":[{\"b\":1,\"b\":2}]}]"), "line 1, column 15: the object has"},
    {TEXT("{\"a\":{\"a\":1},\"b\":1,\"a\":2}"), "line 1, column 20: the object has"},
};

START_TEST(json_scan_refuses)
{
    struct error err = ERROR_INIT;
    ck_assert_int_eq(scan_exact(refused[_i].text, refused[_i].size, NULL, &err), PLEXCTL_FAILED);
    ck_assert_int_eq(err.status, PLEXCTL_FAILED);
    ck_assert_msg(strncmp(err.text, refused[_i].error, strlen(refused[_i].error)) == 0, "%s: got \"%s\"",
                  refused[_i].error, err.text);
}
END_TEST

START_TEST(json_scan_refuses_each_proper_prefix)
{
    static const char text[] = "{\"a\\u00e9\\ud83d\\ude00\":[true,false,null,-1.5e+3,\"\xC3\xA9\"],\"b\":{\"c\":{}}}";
    for (size_t size = 0; size < sizeof text - 1; size++) {
        struct error err = ERROR_INIT;
        ck_assert_msg(scan_exact(text, size, NULL, &err) == PLEXCTL_FAILED, "%.*s", (int)size, text);
        ck_assert_msg(strncmp(err.text, "line 1, column ", 15) == 0, "%s", err.text);
    }
    struct error err = ERROR_INIT;
    ck_assert_int_eq(scan_exact(text, sizeof text - 1, NULL, &err), PLEXCTL_OK);
}
END_TEST

START_TEST(json_scan_leaves_outputs_alone_on_refusal)
{
    struct error err = ERROR_INIT;
    struct json_span root = {7, 7};
    enum json_kind kind = JSON_KIND_STRING;
    ck_assert_int_eq(json_scan("{} x", 4, NULL, &root, &kind, &err), PLEXCTL_FAILED);
    ck_assert_uint_eq(root.offset, 7);
    ck_assert_uint_eq(root.len, 7);
    ck_assert_int_eq(kind, JSON_KIND_STRING);
}
END_TEST

START_TEST(json_scan_keeps_the_documents_text_out_of_errors)
{
    struct error err = ERROR_INIT;
    static const char text[] = "{\"CANARY\":\"CANARY\",\"CANARY\":\"CANARY\"} CANARY";
    ck_assert_int_eq(json_scan(text, sizeof text - 1, NULL, NULL, NULL, &err), PLEXCTL_FAILED);
    ck_assert_ptr_null(strstr(err.text, "CANARY"));
}
END_TEST

/* `depth` containers, of arrays and objects in turn, around a 1. */
static void nest(struct buf *out, unsigned depth)
{
    for (unsigned i = 0; i < depth; i++)
        buf_append_text(out, i % 2 ? "{\"a\":" : "[");
    buf_append_text(out, "1");
    for (unsigned i = depth; i > 0; i--)
        buf_append_text(out, (i - 1) % 2 ? "}" : "]");
}

START_TEST(json_scan_limits_depth)
{
    auto_buf struct buf fits = BUF_INIT(10000), deeper = BUF_INIT(10000);
    struct error err = ERROR_INIT;
    nest(&fits, JSON_MAX_DEPTH);
    ck_assert_int_eq(scan_exact(fits.data, fits.len, NULL, &err), PLEXCTL_OK);
    nest(&deeper, JSON_MAX_DEPTH + 1);
    ck_assert_int_eq(scan_exact(deeper.data, deeper.len, NULL, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "nested too deep"));
}
END_TEST

START_TEST(json_scan_survives_a_megabyte_of_brackets)
{
    size_t size = (size_t)1 << 20;
    struct error err = ERROR_INIT;
    char *text = malloc(size);
    ck_assert_ptr_nonnull(text);
    memset(text, '[', size);
    ck_assert_int_eq(json_scan(text, size, NULL, NULL, NULL, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "line 1, column 65: objects and arrays are nested too deep");
    free(text);
}
END_TEST

START_TEST(json_scan_finds_a_duplicate_among_10000)
{
    auto_buf struct buf text = BUF_INIT(1 << 20);
    struct error err = ERROR_INIT;
    buf_append_text(&text, "{");
    for (unsigned i = 0; i < 10000; i++)
        buf_appendf(&text, "\"%u\":1,\n", i);
    size_t len = text.len;
    buf_append_text(&text, "\"x\":1}");
    ck_assert_int_eq(json_scan(text.data, text.len, NULL, NULL, NULL, &err), PLEXCTL_OK);
    text.len = len;
    buf_append_text(&text, "\"\\u0037777\":1}");
    ck_assert_int_eq(json_scan(text.data, text.len, NULL, NULL, NULL, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "line 10001, column 1: the object has a member of this name already");
}
END_TEST

/* The visitor */

struct record {
    struct buf log;
    const char *text;
    unsigned stop_after; /* members; 0 for never */
    unsigned seen;
};

static plexctl_status record_member(void *context, const struct json_member *member, struct error *err)
{
    struct record *record = context;
    for (unsigned i = 0; i < member->depth; i++)
        buf_appendf(&record->log, "/%s", member->path[i]);
    buf_appendf(&record->log, " %d %.*s=%.*s {%zu\n", (int)member->kind, (int)member->key.len,
                record->text + member->key.offset, (int)member->value.len, record->text + member->value.offset,
                member->object.offset);
    ck_assert_int_eq(record->text[member->object.offset], '{');
    ck_assert_uint_eq(member->object.offset + member->object.len, member->value.offset + member->value.len);
    if (++record->seen == record->stop_after)
        return error_set(err, PLEXCTL_USAGE, "enough");
    return PLEXCTL_OK;
}

static const struct {
    const char *text;
    unsigned max_depth;
    const char *log;
} visits[] = {
    {"{\"a\":1}", 0, ""},
    {"{\"a\":1, \"b\" : \"x\" }", 1, "/a 2 \"a\"=1 {0\n/b 3 \"b\"=\"x\" {0\n"},
    {" {\"a\":{\"b\":null}}", 1, "/a 5 \"a\"={\"b\":null} {1\n"},
    {"{\"a\":{\"b\":null,\"c\":{\"d\":[1]}},\"e\":true}", 2,
     "/a/b 0 \"b\"=null {5\n/a/c 5 \"c\"={\"d\":[1]} {5\n/a 5 \"a\"={\"b\":null,\"c\":{\"d\":[1]}} {0\n"
     "/e 1 \"e\"=true {0\n"},
    {"{\"\\u0061\\n\":{\"\\\"\":1}}", 9, "/a\n/\" 2 \"\\\"\"=1 {12\n/a\n 5 \"\\u0061\\n\"={\"\\\"\":1} {0\n"},
    {"{\"\":1}", 1, "/ 2 \"\"=1 {0\n"},
    /* What lies in an array has no path. */
    {"{\"a\":[{\"b\":1},{\"b\":2}],\"c\":3}", 9, "/a 4 \"a\"=[{\"b\":1},{\"b\":2}] {0\n/c 2 \"c\"=3 {0\n"},
    {"[{\"a\":1}]", 9, ""},
    {"\"a\"", 9, ""},
};

START_TEST(json_scan_reports_members)
{
    struct record record = {.log = BUF_INIT(10000), .text = visits[_i].text};
    struct json_visitor visitor = {visits[_i].max_depth, record_member, &record};
    struct error err = ERROR_INIT;
    ck_assert_int_eq(json_scan(record.text, strlen(record.text), &visitor, NULL, NULL, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&record.log), visits[_i].log);
    buf_release(&record.log);
}
END_TEST

START_TEST(json_scan_reports_down_to_the_last_depth)
{
    auto_buf struct buf text = BUF_INIT(10000);
    struct error err = ERROR_INIT;
    for (unsigned i = 0; i < JSON_MAX_DEPTH; i++)
        buf_append_text(&text, "{\"k\":");
    buf_append_text(&text, "1");
    for (unsigned i = 0; i < JSON_MAX_DEPTH; i++)
        buf_append_text(&text, "}");
    struct record record = {.log = BUF_INIT(1 << 20), .text = text.data};
    struct json_visitor visitor = {1000, record_member, &record};
    ck_assert_int_eq(json_scan(text.data, text.len, &visitor, NULL, NULL, &err), PLEXCTL_OK);
    ck_assert_uint_eq(record.seen, JSON_MAX_DEPTH);
    buf_release(&record.log);
}
END_TEST

START_TEST(json_scan_ends_with_the_visitors_status)
{
    struct record record = {.log = BUF_INIT(10000), .text = "{\"a\":1,\"b\":2,\"c\":3}", .stop_after = 2};
    struct json_visitor visitor = {1, record_member, &record};
    struct error err = ERROR_INIT;
    ck_assert_int_eq(json_scan(record.text, strlen(record.text), &visitor, NULL, NULL, &err), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "enough");
    ck_assert_uint_eq(record.seen, 2);
    buf_release(&record.log);
}
END_TEST

START_TEST(json_scan_reports_each_failed_allocation)
{
    auto_buf struct buf text = BUF_INIT(100000);
    if (!heap_is_ours())
        return;
    buf_append_text(&text, "{\"\\u0061\":{");
    for (unsigned i = 0; i < 300; i++)
        buf_appendf(&text, "\"\\u0062%u\":[{}],", i);
    buf_append_text(&text, "\"c\":1}}");
    for (int is_sticky = 0; is_sticky < 2; is_sticky++) {
        unsigned long n = 0, failures, refusals = 0;
        do {
            struct error err = ERROR_INIT;
            heap_fail(++n, is_sticky);
            plexctl_status status = json_scan(text.data, text.len, NULL, NULL, NULL, &err);
            failures = heap_failures();
            heap_fail(0, false);
            /* qsort does without the memory that it asks for. */
            ck_assert(status == PLEXCTL_NO_MEMORY ? failures > 0 : status == PLEXCTL_OK);
            refusals += status == PLEXCTL_NO_MEMORY;
        } while (failures);
        ck_assert_uint_gt(refusals, 300);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_scan");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, json_scan_accepts, 0, (int)COUNT(accepted));
    tcase_add_loop_test(tcase, json_scan_refuses, 0, (int)COUNT(refused));
    tcase_add_test(tcase, json_scan_refuses_each_proper_prefix);
    tcase_add_test(tcase, json_scan_leaves_outputs_alone_on_refusal);
    tcase_add_test(tcase, json_scan_keeps_the_documents_text_out_of_errors);
    tcase_add_test(tcase, json_scan_limits_depth);
    tcase_add_test(tcase, json_scan_survives_a_megabyte_of_brackets);
    tcase_add_test(tcase, json_scan_finds_a_duplicate_among_10000);
    tcase_add_loop_test(tcase, json_scan_reports_members, 0, (int)COUNT(visits));
    tcase_add_test(tcase, json_scan_reports_down_to_the_last_depth);
    tcase_add_test(tcase, json_scan_ends_with_the_visitors_status);
    tcase_add_test(tcase, json_scan_reports_each_failed_allocation);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
