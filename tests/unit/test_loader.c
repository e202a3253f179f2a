/* SPDX-License-Identifier: Apache-2.0 */
#include "loader.h"

#include <sys/prctl.h>

#include "base/cleanup.h"
#include "plugin_fixture.h"

/* A library directory with an empty "plugins", and a directory for PLEXCTL_PLUGIN_PATH. */
struct place {
    struct fixture_path library, built_in, added, home;
};

static struct place new_place(void)
{
    struct place place;

    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    place.library = fixture_make_directory(root.text, "lib", 0755);
    place.built_in = fixture_make_directory(place.library.text, "plugins", 0755);
    place.added = fixture_make_directory(root.text, "added", 0755);
    place.home = fixture_make_directory(root.text, "home", 0755);
    return place;
}

static struct loader *new_loader(const struct place *place, bool is_secure)
{
    struct loader *loader = NULL;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(setenv("PLEXCTL_PLUGIN_PATH", place->added.text, 1), 0);
    ck_assert_int_eq(setenv("HOME", place->home.text, 1), 0);
    ck_assert_msg(loader_new_at(place->library.text, is_secure, &loader, &err) == PLEXCTL_OK, "%s", err.text);
    return loader;
}

static struct fixture_path make_home_plugins(const struct place *place)
{
    struct fixture_path path = fixture_make_directory(place->home.text, ".local", 0755);

    path = fixture_make_directory(path.text, "lib", 0755);
    path = fixture_make_directory(path.text, "plexctl", 0755);
    return fixture_make_directory(path.text, "plugins", 0755);
}

static plexctl_status open_word(const struct place *place, const char *word, struct loaded_plugin *plugin,
                                struct error *err)
{
    struct loader *loader = new_loader(place, false);
    plexctl_status status = loader_open(loader, word, plugin, err);

    loader_free(loader);
    return status;
}

