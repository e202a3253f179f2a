/* SPDX-License-Identifier: Apache-2.0 */
#include "heap.h"
#include "json_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void ck_assert_written(const struct plexctl_json *value, const char *expected)
{
    auto_buf struct buf out = BUF_INIT(100000);
    json_write(&out, value, JSON_WRITE_REVEAL, 0);
    ck_assert_str_eq(buf_text(&out), expected);
}

/* One value of each type against each reader: the mark says which answer. */
START_TEST(json_readers_never_convert)
{
    static const struct {
        const char *text;
        bool integer, number, boolean, string;
        size_t length;
    } cases[] = {
        {"null", false, false, false, false, 0},  {"true", false, false, true, false, 0},
        {"false", false, false, true, false, 0},  {"5", true, false, false, false, 0},
        {"5.0", false, true, false, false, 0},    {"5.7", false, true, false, false, 0},
        {"1e30", false, true, false, false, 0},   {"9223372036854775808", false, true, false, false, 0},
        {"\"5\"", false, false, false, true, 0},  {"\"true\"", false, false, false, true, 0},
        {"[1,2]", false, false, false, false, 2}, {"{\"a\":1,\"b\":2,\"c\":3}", false, false, false, false, 3},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct plexctl_json *value = parse(cases[i].text);
        int64_t integer = 77;
        bool truth = false;
        ck_assert_int_eq(json_integer(value, &integer), cases[i].integer);
        ck_assert_int_eq(integer, cases[i].integer ? 5 : 77);
        ck_assert_int_eq(json_boolean(value, &truth), cases[i].boolean);
        ck_assert_int_eq(json_string(value) != NULL, cases[i].string);
        ck_assert_uint_eq(json_length(value), cases[i].length);
        ck_assert_int_eq(json_number_text(value) != NULL, cases[i].number);
        ck_assert(!json_is_secret(value));
        if (json_type(value) != PLEXCTL_JSON_OBJECT)
            ck_assert_ptr_null(json_get(value, "a"));
        if (json_type(value) != PLEXCTL_JSON_ARRAY)
            ck_assert_ptr_null(json_at(value, 0));
        json_free(value);
    }
}
END_TEST

START_TEST(json_readers_take_null_for_absent)
{
    int64_t integer = 77;
    bool truth = true;
    ck_assert_int_eq(json_type(NULL), PLEXCTL_JSON_ABSENT);
    ck_assert_ptr_null(json_get(NULL, "a"));
    ck_assert_ptr_null(json_at(NULL, 0));
    ck_assert_uint_eq(json_length(NULL), 0);
    ck_assert_ptr_null(json_string(NULL));
    ck_assert(!json_integer(NULL, &integer) && integer == 77);
    ck_assert(!json_boolean(NULL, &truth) && truth);
    ck_assert(!json_is_secret(NULL));
    ck_assert_ptr_null(json_number_text(NULL));
    json_free(NULL);
}
END_TEST

START_TEST(json_get_tells_null_from_absent)
{
    struct plexctl_json *root = parse("{\"a\":null,\"b\":[null]}");
    ck_assert_int_eq(json_type(json_get(root, "a")), PLEXCTL_JSON_NULL);
    ck_assert_int_eq(json_type(json_get(root, "c")), PLEXCTL_JSON_ABSENT);
    ck_assert_ptr_null(json_get(root, NULL));
    ck_assert_int_eq(json_type(json_at(json_get(root, "b"), 0)), PLEXCTL_JSON_NULL);
    ck_assert_int_eq(json_type(json_at(json_get(root, "b"), 1)), PLEXCTL_JSON_ABSENT);
    json_free(root);
    root = parse("null");
    ck_assert_int_eq(json_type(root), PLEXCTL_JSON_NULL);
    json_free(root);
}
END_TEST

START_TEST(json_number_text_is_the_documents_own)
{
    struct plexctl_json *root = parse("[-3.0, 0.10, 1e308, 18446744073709551616]");
    ck_assert_str_eq(json_number_text(json_at(root, 0)), "-3.0");
    ck_assert_str_eq(json_number_text(json_at(root, 1)), "0.10");
    ck_assert_str_eq(json_number_text(json_at(root, 2)), "1e308");
    ck_assert_str_eq(json_number_text(json_at(root, 3)), "18446744073709551616");
    json_free(root);
}
END_TEST

struct walk {
    char keys[32];
    size_t stop_after, count;
};

static bool note_key(void *context, const char *key, struct plexctl_json *value)
{
    struct walk *walk = context;
    ck_assert_ptr_nonnull(value);
    ck_assert_uint_eq(strlen(key), 1);
    walk->keys[walk->count++] = *key;
    return walk->count != walk->stop_after;
}

