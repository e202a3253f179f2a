/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggestion.h"

#include <string.h>

#include "unit.h"

#define LONG63 "a23456789b123456789c123456789d123456789e123456789f123456789g123"

static const struct suggestion_case {
    const char *typed, *candidates; /* separated by spaces */
    const char *meant;              /* between "did you mean " and "?"; NULL for none */
} suggestions[] = {
    {"jsn", "table json yaml", "json"},
    {"jsno", "table json yaml", "json"},
    {"JSON", "table json yaml", "json"},
    {"ymal", "table json yaml", "yaml"},
    {"yml", "table json yaml", "yaml"},
    {"t", "table json yaml", "table"},
    {"xml", "table json yaml", NULL},
    {"csv", "table json yaml", NULL},
    {"", "table json yaml", NULL},
    {"stagin", "default staging prod", "staging"},
    {"stagign", "default staging prod", "staging"},
    {"Prod", "default staging prod", "prod"},
    {"pro", "default prod prod-2", "prod"},
    {"prod-3", "default prod-1 prod-2", "prod-1"},
    {"p", "prod prod-2", "prod or prod-2"},
    {"p", "pa-long pb-long prod pb-more", "pa-long, pb-long or prod"},
    {"p", "p\x1b[2J pb-long", "p\\x1b[2J or pb-long"},
    {"dev", "default staging prod", NULL},
    {"sta", "default staging status", "status"},
    {"default", "DEFAULT Default", "DEFAULT"},
    {LONG63, LONG63 "x " LONG63, LONG63},
    {LONG63 "x", LONG63, NULL},
    {"one", "", NULL},
    {"x", "X", "X"},
    {"abcdef", "abcdeg ABCDEF", "ABCDEF"},
    {"abcdef", "ABCDEF abcdeg", "ABCDEF"},
};

START_TEST(suggestion_ask_names_what_was_meant)
{
    const struct suggestion_case *c = &suggestions[_i];
    struct suggestion suggestion;
    size_t len;

    suggestion_begin(&suggestion, c->typed, strlen(c->typed));
    for (const char *word = c->candidates; *word; word += len + (word[len] == ' ')) {
        len = strcspn(word, " ");
        suggestion_consider(&suggestion, word, len);
    }
    auto_buf struct buf asked = BUF_INIT(1024), wanted = BUF_INIT(1024);
    if (c->meant)
        buf_appendf(&wanted, "did you mean %s?", c->meant);
    ck_assert_int_eq(suggestion_ask(&suggestion, "", "", &asked), c->meant != NULL);
    ck_assert_str_eq(buf_text(&asked), buf_text(&wanted));
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("suggestion");
    TCase *tests = tcase_create("suggestion");

    tcase_add_loop_test(tests, suggestion_ask_names_what_was_meant, 0, COUNT(suggestions));
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
