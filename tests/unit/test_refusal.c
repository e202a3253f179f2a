/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "refusal.h"
#include "unit.h"

START_TEST(refusal_name_file_escapes_path)
{
    struct error err = ERROR_INIT;

    (void)error_set(&err, PLEXCTL_FAILED, "why");
    ck_assert_int_eq(refusal_name_file(&err, "/a\x1b[31m\nb"), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "/a\\x1b[31m\\x0ab: why");
}
END_TEST

START_TEST(refusal_name_file_leaves_room_for_reason)
{
    char path[4096];
    struct error err = ERROR_INIT;

    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    (void)error_set(&err, PLEXCTL_FAILED, "why");
    (void)refusal_name_file(&err, path);
    ck_assert_ptr_nonnull(strstr(err.text, ": why"));
}
END_TEST

START_TEST(refusal_add_fix_keeps_status_and_reason)
{
    struct error err = ERROR_INIT;

    (void)error_set(&err, PLEXCTL_USAGE, "100%% wrong");
    ck_assert_int_eq(refusal_add_fix(&err, REFUSAL_ABI, "do %s", "it"), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "100% wrong; fix: do it");
}
END_TEST

START_TEST(refusal_add_fix_leaves_out_of_memory_alone)
{
    struct error err = ERROR_INIT;

    (void)error_no_memory(&err);
    ck_assert_int_eq(refusal_add_fix(&err, REFUSAL_ABI, "anything"), PLEXCTL_NO_MEMORY);
    ck_assert_ptr_null(strstr(err.text, "fix"));
}
END_TEST

static void assert_parts(const struct error *err, const char *found, const char *wanted, const char *fix)
{
    auto_buf struct buf found_part = BUF_FIXED(ERROR_TEXT_SIZE);
    auto_buf struct buf wanted_part = BUF_FIXED(ERROR_TEXT_SIZE);
    auto_buf struct buf fix_part = BUF_FIXED(ERROR_TEXT_SIZE);

    refusal_found(err, &found_part);
    refusal_wanted(err, &wanted_part);
    refusal_fix(err, &fix_part);
    ck_assert_str_eq(buf_text(&found_part), found);
    ck_assert_str_eq(buf_text(&wanted_part), wanted);
    ck_assert_str_eq(buf_text(&fix_part), fix);
}

START_TEST(refusal_parts_are_what_was_given)
{
    struct error err = ERROR_INIT;

    (void)error_set(&err, PLEXCTL_FAILED, "mode is 0666; wanted is odd");
    assert_parts(&err, "mode is 0666; wanted is odd", "", "");
    ck_assert_str_eq(refusal_word(&err), "");
    (void)refusal_want(&err, REFUSAL_MODE, "%04o; fix: none", 0644u);
    (void)error_prefix(&err, "flag --x");
    ck_assert_int_eq(refusal_add_fix(&err, REFUSAL_RECORD, "chmod %s", "go-w"), PLEXCTL_FAILED);
    (void)refusal_name_file(&err, "/a: b; wanted is c");
    (void)error_prefix(&err, "plugins");
    ck_assert_str_eq(err.text, "plugins: /a: b; wanted is c: flag --x: mode is 0666; wanted is odd; wanted is 0644; "
                               "fix: none; fix: chmod go-w");
    assert_parts(&err, "flag --x: mode is 0666; wanted is odd", "0644; fix: none", "chmod go-w");
    ck_assert_str_eq(refusal_word(&err), "mode");
    (void)error_set(&err, PLEXCTL_FAILED, "anew");
    assert_parts(&err, "anew", "", "");
    ck_assert_str_eq(refusal_word(&err), "");
}
END_TEST

START_TEST(refusal_parts_of_cut_text_are_what_is_left)
{
    char path[4096], fix[900];
    struct error err = ERROR_INIT;

    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    memset(fix, 'f', sizeof fix);
    fix[sizeof fix - 1] = '\0';
    (void)error_set(&err, PLEXCTL_FAILED, "found");
    (void)refusal_want(&err, REFUSAL_KIND, "wanted");
    (void)refusal_add_fix(&err, REFUSAL_KIND, "%s", fix);
    (void)refusal_name_file(&err, path);
    ck_assert_uint_eq(strlen(err.text), ERROR_TEXT_SIZE - 1);
    size_t left = (size_t)(err.text + strlen(err.text) - strstr(err.text, "fff"));
    fix[left] = '\0';
    assert_parts(&err, "found", "wanted", fix);
}
END_TEST

/* It may come from the process of a plugin. */
START_TEST(refusal_parts_of_lying_lengths_lie_within_the_text)
{
    static const uint32_t lies[] = {0, 1, 5, 1023, 1024, UINT32_MAX};
    const size_t count = sizeof lies / sizeof lies[0];

    for (size_t i = 0; i < count * count * count * count; i++) {
        struct error err = {.status = PLEXCTL_FAILED, .text = "found; wanted is x"};
        auto_buf struct buf part = BUF_FIXED(ERROR_TEXT_SIZE);

        err.refusal = (struct error_refusal){.rule = (int32_t)lies[i % count],
                                             .reason_len = lies[i % count],
                                             .wanted_len = lies[i / count % count],
                                             .fix_len = lies[i / count / count % count],
                                             .lost_len = lies[i / count / count / count]};
        refusal_found(&err, &part);
        refusal_wanted(&err, &part);
        refusal_fix(&err, &part);
        ck_assert_uint_le(part.len, 3 * strlen(err.text));
        ck_assert_ptr_nonnull(refusal_word(&err));
    }
}
END_TEST

static Suite *refusal_suite(void)
{
    Suite *suite = suite_create("refusal");
    TCase *cases = tcase_create("refusal");

    tcase_add_test(cases, refusal_name_file_escapes_path);
    tcase_add_test(cases, refusal_name_file_leaves_room_for_reason);
    tcase_add_test(cases, refusal_add_fix_keeps_status_and_reason);
    tcase_add_test(cases, refusal_add_fix_leaves_out_of_memory_alone);
    tcase_add_test(cases, refusal_parts_are_what_was_given);
    tcase_add_test(cases, refusal_parts_of_cut_text_are_what_is_left);
    tcase_add_test(cases, refusal_parts_of_lying_lengths_lie_within_the_text);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return unit_run(refusal_suite());
}
