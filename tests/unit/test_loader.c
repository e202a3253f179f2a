/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/prctl.h>

#include "loader_fixture.h"

/* Where */

START_TEST(loader_open_finds_built_in_plugin)
{
    struct place place = new_place();
    struct fixture_path path = fixture_install("hello", place.built_in.text, "hello.so");

    assert_opened(&place, "hello", path.text, true);
}
END_TEST

START_TEST(loader_open_finds_added_plugin)
{
    struct place place = new_place();
    struct fixture_path path = fixture_install("hello", place.added.text, "hello.so");

    assert_opened(&place, "hello", path.text, false);
}
END_TEST

START_TEST(loader_open_finds_plugin_at_home)
{
    struct place place = new_place();
    struct fixture_path directory = make_home_plugins(&place);
    struct fixture_path path = fixture_install("hello", directory.text, "hello.so");

    assert_opened(&place, "hello", path.text, false);
}
END_TEST

START_TEST(loader_open_never_shadows_built_in_plugin)
{
    struct place place = new_place();
    struct fixture_path path = fixture_install("hello", place.built_in.text, "hello.so");

    (void)fixture_install("hello", place.added.text, "hello.so");
    assert_opened(&place, "hello", path.text, true);
    ck_assert_int_eq(chmod(path.text, 0666), 0);
    assert_not_opened(&place, "hello", PLEXCTL_FAILED, path.text);
}
END_TEST

START_TEST(loader_open_takes_added_before_home)
{
    struct place place = new_place();
    struct fixture_path path = fixture_install("hello", place.added.text, "hello.so");
    struct fixture_path directory = make_home_plugins(&place);

    (void)fixture_install("hello", directory.text, "hello.so");
    assert_opened(&place, "hello", path.text, false);
}
END_TEST

START_TEST(loader_open_under_at_secure_ignores_environment)
{
    struct place place = new_place();
    struct fixture_path directory = make_home_plugins(&place);
    struct loaded_plugin plugin = {0};
    struct error err = ERROR_INIT;

    (void)fixture_install("hello", place.added.text, "hello.so");
    (void)fixture_install("hello", directory.text, "hello.so");
    (void)fixture_install("placeholder", place.built_in.text, "placeholder.so");
    struct loader *loader = new_loader(&place, true);
    ck_assert_int_eq(loader_open(loader, "hello", &plugin, &err), PLEXCTL_NOT_FOUND);
    ck_assert_int_eq(loader_open(loader, "placeholder", &plugin, &err), PLEXCTL_OK);
    loaded_plugin_release(&plugin);
    loader_free(loader);
}
END_TEST

START_TEST(loader_open_ignores_relative_elements)
{
    struct place place = new_place();
    struct loader *loader = NULL;
    struct loaded_plugin plugin = {0};
    struct error err = ERROR_INIT;

    (void)fixture_install("hello", place.added.text, "hello.so");
    ck_assert_int_eq(chdir(place.added.text), 0);
    ck_assert_int_eq(setenv("PLEXCTL_PLUGIN_PATH", ".::../added:", 1), 0);
    ck_assert_int_eq(setenv("HOME", "", 1), 0);
    ck_assert_int_eq(loader_new_at(place.library.text, false, &loader, &err), PLEXCTL_OK);
    ck_assert_int_eq(loader_open(loader, "hello", &plugin, &err), PLEXCTL_NOT_FOUND);
    loader_free(loader);
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(loader_open_of_unknown_word_is_not_found)
{
    static const char *const words[] = {"none", "", ".", "..", "../added/hello", "Hello", "hello.so", "a/b", "-x"};
    struct place place = new_place();

    (void)fixture_install("hello", place.added.text, "hello.so");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_not_opened(&place, words[i], PLEXCTL_NOT_FOUND, "unknown command");
}
END_TEST

START_TEST(loader_open_goes_past_untrusted_directory_without_the_file)
{
    struct place place = new_place();
    struct fixture_path directory = make_home_plugins(&place);
    struct fixture_path path = fixture_install("hello", directory.text, "hello.so");

    ck_assert_int_eq(chmod(place.added.text, 0777), 0);
    assert_opened(&place, "hello", path.text, false);
    struct fixture_path refused = fixture_install("hello", place.added.text, "hello.so");
    assert_not_opened(&place, "hello", PLEXCTL_FAILED, refused.text);
    assert_not_opened(&place, "hello", PLEXCTL_FAILED, "can be written by others (mode 0777)");
    assert_not_opened(&place, "none", PLEXCTL_NOT_FOUND, "unknown command");
}
END_TEST

/* What is opened */

START_TEST(loader_open_of_grabber_leaves_the_decision_to_others)
{
    struct place place = new_place();
    struct loaded_plugin plugin = {0};
    struct error err = ERROR_INIT;

    (void)fixture_install("grabber", place.added.text, "grabber.so");
    ck_assert_int_eq(open_word(&place, "grabber", &plugin, &err), PLEXCTL_OK);
    ck_assert(!plugin.is_built_in);
    ck_assert_uint_eq(plugin.plugin->command->needs, PLEXCTL_NEEDS_CREDENTIALS);
    loaded_plugin_release(&plugin);
}
END_TEST

START_TEST(loader_open_of_odd_but_sound_plugins_succeeds)
{
    static const char *const rows[][2] = {{"placeholder", "placeholder"},
                                          {"odd_status", "odd-status"},
                                          {"sleeper", "sleeper"},
                                          {"echo_args", "echo-args"},
                                          {"subcommands", "subcommands"}};
    struct place place = new_place();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "%s.so", rows[i][1]);
        struct fixture_path path = fixture_install(rows[i][0], place.added.text, name);
        assert_opened(&place, rows[i][1], path.text, false);
    }
}
END_TEST

