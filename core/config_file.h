/* SPDX-License-Identifier: Apache-2.0
 *
 * config_file - where the config file is, and reading it: one descriptor is opened, judged and read whole. Files of the
 * state directory are read so as well.
 *
 * It must be a regular file, ours, not writable by others, not empty, at most CREDENTIAL_STORE_MAX_BYTES: anything else
 * is PLEXCTL_USAGE with the command that mends it. What its text means is config_document's matter.
 */
#ifndef CORE_CONFIG_FILE_H
#define CORE_CONFIG_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "credential_store.h"

struct config_file {
    const char *path; /* for messages; borrowed */
    bool exists;
    bool readable_by_others;
    struct buf text; /* empty where the file does not exist */
};

#define CONFIG_FILE_INIT(file_path) \
    { \
        .path = (file_path), .text = BUF_INIT(CREDENTIAL_STORE_MAX_BYTES) \
    }
#define auto_config_file __attribute__((cleanup(config_file_release)))

/* $XDG_CONFIG_HOME/plexctl/config.json, else $HOME/.config/plexctl/config.json; PLEXCTL_USAGE where neither variable
 * holds an absolute path. The caller frees it. */
plexctl_status config_file_path(char **ret_path, struct error *err);

/* Opens `name` in `dir_fd` (AT_FDCWD for a path), judges and reads it. A missing file is no failure. */
plexctl_status config_file_read(struct config_file *file, int dir_fd, const char *name, struct error *err);

/* PLEXCTL_USAGE, with the command that mends it, where what `path` is or leads to has a mode of no regular file. */
plexctl_status config_file_judge_kind(const char *path, mode_t mode, struct error *err);

/* Wipes the text. */
void config_file_release(struct config_file *file);

#endif
