/* SPDX-License-Identifier: Apache-2.0 */
#include "loader_fixture.h"

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

/* The http module */

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

static Suite *loader_trust_suite(void)
{
    Suite *suite = suite_create("loader_trust");
    TCase *cases = tcase_create("loader_trust");

    tcase_add_loop_test(cases, loader_open_of_faulty_plugin_is_refused, 0, (int)(sizeof refusals / sizeof refusals[0]));
    tcase_add_test(cases, loader_open_of_untrusted_file_is_refused);
    tcase_add_test(cases, loader_open_of_cut_file_is_refused);
    tcase_add_test(cases, loader_open_of_refused_plugin_runs_no_constructor);
    tcase_add_test(cases, loader_open_of_file_swapped_under_way_is_refused);
    tcase_add_test(cases, loader_http_of_same_version_is_opened_once);
    tcase_add_test(cases, loader_http_of_unfit_module_is_refused);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return fixture_read_plugins() ? unit_run(loader_trust_suite()) : EXIT_FAILURE;
}
