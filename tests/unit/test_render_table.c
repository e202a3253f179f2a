/* SPDX-License-Identifier: Apache-2.0 */
#include "render_table.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "heap.h"
#include "json_fixture.h"

static const struct plexctl_column two_rows[] = {{"name", "NAME"}, {"server", "SERVER URL"}};
static const struct plexctl_columns two = PLEXCTL_ROWS(two_rows);

/* As a later minor's plugin would have them, and as one that knew keys only. */
static const struct long_column {
    struct plexctl_column column;
    const char *later;
} long_rows[] = {{{"a", "AA"}, "x"}, {{"b", "BB"}, "y"}};
static const struct plexctl_columns long_columns = {&long_rows[0].column, 2, sizeof long_rows[0]};

static const struct short_column {
    const char *key;
} short_rows[] = {{"a_b"}};
static const struct plexctl_columns short_columns = {(const void *)short_rows, 1, sizeof short_rows[0]};

static const struct render_case {
    const char *json;
    const struct plexctl_columns *columns;
    const char *table;
} cases[] = {
    /* one object */
    {"{\"name\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"has_token\":true}", NULL,
     "NAME        a\nTOKEN TYPE  Bearer\nEXPIRES IN  3600\nHAS TOKEN   true\n"},
    {"{\"server\":\"s\",\"other\":1,\"name\":\"n\"}", &two, "NAME        n\nSERVER URL  s\n"},
    {"{\"name\":null}", &two, "NAME        -\nSERVER URL  -\n"},
    {"{\"amr\":[\"pwd\",\"otp\"],\"n\":[1,2.5,null,true],\"none\":[]}", NULL,
     "AMR   pwd, otp\nN     1, 2.5, -, true\nNONE  -\n"},
    {"{\"o\":{\"a\":[1,{\"b\":\"c\"}]},\"l\":[{\"x\":1}]}", NULL, "O  {\"a\":[1,{\"b\":\"c\"}]}\nL  [{\"x\":1}]\n"},
    {"{\"empty\":\"\",\"spaces\":\"x  \"}", NULL, "EMPTY\nSPACES  x\n"},
    {"{}", NULL, ""},
    {"{\"a\":1,\"b\":2}", &long_columns, "AA  1\nBB  2\n"},
    {"{\"a_b\":1}", &short_columns, "A B  1\n"},
    /* rows */
    {"[{\"name\":\"default\",\"server\":\"https://a\"},{\"name\":\"eu\",\"server\":\"https://bb\"}]", &two,
     "NAME     SERVER URL\ndefault  https://a\neu       https://bb\n"},
    {"[{\"name\":\"x\",\"server\":\"\"},{\"name\":\"\",\"server\":\"y\"}]", &two, "NAME  SERVER URL\nx\n      y\n"},
    {"[]", &two, "NAME  SERVER URL\n"},
    {"[]", NULL, ""},
    {"[{\"a\":1},{\"b\":2,\"a\":3}]", NULL, "A  B\n1  -\n3  2\n"},
    {"[{},{}]", NULL, ""},
    {"[1,\"x\",[2],{\"y\":3}]", NULL, "1\nx\n2\n{\"y\":3}\n"},
    {"\"just text\"", NULL, "just text\n"},
    /* by characters, not bytes */
    {"[{\"name\":\"Z\xc3\xbcrich\",\"server\":\"1\"},{\"name\":\"Berlin\",\"server\":\"2\"}]", &two,
     "NAME    SERVER URL\nZ\xc3\xbcrich  1\nBerlin  2\n"},
    /* nothing that a terminal obeys, no forged row */
    {"{\"name\":\"a\\nNAME  b\",\"server\":\"\\u001b[2J\\u202e\"}", &two,
     "NAME        a\\x0aNAME  b\nSERVER URL  \\x1b[2J\\u{202e}\n"},
    {"{\"k\\u001b\":1}", NULL, "K\\x1b  1\n"},
};

/* On a terminal. */
static const struct narrow_case {
    const char *json;
    size_t columns;
    const char *table;
} narrow[] = {
    {"[{\"name\":\"eu\",\"server\":\"https://b\"}]", 16, "NAME  SERVER URL\neu    https://b\n"},
    {"[{\"name\":\"eu\",\"server\":\"https://b\"},{\"name\":\"us\"}]", 15,
     "NAME        eu\nSERVER URL\n  https://b\n\nNAME        us\nSERVER URL  -\n"},
    {"[]", 5, "NAME  SERVER URL\n"},
    {"{\"name\":\"one two three\",\"server\":\"s\"}", 20, "NAME        one two\n            three\nSERVER URL  s\n"},
    {"{\"name\":\"a 0123456789abcdef b\",\"server\":\"s\"}", 20, "NAME\n  a 0123456789abcdef\n  b\nSERVER URL  s\n"},
    {"{\"name\":\"a 0123456789abcdefghij b\",\"server\":\"s\"}", 20,
     "NAME\na\n0123456789abcdefghij\nb\nSERVER URL  s\n"},
    {"{\"name\":\"\",\"server\":\"s\"}", 1, "NAME\nSERVER URL\ns\n"},
};

START_TEST(render_table_on_a_narrow_terminal_breaks_no_word)
{
    const struct output_style style = {.columns = &two, .max_columns = narrow[_i].columns};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;
    struct plexctl_json *tree = parse(narrow[_i].json);

    ck_assert_int_eq(render_table(tree, &style, &out, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&out), narrow[_i].table);
    json_free(tree);
}
END_TEST

START_TEST(render_table_of_tree_pads_columns)
{
    const struct render_case *c = &cases[_i];
    const struct output_style style = {.columns = c->columns};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;
    struct plexctl_json *tree = parse(c->json);

    ck_assert_int_eq(render_table(tree, &style, &out, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&out), c->table);
    json_free(tree);
}
END_TEST

