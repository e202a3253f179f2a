/* SPDX-License-Identifier: Apache-2.0
 *
 * config_fixture - a config home of its own for each test of the modules that touch the config file.
 */
#ifndef TESTS_CONFIG_FIXTURE_H
#define TESTS_CONFIG_FIXTURE_H

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "unit.h"

struct config_fixture {
    char home[128];      /* $XDG_CONFIG_HOME */
    char directory[160]; /* home/plexctl, not made */
    char path[192];      /* directory/config.json, not made */
};

/* An ordinary user with umask 022 and an empty config home. */
static inline struct config_fixture config_fixture_new(void)
{
    struct config_fixture fixture;

    unit_become_unprivileged();
    (void)umask(022);
    (void)snprintf(fixture.home, sizeof fixture.home, "%s/case.XXXXXX", unit_scratch());
    ck_assert_ptr_nonnull(mkdtemp(fixture.home));
    (void)snprintf(fixture.directory, sizeof fixture.directory, "%s/plexctl", fixture.home);
    (void)snprintf(fixture.path, sizeof fixture.path, "%s/config.json", fixture.directory);
    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", fixture.home, 1), 0);
    return fixture;
}

/* Writes a file with this mode, its directory (0700) made when it is missing. */
static inline void config_fixture_write(const char *path, const void *bytes, size_t size, mode_t mode)
{
    char *directory = strdup(path);

    ck_assert_ptr_nonnull(directory);
    *strrchr(directory, '/') = '\0';
    (void)mkdir(directory, 0700);
    free(directory);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    ck_assert_int_eq(fchmod(fd, mode), 0);
    ck_assert_int_eq(close(fd), 0);
}

static inline void config_fixture_write_text(const char *path, const char *text)
{
    config_fixture_write(path, text, strlen(text), 0600);
}

/* The whole file as a string that the caller frees. */
static inline char *config_fixture_read(const char *path)
{
    struct stat found;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    ck_assert_msg(fd >= 0, "%s is not there", path);
    ck_assert_int_eq(fstat(fd, &found), 0);
    char *text = calloc(1, (size_t)found.st_size + 1);
    ck_assert_ptr_nonnull(text);
    ck_assert_int_eq(read(fd, text, (size_t)found.st_size), found.st_size);
    ck_assert_int_eq(close(fd), 0);
    return text;
}

static inline void config_fixture_assert_text(const char *path, const char *expected)
{
    char *text = config_fixture_read(path);

    ck_assert_str_eq(text, expected);
    free(text);
}

static inline struct stat config_fixture_stat(const char *path)
{
    struct stat found;

    ck_assert_msg(stat(path, &found) == 0, "%s is not there", path);
    return found;
}

/* Fails on any entry of `directory` that is not one of the two names (NULL for none). */
static inline void config_fixture_assert_only(const char *directory, const char *one, const char *other)
{
    DIR *dir = opendir(directory);
    const struct dirent *entry;

    ck_assert_ptr_nonnull(dir);
    while ((entry = readdir(dir)) != NULL) {
        bool known = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
                     (one && strcmp(entry->d_name, one) == 0) || (other && strcmp(entry->d_name, other) == 0);
        ck_assert_msg(known, "left behind: %s", entry->d_name);
    }
    ck_assert_int_eq(closedir(dir), 0);
}

/* A refusal is one line, names the file, and holds `part`. */
static inline void config_fixture_assert_error(const struct error *err, const char *path, const char *part)
{
    ck_assert_msg(strstr(err->text, path) != NULL, "no path in: %s", err->text);
    ck_assert_msg(strstr(err->text, part) != NULL, "no \"%s\" in: %s", part, err->text);
    ck_assert_ptr_null(strchr(err->text, '\n'));
}

#endif
