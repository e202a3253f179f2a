/* SPDX-License-Identifier: Apache-2.0 */
#include "own_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "config_file.h"
#include "state_store.h"

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool is_at(const struct stat *found, const char *path)
{
    struct stat other;

    return stat(path, &other) == 0 && is_same(found, &other);
}

static bool lies_in(const struct stat *found, const char *directory)
{
    auto_dir DIR *dir = opendir(directory);
    struct stat other;

    for (const struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        if (fstatat(dirfd(dir), entry->d_name, &other, 0) == 0 && S_ISREG(other.st_mode) && is_same(found, &other))
            return true;
    }
    return false;
}

/* A file that is not there yet has its directory and its name. `config` and `state` are NULL where there is none. */
static bool would_be(const char *path, const char *config, const char *state)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    auto_free char *directory = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    auto_free char *config_directory = config ? strndup(config, (size_t)(strrchr(config, '/') - config) + 1) : NULL;
    struct stat found;

    if (!directory || stat(directory, &found) != 0)
        return false;
    if (state && is_at(&found, state))
        return true;
    return config_directory && strcmp(name, strrchr(config, '/') + 1) == 0 && is_at(&found, config_directory);
}

/* NULL where the environment does not say: nothing of the kind is kept then. */
static plexctl_status find(plexctl_status (*say)(char **ret_path, struct error *err), char **ret_path,
                           struct error *err)
{
    plexctl_status status = say(ret_path, err);

    if (status == PLEXCTL_OK || status == PLEXCTL_NO_MEMORY)
        return status;
    *ret_path = NULL;
    error_clear(err);
    return PLEXCTL_OK;
}

plexctl_status own_file_refuse(const char *path, struct error *err)
{
    auto_free char *config = NULL;
    auto_free char *state = NULL;
    struct stat found;
    plexctl_status status = find(config_file_path, &config, err);

    if (status == PLEXCTL_OK)
        status = find(state_store_directory, &state, err);
    if (status != PLEXCTL_OK)
        return status;
    bool is_there = stat(path, &found) == 0;
    bool is_own =
        is_there ? S_ISREG(found.st_mode) && ((config && is_at(&found, config)) || (state && lies_in(&found, state)))
                 : would_be(path, config, state);
    return is_own ? error_set(err, PLEXCTL_USAGE, "plexctl keeps data of its own in this file; name another one")
                  : PLEXCTL_OK;
}
