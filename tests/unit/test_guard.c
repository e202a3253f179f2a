/* SPDX-License-Identifier: Apache-2.0 */
#include "guard.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

/* base64 and hex below were made by coreutils' base64 and od. */
#define SECRET "canary/device+code=0123"

static struct guard guard;
static struct error err;

static void set_up(void)
{
    ck_assert_int_eq(guard_add(&guard, SECRET, &err), PLEXCTL_OK);
}

static void tear_down(void)
{
    guard_release(&guard);
    ck_assert_uint_eq(guard.count, 0);
}

static const struct row {
    const char *text, *masked; /* masked NULL: nothing is found */
} rows[] = {
    {SECRET, "***"},
    {"grant " SECRET " is unknown", "grant *** is unknown"},
    {SECRET SECRET, "***"},
    {SECRET " " SECRET, "*** ***"},
    {"(" SECRET ")", "(***)"},
    {"x" SECRET "x y", "x*** y"},
    {"canary/device+co...", "***..."},
    {"canary/device+co", "***"},
    {"canary/device+c", NULL},
    {"canary/device-code=0123", NULL},
    {"canary%2Fdevice%2Bcode%3D0123", "***"},
    {"canary%2fdevice%2bcode%3d0123.", "***."},
    {"%63%61%6e%61%72%79%2f%64%65%76%69%63%65%2b%63%6f%64%65", "***"},
    {"\\x63anary\\u002fdevice\\u002Bcode", "***"},
    {"63616e6172792f6465766963652b636f64653d30313233", "***"},
    {"63616E6172792F6465766963652B636F64653D30313233 x", "*** x"},
    {"63616e6172792f6465766963652b63", NULL},
    {"Y2FuYXJ5L2RldmljZStjb2RlPTAxMjM=", "***"},
    {"xY2FuYXJ5L2RldmljZStjb2RlPTAxMjM", "x***"},
    {"eGNhbmFyeS9kZXZpY2UrY29kZT0wMTIz", "eG***"},
    {"eHhjYW5hcnkvZGV2aWNlK2NvZGU9MDEyMw==", "eHh***"},
    {"Y2FuYXJ5L2RldmljZSt", NULL},
    {"Y2FuYXJ5L2RldmljZStjb", "***"},
    {"", NULL},
    {"%", NULL},
    {"canary%2", NULL},
    {"nothing of it", NULL},
};

START_TEST(guard_finds_every_form)
{
    char text[128];

    ck_assert_int_lt(snprintf(text, sizeof text, "%s", rows[_i].text), (int)sizeof text);
    ck_assert_msg(guard_finds(&guard, text) == (rows[_i].masked != NULL), "row %d", _i);
    guard_mask(&guard, text);
    ck_assert_str_eq(text, rows[_i].masked ? rows[_i].masked : rows[_i].text);
}
END_TEST

START_TEST(guard_knows_both_alphabets_of_base64)
{
    ck_assert_int_eq(guard_add(&guard, "\xfb\xff\xfe~~~~~~~~~~~~~~~~", &err), PLEXCTL_OK);
    ck_assert(guard_finds(&guard, "+//+fn5+fn5+fn5+fn5+fn5+fg=="));
    ck_assert(guard_finds(&guard, "-__-fn5-fn5-fn5-fn5-fn5-fg"));
}
END_TEST

START_TEST(guard_leaves_what_is_short)
{
    struct guard other = {.count = 0};

    ck_assert_int_eq(guard_add(&other, "12345", &err), PLEXCTL_OK);
    ck_assert_uint_eq(other.count, 0);
    ck_assert(!guard_finds(&other, "12345"));
}
END_TEST

START_TEST(guard_masks_a_shorter_one_in_messages_only)
{
    struct guard other = {.count = 0};
    char text[] = "of s3cr3t-dev-code, s3cr3t%2ddev-code and s3cr3t-dev-cod";

    ck_assert_int_eq(guard_add(&other, "s3cr3t-dev-code", &err), PLEXCTL_OK);
    ck_assert(!guard_finds(&other, text));
    guard_mask(&other, text);
    ck_assert_str_eq(text, "of ***, *** and s3cr3t-dev-cod");
    guard_release(&other);
}
END_TEST

START_TEST(guard_holds_so_many_and_no_more)
{
    char secret[] = "0-of-some-secrets";

    for (int i = 1; i < GUARD_MAX; i++) {
        secret[0] = (char)('0' + i);
        ck_assert_int_eq(guard_add(&guard, secret, &err), PLEXCTL_OK);
        ck_assert_int_eq(guard_add(&guard, secret, &err), PLEXCTL_OK);
        ck_assert(guard_finds(&guard, secret));
    }
    ck_assert_int_eq(guard_add(&guard, "another-of-some-secrets", &err), PLEXCTL_FAILED);
}
END_TEST

static const struct tree_row {
    const char *text;
    bool is_found;
} trees[] = {
    {"{\"a\":\"b\"}", false},
    {"{\"a\":\"c\\u0061nary/device+code=0123\"}", true},
    {"{\"canary/device+code=0123\":1}", true},
    {"[1,[null,{\"x\":[\"Y2FuYXJ5L2RldmljZStjb2RlPTAxMjM=\"]}],true]", true},
    {"{\"first\":\"canary/device+code=0123\",\"last\":\"x\"}", true},
    {"[\"canary/device+code=0123\",\"x\"]", true},
    {"\"canary/device+code=0123\"", true},
    {"42", false},
};

START_TEST(guard_finds_in_trees)
{
    struct plexctl_json *tree = NULL;

    ck_assert_int_eq(json_parse(trees[_i].text, strlen(trees[_i].text), &tree, &err), PLEXCTL_OK);
    ck_assert_msg(guard_finds_in(&guard, tree) == trees[_i].is_found, "%s", trees[_i].text);
    json_free(tree);
}
END_TEST

/* The output masks these itself, or was told not to. */
START_TEST(guard_finds_no_marked_secret)
{
    struct plexctl_json *tree = json_new_object();

    ck_assert_int_eq(json_set(tree, "token", json_new_secret(SECRET)), PLEXCTL_OK);
    ck_assert(!guard_finds_in(&guard, tree));
    json_free(tree);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("guard");
    TCase *tcase = tcase_create("guard");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, guard_finds_every_form, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tcase, guard_knows_both_alphabets_of_base64);
    tcase_add_test(tcase, guard_leaves_what_is_short);
    tcase_add_test(tcase, guard_masks_a_shorter_one_in_messages_only);
    tcase_add_test(tcase, guard_holds_so_many_and_no_more);
    tcase_add_loop_test(tcase, guard_finds_in_trees, 0, sizeof trees / sizeof trees[0]);
    tcase_add_test(tcase, guard_finds_no_marked_secret);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
