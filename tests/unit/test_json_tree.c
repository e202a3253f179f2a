/* SPDX-License-Identifier: Apache-2.0 */
#include "heap.h"
#include "json_fixture.h"

static const char document[] = "{\"s\":\"text\",\"i\":-7,\"n\":1.50,\"big\":123456789012345678901,\"t\":true,\"f\":"
                               "false,\"z\":null,\"a\":[1,[],{\"k\":[null]}],\"o\":{}}";

static void assert_text(const struct plexctl_json *value, unsigned flags, const char *wanted)
{
    auto_buf struct buf out = BUF_INIT(4096);

    json_write(&out, value, flags, 0);
    ck_assert_str_eq(buf_text(&out), wanted);
}

START_TEST(copy_is_equal_and_independent)
{
    struct plexctl_json *from = parse(document);
    struct plexctl_json *copy = json_copy(from);

    ck_assert_ptr_nonnull(copy);
    ck_assert_int_eq(json_set(json_get(from, "o"), "new", json_new_integer(1)), PLEXCTL_OK);
    json_free(from);
    assert_text(copy, 0, document);
    json_free(copy);
}
END_TEST

START_TEST(copy_of_a_secret_is_a_secret)
{
    struct plexctl_json *object = json_new_object();

    ck_assert_int_eq(json_set(object, "token", json_new_secret("canary")), PLEXCTL_OK);
    struct plexctl_json *copy = json_copy(object);
    json_free(object);
    assert_text(copy, 0, "{\"token\":\"***\"}");
    assert_text(copy, JSON_WRITE_REVEAL, "{\"token\":\"canary\"}");
    json_free(copy);
}
END_TEST

START_TEST(copy_without_memory_is_null_and_leaks_nothing)
{
    struct plexctl_json *from = parse(document), *copy = NULL;

    for (unsigned long n = 1; heap_is_ours() && !copy; n++) {
        const long live = heap_live();
        heap_fail(n, false);
        copy = json_copy(from);
        bool has_failed = heap_failures() > 0;
        heap_fail(0, false);
        ck_assert(!has_failed || heap_live() == live);
        ck_assert(has_failed == (copy == NULL));
        ck_assert_uint_lt(n, 1000);
    }
    json_free(copy);
    json_free(from);
    ck_assert_ptr_null(json_copy(NULL));
}
END_TEST

START_TEST(contains_finds_every_part_and_no_stranger)
{
    struct plexctl_json *root = parse(document), *stranger = json_new_object();
    const struct plexctl_json *array = json_get(root, "a");

    ck_assert(json_contains(root, root));
    ck_assert(json_contains(root, array));
    ck_assert(json_contains(root, json_at(array, 0)));
    ck_assert(json_contains(root, json_at(array, 1)));
    ck_assert(json_contains(root, json_get(json_at(array, 2), "k")));
    ck_assert(!json_contains(root, stranger));
    ck_assert(!json_contains(array, root));
    json_free(stranger);
    json_free(root);
}
END_TEST

START_TEST(key_at_counts_in_the_documents_order)
{
    static const char *const keys[] = {"s", "i", "n", "big", "t", "f", "z", "a", "o"};
    struct plexctl_json *root = parse(document);

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        ck_assert_str_eq(json_key_at(root, i), keys[i]);
    ck_assert_ptr_null(json_key_at(root, sizeof keys / sizeof keys[0]));
    ck_assert_ptr_null(json_key_at(json_get(root, "a"), 0));
    ck_assert_ptr_null(json_key_at(NULL, 0));
    json_free(root);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_tree");
    TCase *tcase = tcase_create("json_tree");

    tcase_add_test(tcase, copy_is_equal_and_independent);
    tcase_add_test(tcase, copy_of_a_secret_is_a_secret);
    tcase_add_test(tcase, copy_without_memory_is_null_and_leaks_nothing);
    tcase_add_test(tcase, contains_finds_every_part_and_no_stranger);
    tcase_add_test(tcase, key_at_counts_in_the_documents_order);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