/* glibc knows an object by the path that it was opened by; a descriptor's number that comes again would name the old
 * one. */
START_TEST(loader_open_in_another_directory_gives_the_other_object)
{
    struct place first = new_place();
    struct place second = new_place();
    struct loaded_plugin plugin = {0};
    struct error err = ERROR_INIT;

    (void)fixture_install("hello", first.added.text, "hello.so");
    (void)fixture_install_patched("hello", second.added.text, "hello.so", "Say h", "SAY h", 5);
    ck_assert_int_eq(open_word(&first, "hello", &plugin, &err), PLEXCTL_OK);
    ck_assert_str_eq(plugin.plugin->command->summary, "Say hello");
    loaded_plugin_release(&plugin);
    ck_assert_msg(open_word(&second, "hello", &plugin, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_str_eq(plugin.plugin->command->summary, "SAY hello");
    loaded_plugin_release(&plugin);
}
END_TEST

/* main makes the process undumpable, and the kernel then gives /proc/self to root. */
START_TEST(loader_open_works_in_undumpable_process)
{
    struct place place = new_place();
    struct fixture_path path = fixture_install("hello", place.built_in.text, "hello.so");

    ck_assert_int_eq(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), 0);
    assert_opened(&place, "hello", path.text, true);
}
END_TEST

/* Listing */

static bool list_entry(void *context, const struct plugin_entry *entry)
{
    struct buf *listed = context;

    buf_appendf(listed, "%s%s%s ", entry->is_built_in ? "*" : "", entry->word, entry->shadowed_by ? "^" : "");
    return true;
}

START_TEST(loader_each_visits_in_search_order)
{
    auto_buf struct buf listed = BUF_INIT(1024);
    struct place place = new_place();
    struct fixture_path home = make_home_plugins(&place);
    struct error err = ERROR_INIT;
    struct loader *loader = new_loader(&place, false);

    (void)fixture_install("placeholder", place.built_in.text, "placeholder.so");
    (void)fixture_install("hello", place.built_in.text, "hello.so");
    (void)fixture_install("hello", place.added.text, "hello.so");
    (void)fixture_install("sleeper", home.text, "sleeper.so");
    ck_assert_int_eq(loader_each(loader, list_entry, &listed, &err), PLEXCTL_OK);
    loader_free(loader);
    ck_assert_str_eq(buf_text(&listed), "*hello *placeholder hello^ sleeper ");
}
END_TEST

/* Its own place */

START_TEST(loader_new_finds_its_own_place)
{
    struct loader *loader = NULL;
    const struct http_module *module = NULL;
    struct loaded_plugin plugin = {0};
    struct error err = ERROR_INIT;

    (void)unsetenv("PLEXCTL_PLUGIN_PATH");
    (void)unsetenv("HOME");
    ck_assert_int_eq(loader_new(&loader, &err), PLEXCTL_OK);
    ck_assert_int_eq(loader_open(loader, "no-such-plugin", &plugin, &err), PLEXCTL_NOT_FOUND);
    ck_assert_int_eq(loader_http(loader, &module, &err), PLEXCTL_FAILED);
    ck_assert_msg(strstr(err.text, "/plexctl: ") != NULL && strstr(err.text, "/..") == NULL, "%s", err.text);
    loader_free(loader);
    loader_free(NULL);
}
END_TEST

static Suite *loader_suite(void)
{
    Suite *suite = suite_create("loader");
    TCase *cases = tcase_create("loader");

    tcase_add_test(cases, loader_open_finds_built_in_plugin);
    tcase_add_test(cases, loader_open_finds_added_plugin);
    tcase_add_test(cases, loader_open_finds_plugin_at_home);
    tcase_add_test(cases, loader_open_never_shadows_built_in_plugin);
    tcase_add_test(cases, loader_open_takes_added_before_home);
    tcase_add_test(cases, loader_open_under_at_secure_ignores_environment);
    tcase_add_test(cases, loader_open_ignores_relative_elements);
    tcase_add_test(cases, loader_open_of_unknown_word_is_not_found);
    tcase_add_test(cases, loader_open_goes_past_untrusted_directory_without_the_file);
    tcase_add_test(cases, loader_open_of_grabber_leaves_the_decision_to_others);
    tcase_add_test(cases, loader_open_of_odd_but_sound_plugins_succeeds);
    tcase_add_test(cases, loader_open_in_another_directory_gives_the_other_object);
    tcase_add_test(cases, loader_each_visits_in_search_order);
    tcase_add_test(cases, loader_new_finds_its_own_place);
    tcase_add_test(cases, loader_open_works_in_undumpable_process);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return fixture_read_plugins() ? unit_run(loader_suite()) : EXIT_FAILURE;
}