START_TEST(json_each_walks_in_order)
{
    struct walk all = {.stop_after = 0}, some = {.stop_after = 2}, none = {.stop_after = 0};
    struct plexctl_json *root = parse("{\"z\":1,\"a\":null,\"m\":{}}");
    ck_assert(json_each(root, note_key, &all));
    ck_assert_str_eq(all.keys, "zam");
    ck_assert(!json_each(root, note_key, &some));
    ck_assert_str_eq(some.keys, "za");
    ck_assert(json_each(json_get(root, "z"), note_key, &none));
    ck_assert(json_each(NULL, note_key, &none));
    ck_assert_str_eq(none.keys, "");
    json_free(root);
}
END_TEST

START_TEST(json_builders_build)
{
    struct plexctl_json *root = json_new_object(), *list = json_new_array();
    ck_assert_int_eq(json_set(root, "s", json_new_string("text")), PLEXCTL_OK);
    ck_assert_int_eq(json_set(root, "i", json_new_integer(INT64_MIN)), PLEXCTL_OK);
    ck_assert_int_eq(json_set(root, "b", json_new_boolean(true)), PLEXCTL_OK);
    ck_assert_int_eq(json_set(root, "n", json_new_null()), PLEXCTL_OK);
    ck_assert_int_eq(json_set(root, "d", json_new_number("1.50")), PLEXCTL_OK);
    ck_assert_int_eq(json_append(list, json_new_null()), PLEXCTL_OK);
    ck_assert_int_eq(json_append(list, json_new_string(NULL)), PLEXCTL_OK);
    ck_assert_int_eq(json_append(list, json_new_secret(NULL)), PLEXCTL_OK);
    ck_assert_int_eq(json_set(root, "l", list), PLEXCTL_OK);
    ck_assert_written(root, "{\"s\":\"text\",\"i\":-9223372036854775808,\"b\":true,\"n\":null,\"d\":1.50,"
                            "\"l\":[null,null,null]}");
    json_free(root);
}
END_TEST

START_TEST(json_new_secret_is_marked)
{
    struct plexctl_json *secret = json_new_secret("s3cret"), *plain = json_new_string("s3cret");
    ck_assert(json_is_secret(secret));
    ck_assert(!json_is_secret(plain));
    ck_assert_int_eq(json_type(secret), PLEXCTL_JSON_STRING);
    ck_assert_str_eq(json_string(secret), "s3cret");
    json_free(secret);
    json_free(plain);
}
END_TEST

START_TEST(json_set_replaces_in_place)
{
    struct plexctl_json *root = parse("{\"a\":{\"x\":[1,\"y\",null]},\"b\":2,\"c\":null}");
    ck_assert_int_eq(json_set(root, "a", json_new_string("new")), PLEXCTL_OK);
    ck_assert_int_eq(json_set(root, "c", json_new_integer(3)), PLEXCTL_OK);
    ck_assert_int_eq(json_set(root, "b", json_new_null()), PLEXCTL_OK);
    ck_assert_int_eq(json_set(root, "d", json_new_integer(4)), PLEXCTL_OK);
    ck_assert_int_eq(json_set(root, "a", json_get(root, "a")), PLEXCTL_OK);
    ck_assert_written(root, "{\"a\":\"new\",\"b\":null,\"c\":3,\"d\":4}");
    json_free(root);
}
END_TEST

START_TEST(json_set_keeps_10000_members)
{
    struct plexctl_json *root = json_new_object();
    char key[] = "key-0000";
    for (int i = 0; i < 10000; i++) {
        for (int n = i, digit = 7; digit > 3; n /= 10)
            key[digit--] = (char)('0' + n % 10);
        ck_assert_int_eq(json_set(root, key, json_new_integer(i)), PLEXCTL_OK);
    }
    int64_t number = 0;
    ck_assert_uint_eq(json_length(root), 10000);
    ck_assert(json_integer(json_get(root, "key-7777"), &number) && number == 7777);
    json_free(root);
}
END_TEST

START_TEST(json_containers_refuse_what_is_not_theirs)
{
    struct plexctl_json *object = json_new_object(), *list = json_new_array(), *null = json_new_null();
    ck_assert_int_eq(json_set(list, "a", json_new_string("x")), PLEXCTL_INVALID);
    ck_assert_int_eq(json_append(object, json_new_string("x")), PLEXCTL_INVALID);
    ck_assert_int_eq(json_set(null, "a", json_new_string("x")), PLEXCTL_INVALID);
    ck_assert_int_eq(json_set(object, NULL, json_new_string("x")), PLEXCTL_INVALID);
    ck_assert_int_eq(json_set(object, "a", object), PLEXCTL_INVALID);
    ck_assert_int_eq(json_append(list, list), PLEXCTL_INVALID);
    ck_assert_int_eq(json_set(object, "a", NULL), PLEXCTL_NO_MEMORY);
    ck_assert_int_eq(json_append(list, NULL), PLEXCTL_NO_MEMORY);
    ck_assert_int_eq(json_set(NULL, "a", json_new_string("x")), PLEXCTL_NO_MEMORY);
    ck_assert_int_eq(json_append(NULL, json_new_string("x")), PLEXCTL_NO_MEMORY);
    ck_assert_written(object, "{}");
    ck_assert_written(list, "[]");
    json_free(object);
    json_free(list);
}
END_TEST

