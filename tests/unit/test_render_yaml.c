/* SPDX-License-Identifier: Apache-2.0 */
#include "heap.h"
#include "json_fixture.h"
#include "yaml_fixture.h"

/* Layout */

static const struct layout_case {
    const char *json, *yaml;
} layouts[] = {
    {"{\"profile\":\"default\",\"server\":\"https://localhost:8080\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
     "\"has_token\":true}",
     "profile: default\nserver: https://localhost:8080\ntoken_type: Bearer\nexpires_in: 3600\nhas_token: true\n"},
    {"[]", "[]\n"},
    {"{}", "{}\n"},
    {"{\"a\":{},\"b\":[],\"c\":null,\"d\":false,\"e\":-1.5}", "a: {}\nb: []\nc: null\nd: false\ne: -1.5\n"},
    {"[{\"a\":1,\"b\":[2,\"x\"]},3]", "- a: 1\n  b:\n  - 2\n  - x\n- 3\n"},
    {"{\"id\":\"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0\"}", "id: 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0\n"},
    {"{\"at\":\"2026-11-24T12:00:00Z\"}", "at: '2026-11-24T12:00:00Z'\n"},
    {"{\"yes\":\"no\"}", "'yes': 'no'\n"},
    {"{\"city\":\"Z\xc3\xbcrich\"}", "city: Z\xc3\xbcrich\n"},
    {"{\"city\":\"Z\xc3\xbcrich\",\"note\":\"a\\nb\"}", "city: Z\xc3\xbcrich\nnote: \"a\\nb\"\n"},
    {"{\"long\":\"one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen\"}",
     "long: one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen\n"},
};

START_TEST(render_yaml_of_tree_is_block_style)
{
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct plexctl_json *tree = parse(layouts[_i].json);

    render(tree, false, &out);
    ck_assert_str_eq(buf_text(&out), layouts[_i].yaml);
    json_free(tree);
}
END_TEST

START_TEST(render_yaml_of_secret_masks_unless_revealed)
{
    static const char *const yamls[] = {"token: '***'\n", "token: canary\n"};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct plexctl_json *tree = json_new_object();

    ck_assert_int_eq(json_set(tree, "token", json_new_secret("canary")), PLEXCTL_OK);
    render(tree, _i == 1, &out);
    ck_assert_str_eq(buf_text(&out), yamls[_i]);
    json_free(tree);
}
END_TEST

START_TEST(render_yaml_over_the_maximum_fails)
{
    const struct output_style style = {0};
    auto_buf struct buf out = BUF_INIT(8);
    struct error err = ERROR_INIT;
    struct plexctl_json *tree = parse("{\"name\":\"longer than that\"}");

    ck_assert_int_eq(render_yaml(tree, &style, &out, &err), PLEXCTL_FAILED);
    ck_assert_str_ne(err.text, "");
    json_free(tree);
}
END_TEST

START_TEST(render_yaml_without_memory_says_so)
{
    const struct output_style style = {0};
    struct plexctl_json *tree = parse("{\"a\":[1,\"x\",{\"\\u00e9\":\"1e3\"}],\"note\":\"a\\nb\"}");
    plexctl_status status = PLEXCTL_NO_MEMORY;
    auto_buf struct buf first = BUF_INIT(SIZE_MAX / 2);
    struct error ignored = ERROR_INIT;

    (void)render_yaml(tree, &style, &first, &ignored); /* the dynamic linker's allocations are behind us */
    for (unsigned long n = 1; heap_is_ours() && status != PLEXCTL_OK; n++) {
        auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
        struct error err = ERROR_INIT;
        heap_fail(n, false);
        status = render_yaml(tree, &style, &out, &err);
        bool has_failed = heap_failures() > 0;
        heap_fail(0, false);
        ck_assert_int_eq(status, has_failed ? PLEXCTL_NO_MEMORY : PLEXCTL_OK);
        ck_assert(status != PLEXCTL_OK ||
                  strcmp(buf_text(&out), "a:\n- 1\n- x\n- \xc3\xa9: '1e3'\nnote: \"a\\nb\"\n") == 0);
        ck_assert_uint_lt(n, 1000);
    }
    json_free(tree);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("render_yaml");
    TCase *tests = tcase_create("render_yaml");

    tcase_add_loop_test(tests, render_yaml_of_tree_is_block_style, 0, (int)(sizeof layouts / sizeof layouts[0]));
    tcase_add_loop_test(tests, render_yaml_of_secret_masks_unless_revealed, 0, 2);
    tcase_add_test(tests, render_yaml_over_the_maximum_fails);
    tcase_add_test(tests, render_yaml_without_memory_says_so);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
