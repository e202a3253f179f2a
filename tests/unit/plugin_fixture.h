/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin_fixture - directories and plugin files to judge, below the scratch directory. The plugins themselves are built
 * from tests/plugins; PLEXCTL_TEST_PLUGINS names the directory they are in. They are read once, before a test gives up
 * root, since an ordinary user may not be able to reach that directory.
 */
#ifndef TESTS_PLUGIN_FIXTURE_H
#define TESTS_PLUGIN_FIXTURE_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#define FIXTURE_PLUGIN_MAX_BYTES ((size_t)1024 * 1024)
#define FIXTURE_USER 65534
#define FIXTURE_OTHER_USER 12345

struct fixture_path {
    char text[512];
};

static inline struct fixture_path fixture_at(const char *directory, const char *name)
{
    struct fixture_path path;
    int length = snprintf(path.text, sizeof path.text, "%s/%s", directory, name);
    ck_assert(length > 0 && (size_t)length < sizeof path.text);
    return path;
}

/* A new directory of mode 0700. */
static inline struct fixture_path fixture_new_directory(void)
{
    struct fixture_path path = fixture_at(unit_scratch(), "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(path.text));
    return path;
}

static inline struct fixture_path fixture_make_directory(const char *directory, const char *name, mode_t mode)
{
    struct fixture_path path = fixture_at(directory, name);
    ck_assert_int_eq(mkdir(path.text, 0700), 0);
    ck_assert_int_eq(chmod(path.text, mode), 0);
    return path;
}

static inline struct fixture_path fixture_write(const char *directory, const char *name, const void *bytes, size_t size)
{
    struct fixture_path path = fixture_at(directory, name);
    /* A new file each time: an older one may be loaded, and cutting it would pull the ground from under it. */
    (void)unlink(path.text);
    int fd = open(path.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    ck_assert_int_eq(fchmod(fd, 0644), 0);
    ck_assert_int_eq(close(fd), 0);
    return path;
}

/* Plugins */

struct fixture_plugin {
    const char *name;
    char *bytes;
    size_t size;
};

static struct fixture_plugin fixture_plugins[] = {
    {"hello", NULL, 0},           {"constructor", NULL, 0}, {"lying_note", NULL, 0},      {"small_record", NULL, 0},
    {"no_symbol", NULL, 0},       {"minor_ahead", NULL, 0}, {"placeholder", NULL, 0},     {"odd_status", NULL, 0},
    {"sleeper", NULL, 0},         {"echo_args", NULL, 0},   {"missing_library", NULL, 0}, {"subcommands", NULL, 0},
    {"clashing_flag", NULL, 0},   {"grabber", NULL, 0},     {"swapper", NULL, 0},         {"http_stub", NULL, 0},
    {"needs_libraries", NULL, 0},
};

/* Called by main. */
static inline bool fixture_read_plugins(void)
{
    const char *directory = getenv("PLEXCTL_TEST_PLUGINS");

    for (size_t i = 0; i < sizeof fixture_plugins / sizeof fixture_plugins[0]; i++) {
        struct fixture_plugin *plugin = &fixture_plugins[i];
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s.so", directory ? directory : ".", plugin->name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        plugin->bytes = malloc(FIXTURE_PLUGIN_MAX_BYTES);
        ssize_t size = fd >= 0 && plugin->bytes ? read(fd, plugin->bytes, FIXTURE_PLUGIN_MAX_BYTES) : -1;
        if (size <= 0 || size == (ssize_t)FIXTURE_PLUGIN_MAX_BYTES) {
            (void)fprintf(stderr, "cannot read %s; set PLEXCTL_TEST_PLUGINS\n", path);
            return false;
        }
        plugin->size = (size_t)size;
        (void)close(fd);
    }
    return true;
}

static inline const struct fixture_plugin *fixture_plugin(const char *name)
{
    for (size_t i = 0; i < sizeof fixture_plugins / sizeof fixture_plugins[0]; i++) {
        if (strcmp(fixture_plugins[i].name, name) == 0)
            return &fixture_plugins[i];
    }
    ck_abort_msg("no plugin %s", name);
    return NULL;
}

/* Puts a copy of plugin `name` into `directory` as `file`. */
static inline struct fixture_path fixture_install(const char *name, const char *directory, const char *file)
{
    const struct fixture_plugin *plugin = fixture_plugin(name);
    return fixture_write(directory, file, plugin->bytes, plugin->size);
}

/* The same with each occurrence of `from` overwritten by `to`; both have `size` bytes. */
static inline struct fixture_path fixture_install_patched(const char *name, const char *directory, const char *file,
                                                          const void *from, const void *to, size_t size)
{
    const struct fixture_plugin *plugin = fixture_plugin(name);
    char *bytes = malloc(plugin->size);
    bool is_patched = false;

    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, plugin->bytes, plugin->size);
    for (char *at = bytes; (at = memmem(at, plugin->size - (size_t)(at - bytes), from, size)) != NULL; at += size) {
        memcpy(at, to, size);
        is_patched = true;
    }
    ck_assert(is_patched);
    struct fixture_path path = fixture_write(directory, file, bytes, plugin->size);
    free(bytes);
    return path;
}

/* For a test that needs files of another user's: true when started as root, with the scratch directory handed to the
 * ordinary user that later tests become. Such tests run first, since a process gives up root for good; they act as that
 * user between fixture_act_as_user(true) and (false), and take away themselves what only root can. */
static inline bool fixture_may_chown(void)
{
    if (geteuid() != 0) {
        unit_skip("files of another user: only root can make them");
        return false;
    }
    ck_assert_int_eq(chown(unit_scratch(), FIXTURE_USER, FIXTURE_USER), 0);
    return true;
}

static inline void fixture_act_as_user(bool as_user)
{
    ck_assert_int_eq(seteuid(as_user ? FIXTURE_USER : 0), 0);
    ck_assert_uint_eq(geteuid(), as_user ? FIXTURE_USER : 0);
}

#endif
