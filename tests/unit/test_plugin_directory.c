/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_directory.h"

#include "base/cleanup.h"
#include "plugin_fixture.h"

static struct plugin_directory opened(const char *path)
{
    struct plugin_directory directory = plugin_directory_at(path, false);
    struct error err = ERROR_INIT;

    ck_assert_msg(plugin_directory_open(&directory, &err) == PLEXCTL_OK, "%s", err.text);
    return directory;
}

START_TEST(plugin_directory_open_answers_as_the_first_time)
{
    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    struct fixture_path path = fixture_make_directory(root.text, "d", 0777);
    struct plugin_directory directory = plugin_directory_at(path.text, true);
    struct error first = ERROR_INIT;
    struct error second = ERROR_INIT;

    ck_assert(directory.is_built_in);
    ck_assert_int_eq(plugin_directory_open(&directory, &first), PLEXCTL_FAILED);
    ck_assert_int_eq(chmod(path.text, 0700), 0);
    ck_assert_int_eq(plugin_directory_open(&directory, &second), PLEXCTL_FAILED);
    ck_assert_str_eq(first.text, second.text);
    plugin_directory_close(&directory);
}
END_TEST

START_TEST(plugin_directory_holds_sees_into_refused_one)
{
    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    struct fixture_path path = fixture_make_directory(root.text, "d", 0777);
    struct plugin_directory directory = plugin_directory_at(path.text, false);
    struct error err = ERROR_INIT;

    (void)fixture_write(path.text, "a.so", "", 0);
    ck_assert_int_eq(plugin_directory_open(&directory, &err), PLEXCTL_FAILED);
    ck_assert(plugin_directory_holds(&directory, "a.so"));
    ck_assert(!plugin_directory_holds(&directory, "b.so"));
    ck_assert_int_eq(chmod(path.text, 0700), 0);
    directory = opened(path.text);
    ck_assert(plugin_directory_holds(&directory, "a.so"));
    ck_assert(!plugin_directory_holds(&directory, "b.so"));
    plugin_directory_close(&directory);
}
END_TEST

START_TEST(plugin_directory_list_takes_command_words_in_order)
{
    static const char *const names[] = {"b.so",
                                        "a.so",
                                        "a-b.so",
                                        "a2.so",
                                        "A.so",
                                        "under_score.so",
                                        ".so",
                                        "-a.so",
                                        ".a.so",
                                        "a.sox",
                                        "a.so.1",
                                        "aso",
                                        "a..so",
                                        "9.so",
                                        "so",
                                        "x",
                                        "c.SO",
                                        "d.so ",
                                        "a b.so",
                                        "\xc3\xa9.so",
                                        "abcdefghijabcdefghijabcdefghij1.so", /* 31 characters: the longest word */
                                        "abcdefghijabcdefghijabcdefghij12.so"};
    static const char *const expected[] = {"a", "a-b", "a2", "abcdefghijabcdefghijabcdefghij1", "b"};
    struct plugin_words words = {0};
    struct error err = ERROR_INIT;

    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)fixture_write(root.text, names[i], "", 0);
    struct plugin_directory directory = opened(root.text);
    ck_assert_int_eq(plugin_directory_list(&directory, &words, &err), PLEXCTL_OK);
    ck_assert_uint_eq(words.count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < words.count; i++)
        ck_assert_str_eq(words.rows[i], expected[i]);
    free(words.rows);
    plugin_directory_close(&directory);
}
END_TEST

START_TEST(plugin_directory_list_grows)
{
    struct plugin_words words = {0};
    struct error err = ERROR_INIT;

    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    for (int i = 0; i < 200; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "p%03d.so", i);
        (void)fixture_write(root.text, name, "", 0);
    }
    struct plugin_directory directory = opened(root.text);
    ck_assert_int_eq(plugin_directory_list(&directory, &words, &err), PLEXCTL_OK);
    ck_assert_uint_eq(words.count, 200);
    ck_assert_str_eq(words.rows[0], "p000");
    ck_assert_str_eq(words.rows[199], "p199");
    free(words.rows);
    plugin_directory_close(&directory);
}
END_TEST

