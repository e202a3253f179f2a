/* SPDX-License-Identifier: Apache-2.0
 *
 * file - reading and writing whole files, and making directories, by descriptor. With file_replacement the only place
 * that writes files.
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

/* Removes it; one that is not there is no failure. */
plexctl_status file_remove(int dir_fd, const char *name, struct error *err);

/* Opens `path` to append lines to: a file of our own, made with 0600 if missing, a FIFO of ours with a reader, a
 * device. A write to a FIFO does not wait. Symbolic links are followed where they are ours or root's; in a directory
 * like /tmp another user cannot lead us to a file that way. The caller closes *ret_fd. */
plexctl_status file_open_log(const char *path, int *ret_fd, struct error *err);

/* Writes all `count` bytes by one write(2), without waiting for a reader; PLEXCTL_FAILED where that cannot be, or took
 * only a part. */
plexctl_status file_write_once(int fd, const void *bytes, size_t count, struct error *err);

/* True if the entry `name` of `dir_fd`, itself where it is a link, is marked immutable or append-only (chattr(1)): what
 * is so marked, or lies in a directory that is, can be neither replaced nor removed. */
bool file_is_marked(int dir_fd, const char *name);

#endif
