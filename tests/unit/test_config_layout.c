/* SPDX-License-Identifier: Apache-2.0 */
#include "config_layout.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static struct config_layout layout_of(const char *text, unsigned depth)
{
    struct config_object object;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(config_object_read(text, (struct json_span){0, strlen(text)}, &object, &err), PLEXCTL_OK);
    return config_layout_of(text, &object, depth);
}

static const struct layout_case {
    const char *object;
    unsigned depth;
    const char *lead, *colon, *close;
} cases[] = {
    {"{}", 1, "\n  ", ": ", "\n"},
    {"{ }", 3, "\n      ", ": ", "\n    "},
    {"{\"a\":1}", 2, "", ":", ""},
    {"{ \"a\" : 1, \t\"b\"\t:\t2 }", 1, " \t", "\t:\t", " "},
    {"{\r\n\t\"a\": {\"x\":1}\r\n}", 1, "\r\n\t", ": ", "\r\n"},
};

START_TEST(layout_of_object_is_that_of_its_last_member)
{
    const struct layout_case *row = &cases[_i];
    struct config_layout layout = layout_of(row->object, row->depth);

    ck_assert_str_eq(layout.lead, row->lead);
    ck_assert_str_eq(layout.colon, row->colon);
    ck_assert_str_eq(layout.close, row->close);
}
END_TEST

static const struct depth_case {
    const char *root;
    unsigned depth;
    const char *lead, *close;
} depths[] = {
    {"{}", 2, "\n    ", "\n  "},
    {"{\n\t\"a\": 1\n}", 3, "\n\t\t\t", "\n\t\t"},
    {"{\r\n  \"a\": 1\r\n}", 2, "\r\n    ", "\r\n  "},
    {"{ \"a\": 1 }", 3, " ", " "},
    {"{\n\"a\": 1\n}", 3, "\n", "\n"},
};

START_TEST(layout_at_depth_indents_as_the_root_does)
{
    const struct depth_case *row = &depths[_i];
    struct config_layout root = layout_of(row->root, 1);
    struct config_layout layout = config_layout_at_depth(&root, row->depth);

    ck_assert_str_eq(layout.lead, row->lead);
    ck_assert_str_eq(layout.close, row->close);
}
END_TEST

START_TEST(layout_of_excessive_space_is_that_of_a_new_file)
{
    char text[2048];

    for (int width = 1; width < 400; width++) {
        (void)snprintf(text, sizeof text, "{\n%*s\"a\"%*s:1%*s}", width, "", width, "", width, "");
        struct config_layout root = layout_of(text, 1);
        struct config_layout layout = config_layout_at_depth(&root, 3);
        ck_assert_uint_lt(strlen(root.lead), sizeof root.lead);
        ck_assert_uint_lt(strlen(layout.lead), sizeof layout.lead);
        ck_assert_uint_eq(strspn(layout.lead, " \n"), strlen(layout.lead));
        if (width + 1 >= (int)sizeof root.lead)
            ck_assert_str_eq(root.lead, "\n  ");
        if (width + 1 >= (int)sizeof root.colon)
            ck_assert_str_eq(root.colon, ": ");
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config_layout");
    TCase *tcase = tcase_create("layout");

    tcase_add_loop_test(tcase, layout_of_object_is_that_of_its_last_member, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_loop_test(tcase, layout_at_depth_indents_as_the_root_does, 0, (int)(sizeof depths / sizeof depths[0]));
    tcase_add_test(tcase, layout_of_excessive_space_is_that_of_a_new_file);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
