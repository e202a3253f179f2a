/* SPDX-License-Identifier: Apache-2.0
 *
 * config_target - the file that a save replaces: found behind the config path's symlinks, locked, replaced. Also one of
 * the state directory's.
 *
 *     auto_config_target struct config_target target = CONFIG_TARGET_INIT;
 *     config_target_lock(path, cancel_fd, &target, err)   from here until release one process at a time
 *     config_target_read(&target, &file, err)
 *     config_target_replace(&target, &text, err)
 *
 * The lock is a side file beside the target, NAME.lock, which stays. Failures carry the status of base/file, begin with
 * "cannot save to PATH" and end in advice; those of config_target_read may be config_file_read's as they are.
 */
#ifndef CORE_CONFIG_TARGET_H
#define CORE_CONFIG_TARGET_H

#include "config_file.h"

struct config_target {
    char *path;       /* the config path, or what its symlinks lead to */
    const char *name; /* the last component of path */
    int dir_fd, lock_fd;
};

#define CONFIG_TARGET_INIT \
    { \
        .dir_fd = -1, .lock_fd = -1 \
    }
#define auto_config_target __attribute__((cleanup(config_target_release)))

/* In this order:
 *
 * - follows the symlinks, also to a target that does not exist yet;
 *
 * - refuses what is there and no regular file: PLEXCTL_USAGE by the name `path`, which may be a link to it;
 *
 * - as root, refuses a directory that is not root's: PLEXCTL_USAGE with the owner (sudo with a kept HOME);
 *
 * - makes missing directories (0700);
 *
 * - refuses a directory that is marked as unchangeable: PLEXCTL_USAGE with the command that takes the mark away;
 *
 * - takes the lock, for which it waits CREDENTIAL_STORE_LOCK_WAIT_MS at most, or until `cancel_fd` is readable;
 *
 * - removes temporary files that killed processes left.
 *
 * The caller releases it. */
plexctl_status config_target_lock(const char *path, int cancel_fd, struct config_target *ret_target, struct error *err);

/* The same with a wait of `wait_ms`, which nothing cuts short: PLEXCTL_UNREACHABLE where another process has the lock.
 */
plexctl_status config_target_try_lock(const char *path, int wait_ms, struct config_target *ret_target,
                                      struct error *err);

/* The target as config_target_lock would find it, and its directory, opened where it can be (else dir_fd stays -1).
 * Makes, locks and removes nothing. Each symlink that was followed is appended to `links` as " -> WORD". The caller
 * releases it. */
plexctl_status config_target_find(const char *path, struct buf *links, struct config_target *ret_target,
                                  struct error *err);

/* The path of the directory; NULL out of memory. The caller frees it. */
char *config_target_directory(const struct config_target *target);

/* PLEXCTL_USAGE where `directory`, that of the target, is none to save in. Before it is opened (dir_fd -1): root's, the
 * nearest that exists, being another user's. Afterwards: being marked immutable or append-only (chattr(1)). */
plexctl_status config_target_judge_directory(const struct config_target *target, const char *directory,
                                             struct error *err);

/* PLEXCTL_USAGE where the file is one that no rename can replace. */
plexctl_status config_target_judge(const struct config_target *target, struct error *err);

/* config_file_read of the target; PLEXCTL_USAGE also where the file is one that no rename can replace. */
plexctl_status config_target_read(const struct config_target *target, struct config_file *file, struct error *err);

/* Durable on PLEXCTL_OK; for a failure see file_commit. */
plexctl_status config_target_replace(const struct config_target *target, const struct buf *text, struct error *err);

/* All of a replacement by a file of `size` bytes (file_rehearse), but that the config file stays as it is. */
plexctl_status config_target_rehearse(const struct config_target *target, size_t size, struct error *err);

/* Lets go of the lock. */
void config_target_release(struct config_target *target);

#endif