START_TEST(plugin_directory_list_without_read_is_refused)
{
    struct plugin_words words = {0};
    struct error err = ERROR_INIT;

    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    struct fixture_path path = fixture_make_directory(root.text, "d", 0711);
    struct plugin_directory directory = opened(path.text);
    ck_assert_int_eq(chmod(path.text, 0311), 0);
    ck_assert_int_eq(plugin_directory_list(&directory, &words, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "/d: cannot be listed: Permission denied"));
    ck_assert_uint_eq(words.count, 0);
    ck_assert_int_eq(chmod(path.text, 0755), 0);
    plugin_directory_close(&directory);
}
END_TEST

static plexctl_status examine(const char *directory_path, const char *word, struct plugin_file *file, struct error *err)
{
    struct plugin_directory directory = opened(directory_path);
    auto_free char *path = NULL;

    ck_assert_int_eq(plugin_directory_join(&directory, word, &path, err), PLEXCTL_OK);
    plexctl_status status = plugin_directory_examine(&directory, path, file, err);
    plugin_directory_close(&directory);
    return status;
}

START_TEST(plugin_directory_examine_of_good_plugin_gives_note)
{
    struct plugin_file file = {.file.fd = -1};
    struct error err = ERROR_INIT;

    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    (void)fixture_install("hello", root.text, "hello.so");
    ck_assert_msg(examine(root.text, "hello", &file, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_int_ge(file.file.fd, 0);
    ck_assert_str_eq(file.note.command, "hello");
    ck_assert_str_eq(file.note.version, "1.0.0");
    ck_assert_str_eq(file.note.summary, "Say hello");
    (void)close(file.file.fd);
}
END_TEST

static const struct {
    const char *plugin, *word, *reason;
} refusals[] = {
    {"hello", "hell", "its note is for the command \"hello\""},
    {"hello", "hello-2", "fix: rename it to hello.so"},
    {"hello", "bonjour", "its note is for the command \"hello\""},
    {"hello", "howdy", "its note is for the command \"hello\""},
    {"constructor", "constructor", "built for plugin ABI 2.0; wanted is 1.x"},
    {"minor_ahead", "minor-ahead", "needs plugin ABI 1.999; wanted is at most 1.0; fix: update plexctl"},
    {"http_stub", "http-stub", "no plexctl note"},
};

START_TEST(plugin_directory_examine_of_unfit_note_is_refused)
{
    struct plugin_file file = {.file.fd = -1};
    struct error err = ERROR_INIT;
    char name[64];

    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    (void)snprintf(name, sizeof name, "%s.so", refusals[_i].word);
    struct fixture_path path = fixture_install(refusals[_i].plugin, root.text, name);
    ck_assert_int_eq(examine(root.text, refusals[_i].word, &file, &err), PLEXCTL_FAILED);
    ck_assert_msg(strstr(err.text, refusals[_i].reason) != NULL, "%s", err.text);
    ck_assert_msg(strncmp(err.text, path.text, strlen(path.text)) == 0, "%s", err.text);
    ck_assert_ptr_nonnull(strstr(err.text, "; fix: "));
    ck_assert_int_eq(file.file.fd, -1);
}
END_TEST

START_TEST(plugin_directory_examine_of_no_file_is_not_found)
{
    struct plugin_file file = {.file.fd = -1};
    struct error err = ERROR_INIT;

    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    ck_assert_int_eq(examine(root.text, "hello", &file, &err), PLEXCTL_NOT_FOUND);
}
END_TEST

static Suite *plugin_directory_suite(void)
{
    Suite *suite = suite_create("plugin_directory");
    TCase *cases = tcase_create("plugin_directory");

    tcase_add_test(cases, plugin_directory_open_answers_as_the_first_time);
    tcase_add_test(cases, plugin_directory_holds_sees_into_refused_one);
    tcase_add_test(cases, plugin_directory_list_takes_command_words_in_order);
    tcase_add_test(cases, plugin_directory_list_grows);
    tcase_add_test(cases, plugin_directory_list_without_read_is_refused);
    tcase_add_test(cases, plugin_directory_examine_of_good_plugin_gives_note);
    tcase_add_loop_test(cases, plugin_directory_examine_of_unfit_note_is_refused, 0,
                        (int)(sizeof refusals / sizeof refusals[0]));
    tcase_add_test(cases, plugin_directory_examine_of_no_file_is_not_found);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return fixture_read_plugins() ? unit_run(plugin_directory_suite()) : EXIT_FAILURE;
}
