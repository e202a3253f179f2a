/* SPDX-License-Identifier: Apache-2.0 */
#include "finding.h"

#include "unit.h"

static const struct row {
    const char *before, *refusal, *advice, *path, *text, *fix;
} rows[] = {
    {"", "/a/f is empty", "run `rm /a/f`", "/a/f", "/a/f is empty", "run `rm /a/f`"},
    {"/a/f, mode 0600", "/a/f is empty", "run `rm /a/f`", "/a/f", "/a/f, mode 0600: is empty", "run `rm /a/f`"},
    {"F", "'/a; b' is empty; whole", "run; `rm '/a; b'`", "/a; b", "F: is empty; whole", "run; `rm '/a; b'`"},
    {"F", "cannot save to /a/f: it is fixed", "go", "/a/f", "F: cannot save to /a/f: it is fixed", "go"},
    {"F", "/a/fg is empty", NULL, "/a/f", "F: /a/fg is empty", NULL},
    {"F", "cannot open /a/f: I/O error", NULL, "/a/f", "F: cannot open /a/f: I/O error", NULL},
    {"", "no place", "set HOME", NULL, "no place", "set HOME"},
};

START_TEST(finding_blame_parts_reason_and_remedy)
{
    auto_finding struct finding finding = FINDING_INIT("file");
    struct error refusal = ERROR_INIT, err = ERROR_INIT;
    struct plexctl_json *array = json_new_array();

    (void)error_set(&refusal, PLEXCTL_USAGE, "%s", rows[_i].refusal);
    (void)error_advise(&refusal, rows[_i].advice);
    buf_append_text(&finding.text, rows[_i].before);
    finding_blame(&finding, &refusal, rows[_i].path);
    ck_assert_int_eq(finding_append(&finding, array, &err), PLEXCTL_OK);
    const struct plexctl_json *row = json_at(array, 0);
    ck_assert_uint_eq(json_length(row), 4);
    ck_assert_str_eq(json_string(json_get(row, "item")), "file");
    ck_assert_str_eq(json_string(json_get(row, "verdict")), FINDING_FAULT);
    ck_assert_str_eq(json_string(json_get(row, "found")), rows[_i].text);
    ck_assert_pstr_eq(json_string(json_get(row, "fix")), rows[_i].fix);
    json_free(array);
}
END_TEST

START_TEST(finding_append_refuses_a_text_that_was_cut)
{
    auto_finding struct finding finding = FINDING_INIT("file");
    struct error err = ERROR_INIT;
    struct plexctl_json *array = json_new_array();
    struct buf *const texts[] = {&finding.text, &finding.fix};

    texts[_i]->max = 3;
    buf_append_text(texts[_i], "four");
    ck_assert_int_ne(finding_append(&finding, array, &err), PLEXCTL_OK);
    ck_assert_uint_eq(json_length(array), 0);
    json_free(array);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("finding");
    TCase *tests = tcase_create("finding");

    tcase_add_loop_test(tests, finding_blame_parts_reason_and_remedy, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_loop_test(tests, finding_append_refuses_a_text_that_was_cut, 0, 2);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
