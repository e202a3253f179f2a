/* SPDX-License-Identifier: Apache-2.0
 *
 * loader_fixture - places to look for plugins in, and one call each for what the loader's tests do again and again,
 * with a loader of its own as a new process would have.
 */
#ifndef TESTS_LOADER_FIXTURE_H
#define TESTS_LOADER_FIXTURE_H

#include "loader.h"
#include "plugin_fixture.h"

/* A library directory with an empty "plugins", and a directory for PLEXCTL_PLUGIN_PATH. */
struct place {
    struct fixture_path library, built_in, added, home;
};

static inline struct place new_place(void)
{
    struct place place;

    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    place.library = fixture_make_directory(root.text, "lib", 0755);
    place.built_in = fixture_make_directory(place.library.text, "commands", 0755);
    place.added = fixture_make_directory(root.text, "added", 0755);
    place.home = fixture_make_directory(root.text, "home", 0755);
    return place;
}

static inline struct loader *new_loader(const struct place *place, bool is_secure)
{
    struct loader *loader = NULL;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(setenv("PLEXCTL_PLUGIN_PATH", place->added.text, 1), 0);
    ck_assert_int_eq(setenv("HOME", place->home.text, 1), 0);
    ck_assert_msg(loader_new_at(place->library.text, is_secure, &loader, &err) == PLEXCTL_OK, "%s", err.text);
    return loader;
}

static inline struct fixture_path make_home_plugins(const struct place *place)
{
    struct fixture_path path = fixture_make_directory(place->home.text, ".local", 0755);

    path = fixture_make_directory(path.text, "lib", 0755);
    path = fixture_make_directory(path.text, "plexctl", 0755);
    return fixture_make_directory(path.text, "plugins", 0755);
}

/* An http module that says it is of that version. */
static inline void install_http(const struct place *place, const char *version)
{
    static const char stub_version[] = "VERSION-OF-THE-STUB-WHICH-IS-OVERWRITTEN-WITH-ANOTHER-AS-LONG";
    char text[sizeof stub_version] = "";

    (void)snprintf(text, sizeof text, "%s", version);
    (void)fixture_install_patched("http_stub", place->library.text, "plexctl-http.so", stub_version, text,
                                  sizeof stub_version);
}

static inline plexctl_status open_word(const struct place *place, const char *word, struct loaded_plugin *plugin,
                                       struct error *err)
{
    struct loader *loader = new_loader(place, false);
    plexctl_status status = loader_open(loader, word, plugin, err);

    loader_free(loader);
    return status;
}

static inline void assert_opened(const struct place *place, const char *word, const char *path, bool is_built_in)
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

static inline void assert_not_opened(const struct place *place, const char *word, plexctl_status expected,
                                     const char *reason)
{
    struct loaded_plugin plugin = {0};
    struct error err = ERROR_INIT;

    ck_assert_msg(open_word(place, word, &plugin, &err) == expected, "%s", err.text);
    ck_assert_msg(strstr(err.text, reason) != NULL, "\"%s\" is not in \"%s\"", reason, err.text);
    ck_assert_ptr_null(plugin.plugin);
    ck_assert_ptr_null(plugin.path);
}

#endif
