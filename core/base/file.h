/* SPDX-License-Identifier: Apache-2.0
 *
 * file - reading whole files and replacing them durably, by descriptor. The only place that writes files.
 *
 * It knows nothing of plexctl: every refusal says what was found, and the caller adds what the file was for.
 */
#ifndef CORE_BASE_FILE_H
#define CORE_BASE_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/buf.h"

/* Opens /dev/null on each of 0, 1 and 2 that is closed, so that no file opened later becomes a standard stream. */
plexctl_status file_open_standard(struct error *err);

/* Reads everything of `fd` into `out` (appended). PLEXCTL_FAILED where it is longer than out->max or a read fails. */
plexctl_status file_read_all(int fd, struct buf *out, struct error *err);

/* The same for a terminal or a pipe, which may keep the reader waiting: gives up with PLEXCTL_CANCELLED when
 * `cancel_fd` (-1 for none) becomes readable. */
plexctl_status file_read_stream(int fd, int cancel_fd, struct buf *out, struct error *err);

/* Writes all `count` bytes, through short writes and EINTR. */
plexctl_status file_write_all(int fd, const void *bytes, size_t count, struct error *err);

/* Makes `path` and its missing parents, new ones with mode 0700 whatever the umask. An existing one stays as it is. On
 * PLEXCTL_OK each that is new is on the disk, also where another process has just made it, or was killed over it. */
plexctl_status file_make_directories(const char *path, struct error *err);

/* Makes the directory `path`, for a person to work in: mode 0755 less the umask. Its parent must be there, and nothing
 * of its name (err->number is EEXIST then). The caller closes *ret_dir_fd. */
plexctl_status file_create_directory(const char *path, int *ret_dir_fd, struct error *err);

/* Makes the file `name` there: mode 0644 less the umask, not synced. Nothing of its name may be there. */
plexctl_status file_create(int dir_fd, const char *name, const struct buf *content, struct error *err);

/* True if the entry `name` of `dir_fd`, itself where it is a link, is marked immutable or append-only (chattr(1)): what
 * is so marked, or lies in a directory that is, can be neither replaced nor removed. */
bool file_is_marked(int dir_fd, const char *name);

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

/* Removes a staged file that was not committed; harmless otherwise. */
void file_abandon(struct file_replacement *staged);

/* True if `name` is that of a temporary file that was to replace `target`. */
bool file_is_staged_name(const char *name, const char *target);

/* Removes the temporary files for `name` that killed processes left behind, new ones and old ones, as far as it can. Only for the holder of
 * the lock that all writers of `name` take. */
void file_remove_stale(int dir_fd, const char *name);

#endif