static void assert_opened(const struct place *place, const char *word, const char *path, bool is_built_in)
{
    struct loaded_plugin plugin = {0};
    struct error err = ERROR_INIT;

    ck_assert_msg(open_word(place, word, &plugin, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_str_eq(err.text, "");
    ck_assert_str_eq(plugin.plugin->command->name, word);
    ck_assert_str_eq(plugin.note.command, word);
    ck_assert_str_eq(plugin.path, path);
    ck_assert_int_eq(plugin.is_built_in, is_built_in);
    loaded_plugin_release(&plugin);
    ck_assert_ptr_null(plugin.path);
}

static void assert_not_opened(const struct place *place, const char *word, plexctl_status expected, const char *reason)
{
    struct loaded_plugin plugin = {0};
    struct error err = ERROR_INIT;

    ck_assert_msg(open_word(place, word, &plugin, &err) == expected, "%s", err.text);
    ck_assert_msg(strstr(err.text, reason) != NULL, "\"%s\" is not in \"%s\"", reason, err.text);
    ck_assert_ptr_null(plugin.plugin);
    ck_assert_ptr_null(plugin.path);
}

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

/* What is refused */

static const struct {
    const char *plugin, *word, *reason;
} refusals[] = {
    {"hello", "bonjour", "its note is for the command \"hello\""},
    {"hello", "howdy", "its note is for the command \"hello\""},
    {"minor_ahead", "minor-ahead", "needs plugin ABI 1.999"},
    {"lying_note", "lying-note", "the command is \"login\" in the record and \"lying-note\" in the note; fix: report"},
    {"small_record", "small-record", "the command record has 16 bytes"},
    {"no_symbol", "no-symbol", "exports no plexctl_plugin_v1"},
    {"clashing_flag", "clashing-flag", "flag --server: the name is taken by a persistent flag"},
    {"missing_library", "missing-library", "cannot be loaded: undefined symbol: plexctl_test_no_such_function"},
};

START_TEST(loader_open_of_faulty_plugin_is_refused)
{
    struct place place = new_place();
    char name[64];

    (void)snprintf(name, sizeof name, "%s.so", refusals[_i].word);
    struct fixture_path path = fixture_install(refusals[_i].plugin, place.added.text, name);
    assert_not_opened(&place, refusals[_i].word, PLEXCTL_FAILED, refusals[_i].reason);
    assert_not_opened(&place, refusals[_i].word, PLEXCTL_FAILED, path.text);
    assert_not_opened(&place, refusals[_i].word, PLEXCTL_FAILED, "; fix: ");
}
END_TEST

START_TEST(loader_open_of_untrusted_file_is_refused)
{
    struct place place = new_place();
    struct fixture_path path = fixture_install("hello", place.added.text, "hello.so");
    struct fixture_path link = fixture_at(place.added.text, "link.so");

    ck_assert_int_eq(chmod(path.text, 0664), 0);
    assert_not_opened(&place, "hello", PLEXCTL_FAILED, "can be written by others (mode 0664)");
    ck_assert_int_eq(chmod(path.text, 0644), 0);
    ck_assert_int_eq(symlink("hello.so", link.text), 0);
    assert_not_opened(&place, "link", PLEXCTL_FAILED, "is a symbolic link");
    (void)fixture_make_directory(place.added.text, "folder.so", 0755);
    assert_not_opened(&place, "folder", PLEXCTL_FAILED, "is a directory");
    ck_assert_int_eq(mkfifo(fixture_at(place.added.text, "pipe.so").text, 0600), 0);
    assert_not_opened(&place, "pipe", PLEXCTL_FAILED, "is a pipe");
    (void)fixture_write(place.added.text, "script.so", "#!/bin/sh\n", 10);
    assert_not_opened(&place, "script", PLEXCTL_FAILED, "too few for an ELF file");
    assert_opened(&place, "hello", path.text, false);
}
END_TEST

START_TEST(loader_open_of_cut_file_is_refused)
{
    const struct fixture_plugin *whole = fixture_plugin("hello");
    struct place place = new_place();

    for (size_t eighth = 0; eighth < 8; eighth++) {
        (void)fixture_write(place.added.text, "hello.so", whole->bytes, whole->size * eighth / 8);
        assert_not_opened(&place, "hello", PLEXCTL_FAILED, "hello.so: ");
    }
    (void)fixture_write(place.added.text, "hello.so", whole->bytes, whole->size - 1);
    assert_not_opened(&place, "hello", PLEXCTL_FAILED, "cut short");
}
END_TEST

static bool take_mark(const struct fixture_path *mark)
{
    return unlink(mark->text) == 0;
}

static bool ignore_entry(void *context, const struct plugin_entry *entry)
{
    (void)entry;
    ++*(int *)context;
    return true;
}

START_TEST(loader_open_of_refused_plugin_runs_no_constructor)
{
    static const char wrong[] = "\2\0\0\0\0\0\0\0constructor";
    static const char right[] = "\1\0\0\0\0\0\0\0constructor";
    struct place place = new_place();
    struct fixture_path mark = fixture_at(place.home.text, "mark");
    struct fixture_path path = fixture_install("constructor", place.added.text, "constructor.so");
    struct error err = ERROR_INIT;
    int count = 0;

    ck_assert_int_eq(setenv("PLEXCTL_TEST_MARK", mark.text, 1), 0);
    assert_not_opened(&place, "constructor", PLEXCTL_FAILED, "built for plugin ABI 2.0");
    ck_assert(!take_mark(&mark));

    ck_assert_int_eq(unlink(path.text), 0);
    (void)fixture_install_patched("constructor", place.added.text, "constructor.so", wrong, right, sizeof wrong);
    ck_assert_int_eq(chmod(path.text, 0666), 0);
    assert_not_opened(&place, "constructor", PLEXCTL_FAILED, "can be written by others");
    ck_assert_int_eq(chmod(path.text, 0644), 0);
    struct loader *loader = new_loader(&place, false);
    ck_assert_int_eq(loader_each(loader, ignore_entry, &count, &err), PLEXCTL_OK);
    loader_free(loader);
    ck_assert_int_eq(count, 1);
    ck_assert(!take_mark(&mark));

    /* The control: where nothing is wrong, it does run. */
    assert_opened(&place, "constructor", path.text, false);
    ck_assert(take_mark(&mark));
}
END_TEST

START_TEST(loader_open_of_file_swapped_under_way_is_refused)
{
    struct place place = new_place();
    struct fixture_path path = fixture_install("swapper", place.added.text, "swapper.so");
    struct fixture_path other = fixture_install("swapper", place.home.text, "other");

    ck_assert_int_eq(setenv("PLEXCTL_TEST_SWAP", other.text, 1), 0);
    ck_assert_int_eq(setenv("PLEXCTL_TEST_SWAPPED", path.text, 1), 0);
    assert_not_opened(&place, "swapper", PLEXCTL_FAILED, "swapper.so: it was changed while it was being loaded");
    ck_assert_int_eq(access(other.text, F_OK), -1);
    ck_assert_int_eq(unsetenv("PLEXCTL_TEST_SWAP"), 0);
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

struct listed {
    char lines[2048];
    int left;
};

static bool list_entry(void *context, const struct plugin_entry *entry)
{
    struct listed *listed = context;
    size_t used = strlen(listed->lines);

    ck_assert_int_eq(entry->note != NULL, entry->word[0] && entry->refusal->status == PLEXCTL_OK);
    ck_assert_int_eq(entry->refusal->status != PLEXCTL_OK, entry->refusal->text[0] != '\0');
    (void)snprintf(listed->lines + used, sizeof listed->lines - used, "%s%s%s%s ", entry->is_built_in ? "*" : "",
                   entry->word[0] ? entry->word : strrchr(entry->path, '/'), entry->note ? "" : "!",
                   entry->shadowed_by ? "^" : "");
    if (entry->shadowed_by)
        ck_assert_str_ne(entry->shadowed_by, entry->path);
    return --listed->left != 0;
}

static void assert_listed(const struct place *place, int limit, const char *expected)
{
    struct listed listed = {.left = limit};
    struct error err = ERROR_INIT;
    struct loader *loader = new_loader(place, false);

    ck_assert_int_eq(loader_each(loader, list_entry, &listed, &err), PLEXCTL_OK);
    loader_free(loader);
    ck_assert_str_eq(listed.lines, expected);
}

START_TEST(loader_each_visits_in_search_order)
{
    struct place place = new_place();
    struct fixture_path home = make_home_plugins(&place);

    assert_listed(&place, -1, "");
    (void)fixture_install("placeholder", place.built_in.text, "placeholder.so");
    (void)fixture_install("hello", place.built_in.text, "hello.so");
    (void)fixture_write(place.built_in.text, "README", "text", 4);
    (void)fixture_install("constructor", place.added.text, "constructor.so");
    (void)fixture_install("hello", place.added.text, "hello.so");
    (void)fixture_install("sleeper", home.text, "sleeper.so");
    (void)fixture_install("constructor", home.text, "constructor.so");
    assert_listed(&place, -1, "*hello *placeholder constructor! hello^ constructor!^ sleeper ");
    assert_listed(&place, 3, "*hello *placeholder constructor! ");
}
END_TEST

START_TEST(loader_each_shows_untrusted_directory_once)
{
    struct place place = new_place();
    struct fixture_path home = make_home_plugins(&place);

    (void)fixture_install("hello", place.added.text, "hello.so");
    (void)fixture_install("hello", home.text, "hello.so");
    (void)fixture_install("sleeper", home.text, "sleeper.so");
    ck_assert_int_eq(chmod(place.added.text, 0777), 0);
    assert_listed(&place, -1, "/added! hello^ sleeper ");
    ck_assert_int_eq(chmod(place.added.text, 0311), 0);
    assert_listed(&place, -1, "/added! hello^ sleeper ");
    ck_assert_int_eq(chmod(place.added.text, 0755), 0);
}
END_TEST

/* The http module */

static const char stub_version[] = "VERSION-OF-THE-STUB-WHICH-IS-OVERWRITTEN-WITH-ANOTHER-AS-LONG";

static void install_http(const struct place *place, const char *version)
{
    char text[sizeof stub_version] = "";

    (void)snprintf(text, sizeof text, "%s", version);
    (void)fixture_install_patched("http_stub", place->library.text, "plexctl-http.so", stub_version, text,
                                  sizeof stub_version);
}

static void assert_no_http(const struct place *place, const char *reason)
{
    const struct http_module *module = NULL;
    struct error err = ERROR_INIT;
    struct loader *loader = new_loader(place, false);

    ck_assert_int_eq(loader_http(loader, &module, &err), PLEXCTL_FAILED);
    ck_assert_ptr_null(module);
    ck_assert_msg(strstr(err.text, reason) != NULL, "\"%s\" is not in \"%s\"", reason, err.text);
    ck_assert_ptr_nonnull(strstr(err.text, "fix: "));
    loader_free(loader);
}

START_TEST(loader_http_of_same_version_is_opened_once)
{
    const struct http_module *first = NULL;
    const struct http_module *second = NULL;
    struct error err = ERROR_INIT;
    struct place place = new_place();

    install_http(&place, PACKAGE_VERSION);
    struct loader *loader = new_loader(&place, false);
    ck_assert_msg(loader_http(loader, &first, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_str_eq(first->version, PACKAGE_VERSION);
    ck_assert_int_eq(unlink(fixture_at(place.library.text, "plexctl-http.so").text), 0);
    ck_assert_int_eq(loader_http(loader, &second, &err), PLEXCTL_OK);
    ck_assert_ptr_eq(first, second);
    loader_free(loader);
}
END_TEST

START_TEST(loader_http_of_unfit_module_is_refused)
{
    struct place place = new_place();
    struct fixture_path path = fixture_at(place.library.text, "plexctl-http.so");

    assert_no_http(&place, "plexctl-http.so: No such file or directory; fix: install plexctl again");
    install_http(&place, "9.9.9");
    assert_no_http(&place, "plexctl-http.so: belongs to plexctl 9.9.9; wanted is " PACKAGE_VERSION);
    ck_assert_int_eq(chmod(path.text, 0666), 0);
    assert_no_http(&place, "can be written by others");
    (void)fixture_install("hello", place.library.text, "plexctl-http.so");
    assert_no_http(&place, "of an unknown version");
}
END_TEST

START_TEST(loader_new_finds_its_own_place)
{
    struct loader *loader = NULL;
    struct loaded_plugin plugin = {0};
    struct error err = ERROR_INIT;

    (void)unsetenv("PLEXCTL_PLUGIN_PATH");
    (void)unsetenv("HOME");
    ck_assert_int_eq(loader_new(&loader, &err), PLEXCTL_OK);
    ck_assert_int_eq(loader_open(loader, "no-such-plugin", &plugin, &err), PLEXCTL_NOT_FOUND);
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
    tcase_add_loop_test(cases, loader_open_of_faulty_plugin_is_refused, 0, (int)(sizeof refusals / sizeof refusals[0]));
    tcase_add_test(cases, loader_open_of_untrusted_file_is_refused);
    tcase_add_test(cases, loader_open_of_cut_file_is_refused);
    tcase_add_test(cases, loader_open_of_refused_plugin_runs_no_constructor);
    tcase_add_test(cases, loader_open_of_file_swapped_under_way_is_refused);
    tcase_add_test(cases, loader_open_of_grabber_leaves_the_decision_to_others);
    tcase_add_test(cases, loader_open_of_odd_but_sound_plugins_succeeds);
    tcase_add_test(cases, loader_open_in_another_directory_gives_the_other_object);
    tcase_add_test(cases, loader_each_visits_in_search_order);
    tcase_add_test(cases, loader_each_shows_untrusted_directory_once);
    tcase_add_test(cases, loader_http_of_same_version_is_opened_once);
    tcase_add_test(cases, loader_http_of_unfit_module_is_refused);
    tcase_add_test(cases, loader_new_finds_its_own_place);
    tcase_add_test(cases, loader_open_works_in_undumpable_process);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return fixture_read_plugins() ? unit_run(loader_suite()) : EXIT_FAILURE;
}
