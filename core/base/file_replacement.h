/* SPDX-License-Identifier: Apache-2.0
 *
 * file_replacement - replacing a whole file durably, by a temporary file beside it that takes its name.
 *
 *     struct file_replacement staged = FILE_REPLACEMENT_INIT;
 *     file_stage(dir_fd, name, bytes, count, &staged, err)   the disk has the new content, under another name
 *     file_commit(&staged, name, err)
 *     file_abandon(&staged)                                  in any case
 *
 * The content may be a secret: what cannot be removed again is emptied, so that nothing of it stays beside the file.
 */
#ifndef CORE_BASE_FILE_REPLACEMENT_H
#define CORE_BASE_FILE_REPLACEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A file that is about to replace `name` in the directory `dir_fd`. */
struct file_replacement {
    int dir_fd;     /* borrowed */
    int fd;         /* -1 when nothing is staged */
    char name[256]; /* of the temporary file, beside its target */
};

#define FILE_REPLACEMENT_INIT \
    { \
        .dir_fd = -1, .fd = -1 \
    }

/* Makes the temporary file (0600 whatever the umask, O_EXCL, unpredictable name), writes `count` bytes, fsyncs it. */
plexctl_status file_stage(int dir_fd, const char *name, const void *bytes, size_t count,
                          struct file_replacement *ret_staged, struct error *err);

/* Puts the staged file in the place of `name` and fsyncs the directory. The old file, the same inode, waits under the
 * temporary name until the disk has confirmed the new one; on failure it is put back, or, where there was none, the new
 * one is removed. Only on a file system that cannot exchange two names, or where putting back fails as well, may a
 * failure leave the new file: then the error says that it was replaced. */
plexctl_status file_commit(struct file_replacement *staged, const char *name, struct error *err);

/* Removes a staged file that was not committed; harmless otherwise. One that cannot be removed is emptied. */
void file_abandon(struct file_replacement *staged);

/* All that replacing `name` takes, with a file that is removed in the end: it is staged with this content, gets another
 * temporary name and is removed, and the directory is fsynced. PLEXCTL_FAILED where any of that is. */
plexctl_status file_rehearse(int dir_fd, const char *name, const void *bytes, size_t count, struct error *err);

/* True if `name` is that of a temporary file that was to replace `target`. */
bool file_is_staged_name(const char *name, const char *target);

/* Removes the temporary files for `name` that killed processes left behind, new ones and old ones; empties those that
 * cannot be removed; as far as it can. Only for the holder of the lock that all writers of `name` take. */
void file_remove_stale(int dir_fd, const char *name);

#endif
