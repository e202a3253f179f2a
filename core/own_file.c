/* SPDX-License-Identifier: Apache-2.0 */
#include "own_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "config_target.h"
#include "state_store.h"

/* Where a file lies, or would be made, its links followed. */
struct place {
    struct config_target target;
    struct stat directory;
    bool is_known;
};

#define PLACE_INIT \
    { \
        .target = CONFIG_TARGET_INIT \
    }
#define auto_place __attribute__((cleanup(place_release)))

static void place_release(struct place *place)
{
    config_target_release(&place->target);
}

/* NO_MEMORY or OK: what leads nowhere is not known. */
static plexctl_status place_find(const char *path, struct place *place, struct error *err)
{
    auto_free char *absolute = NULL;

    if (asprintf(&absolute, "%s%s", path[0] == '/' ? "" : "./", path) < 0) {
        absolute = NULL;
        return error_no_memory(err);
    }
    plexctl_status status = config_target_find(absolute, NULL, &place->target, err);
    if (status == PLEXCTL_NO_MEMORY)
        return status;
    error_clear(err);
    if (status != PLEXCTL_OK)
        return PLEXCTL_OK;
    auto_free char *directory = config_target_directory(&place->target);
    if (!directory)
        return error_no_memory(err);
    place->is_known = stat(directory, &place->directory) == 0;
    return PLEXCTL_OK;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool is_at(const struct stat *found, const char *path)
{
    struct stat other;

    return stat(path, &other) == 0 && is_same(found, &other);
}

/* The config file, also by another link to it, or the lock that lies beside it. */
static bool is_config(const struct place *place, const struct stat *found, const struct place *config)
{
    if (found && is_at(found, config->target.path))
        return true;
    if (!place->is_known || !config->is_known || !is_same(&place->directory, &config->directory))
        return false;
    const char *name = place->target.name;
    size_t len = strlen(config->target.name);
    return strncmp(name, config->target.name, len) == 0 && (!name[len] || strcmp(name + len, ".lock") == 0);
}

/* By its place, whatever is there; by another link to it, where the directory may be listed. */
static bool is_state(const struct place *place, const struct stat *found, const char *directory)
{
    auto_dir DIR *dir = found ? opendir(directory) : NULL;
    struct stat other;

    if (place->is_known && is_at(&place->directory, directory))
        return true;
    for (const struct dirent *entry = dir ? readdir(dir) : NULL; entry; entry = readdir(dir)) {
        if (fstatat(dirfd(dir), entry->d_name, &other, 0) == 0 && S_ISREG(other.st_mode) && is_same(found, &other))
            return true;
    }
    return false;
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
    auto_free char *config_path = NULL;
    auto_free char *state = NULL;
    auto_place struct place config = PLACE_INIT;
    auto_place struct place place = PLACE_INIT;
    struct stat there, *found = stat(path, &there) == 0 && S_ISREG(there.st_mode) ? &there : NULL;
    plexctl_status status = find(config_file_path, &config_path, err);

    if (status == PLEXCTL_OK)
        status = find(state_store_directory, &state, err);
    if (status == PLEXCTL_OK && config_path)
        status = place_find(config_path, &config, err);
    if (status == PLEXCTL_OK)
        status = place_find(path, &place, err);
    if (status != PLEXCTL_OK)
        return status;
    bool is_own =
        (config.target.path && is_config(&place, found, &config)) || (state && is_state(&place, found, state));
    return is_own ? error_set(err, PLEXCTL_USAGE, "plexctl keeps data of its own in this file; name another one")
                  : PLEXCTL_OK;
}