/* A tree with the canary as value and key at each kind of place, or NULL and the status. */
static plexctl_status build_canaries(struct plexctl_json **ret_root)
{
    struct plexctl_json *root = json_new_object(), *list = json_new_array();
    plexctl_status worst = json_append(list, json_new_secret(CANARY));
    plexctl_status statuses[] = {
        json_append(list, json_new_string(CANARY)),  json_set(root, "list", list),
        json_set(root, CANARY, json_new_null()),     json_set(root, "number", json_new_number("1.5")),
        json_set(root, "a", json_new_boolean(true)), json_set(root, "b", json_new_integer(1)),
    };
    for (size_t i = 0; i < COUNT(statuses); i++)
        if (worst == PLEXCTL_OK)
            worst = statuses[i];
    *ret_root = root;
    return worst;
}

START_TEST(json_free_leaves_no_text_in_freed_memory)
{
    struct plexctl_json *root;
    if (!heap_is_ours())
        return;
    heap_watch(CANARY);
    ck_assert_int_eq(build_canaries(&root), PLEXCTL_OK);
    json_free(root);
    ck_assert_uint_eq(heap_sightings(), 0);
    heap_watch(NULL);
}
END_TEST

START_TEST(json_set_wipes_what_it_replaces)
{
    struct plexctl_json *root = json_new_object();
    if (heap_is_ours()) {
        ck_assert_int_eq(json_set(root, "token", json_new_secret(CANARY)), PLEXCTL_OK);
        heap_watch(CANARY);
        ck_assert_int_eq(json_set(root, "token", json_new_secret("other")), PLEXCTL_OK);
        ck_assert_int_eq(json_set(NULL, "token", json_new_secret(CANARY)), PLEXCTL_NO_MEMORY);
        ck_assert_int_eq(json_append(root, json_new_secret(CANARY)), PLEXCTL_INVALID);
        ck_assert_uint_eq(heap_sightings(), 0);
        heap_watch(NULL);
    }
    json_free(root);
}
END_TEST

START_TEST(json_builders_report_each_failed_allocation)
{
    if (!heap_is_ours())
        return;
    open_json_c();
    for (int is_sticky = 0; is_sticky < 2; is_sticky++) {
        unsigned long n = 0, failures;
        heap_watch(CANARY);
        do {
            struct plexctl_json *root;
            heap_fail(++n, is_sticky);
            plexctl_status status = build_canaries(&root);
            failures = heap_failures();
            heap_fail(0, false);
            ck_assert_int_eq(status, failures ? PLEXCTL_NO_MEMORY : PLEXCTL_OK);
            json_free(root);
        } while (failures);
        ck_assert_uint_gt(n, 10);
        ck_assert_uint_eq(heap_sightings(), 0);
        heap_watch(NULL);
    }
}
END_TEST

/* json-c doubles the table of an object when it is two thirds full. */
START_TEST(json_set_survives_a_table_that_cannot_grow)
{
    if (!heap_is_ours())
        return;
    open_json_c();
    unsigned long n = 0, failures;
    do {
        const long live = heap_live();
        struct plexctl_json *root = json_new_object();
        char key[] = "A";
        size_t set = 0;
        heap_fail(++n, false);
        for (int i = 0; i < 26; i++, key[0]++)
            set += json_set(root, key, json_new_null()) == PLEXCTL_OK;
        failures = heap_failures();
        heap_fail(0, false);
        ck_assert_uint_eq(set, 26 - failures);
        ck_assert_uint_eq(json_length(root), set);
        json_free(root);
        ck_assert_int_eq(heap_live(), live);
    } while (failures);
    ck_assert_uint_gt(n, 26);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, json_readers_never_convert);
    tcase_add_test(tcase, json_readers_take_null_for_absent);
    tcase_add_test(tcase, json_get_tells_null_from_absent);
    tcase_add_test(tcase, json_number_text_is_the_documents_own);
    tcase_add_test(tcase, json_each_walks_in_order);
    tcase_add_test(tcase, json_builders_build);
    tcase_add_test(tcase, json_new_secret_is_marked);
    tcase_add_test(tcase, json_set_replaces_in_place);
    tcase_add_test(tcase, json_set_keeps_10000_members);
    tcase_add_test(tcase, json_containers_refuse_what_is_not_theirs);
    tcase_add_test(tcase, json_free_leaves_no_text_in_freed_memory);
    tcase_add_test(tcase, json_set_wipes_what_it_replaces);
    tcase_add_test(tcase, json_builders_report_each_failed_allocation);
    tcase_add_test(tcase, json_set_survives_a_table_that_cannot_grow);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