/* A secret as a member, in a list, and deep down. */
static struct plexctl_json *secret_tree(void)
{
    struct plexctl_json *tree = json_new_object();
    struct plexctl_json *list = json_new_array();
    struct plexctl_json *deep = json_new_object();

    ck_assert_int_eq(json_set(tree, "token", json_new_secret("canary")), PLEXCTL_OK);
    ck_assert_int_eq(json_append(list, json_new_secret("canary")), PLEXCTL_OK);
    ck_assert_int_eq(json_set(tree, "list", list), PLEXCTL_OK);
    ck_assert_int_eq(json_set(deep, "token", json_new_secret("canary")), PLEXCTL_OK);
    ck_assert_int_eq(json_set(tree, "deep", deep), PLEXCTL_OK);
    return tree;
}

START_TEST(render_table_of_secrets_masks_unless_revealed)
{
    static const char *const tables[] = {"TOKEN  ***\nLIST   ***\nDEEP   {\"token\":\"***\"}\n",
                                         "TOKEN  canary\nLIST   canary\nDEEP   {\"token\":\"canary\"}\n"};
    const struct output_style style = {.reveal_secrets = _i == 1};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;
    struct plexctl_json *tree = secret_tree();

    ck_assert_int_eq(render_table(tree, &style, &out, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&out), tables[_i]);
    json_free(tree);
}
END_TEST

START_TEST(render_table_of_many_members_keeps_all)
{
    const struct output_style style = {0};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;
    struct plexctl_json *tree = json_new_object();
    size_t lines = 0;

    for (int i = 0; i < 100; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "k%d", i);
        ck_assert_int_eq(json_set(tree, key, json_new_integer(i)), PLEXCTL_OK);
    }
    ck_assert_int_eq(render_table(tree, &style, &out, &err), PLEXCTL_OK);
    for (const char *c = buf_text(&out); *c; c++)
        lines += *c == '\n';
    ck_assert_uint_eq(lines, 100);
    ck_assert_ptr_nonnull(strstr(buf_text(&out), "K99  99\n"));
    json_free(tree);
}
END_TEST

START_TEST(render_table_over_the_maximum_fails)
{
    const struct output_style style = {0};
    auto_buf struct buf out = BUF_INIT(4);
    struct error err = ERROR_INIT;
    struct plexctl_json *tree = parse("{\"name\":\"longer\"}");

    ck_assert_int_eq(render_table(tree, &style, &out, &err), PLEXCTL_FAILED);
    ck_assert_str_ne(err.text, "");
    json_free(tree);
}
END_TEST

/* Each allocation in turn, until none is left to fail: never a table that lacks something. */
START_TEST(render_table_without_memory_says_so)
{
    const struct output_style style = {.columns = _i ? &two : NULL};
    const char *const json[] = {"{\"o\":{\"a\":1},\"l\":[1,2]}", "[{\"name\":\"a\",\"server\":\"b\"}]"};
    const char *const tables[] = {"O  {\"a\":1}\nL  1, 2\n", "NAME  SERVER URL\na     b\n"};
    struct plexctl_json *tree = parse(json[_i]);
    plexctl_status status = PLEXCTL_NO_MEMORY;

    for (unsigned long n = 1; heap_is_ours() && status != PLEXCTL_OK; n++) {
        auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
        struct error err = ERROR_INIT;
        heap_fail(n, false);
        status = render_table(tree, &style, &out, &err);
        bool has_failed = heap_failures() > 0;
        heap_fail(0, false);
        ck_assert_int_eq(status, has_failed ? PLEXCTL_NO_MEMORY : PLEXCTL_OK);
        ck_assert(status != PLEXCTL_OK || strcmp(buf_text(&out), tables[_i]) == 0);
        ck_assert_uint_lt(n, 1000);
    }
    json_free(tree);
}
END_TEST

static const struct bold_case {
    const char *json, *table;
} bolds[] = {
    {"{\"name\":\"a\",\"server\":\"b\"}", "\033[1mNAME\033[0m    a\n\033[1mSERVER\033[0m  b\n"},
    {"[{\"name\":\"default\",\"server\":\"a\"}]", "\033[1mNAME\033[0m     \033[1mSERVER\033[0m\ndefault  a\n"},
    {"[{\"name\":\"a\",\"server\":\"b\"}]", "\033[1mNAME\033[0m  \033[1mSERVER\033[0m\na     b\n"},
    {"[1]", "1\n"},
};

START_TEST(render_table_titles_are_bold_where_it_is_asked_for)
{
    const struct output_style style = {.is_bold = true};
    auto_buf struct buf out = BUF_INIT(SIZE_MAX / 2);
    struct plexctl_json *json = parse(bolds[_i].json);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(render_table(json, &style, &out, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&out), bolds[_i].table);
    json_free(json);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("render_table");
    TCase *tests = tcase_create("render_table");

    tcase_add_loop_test(tests, render_table_on_a_narrow_terminal_breaks_no_word, 0,
                        (int)(sizeof narrow / sizeof narrow[0]));
    tcase_add_loop_test(tests, render_table_of_tree_pads_columns, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_loop_test(tests, render_table_of_secrets_masks_unless_revealed, 0, 2);
    tcase_add_test(tests, render_table_of_many_members_keeps_all);
    tcase_add_test(tests, render_table_over_the_maximum_fails);
    tcase_add_loop_test(tests, render_table_without_memory_says_so, 0, 2);
    tcase_add_loop_test(tests, render_table_titles_are_bold_where_it_is_asked_for, 0, 4);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
