/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file_replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

#define STAGE_ATTEMPTS 16
#define RANDOM_LETTERS 10
#define STAGE_SUFFIX ".tmp"
#define STAGE_TARGET_MAX (255 - RANDOM_LETTERS - 6) /* of the target's name, in ".name.letters.tmp" */
#define PRIVATE_FILE 0600
#define PERMISSIONS 0777

static const char stage_letters[] = "abcdefghijklmnopqrstuvwxyz234567";

static plexctl_status stage_name(char name[static 256], const char *target, struct error *err)
{
    unsigned char random[RANDOM_LETTERS];
    char suffix[RANDOM_LETTERS + 1] = "";

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot get random bytes for a file name");
    for (size_t i = 0; i < sizeof random; i++)
        suffix[i] = stage_letters[random[i] % strlen(stage_letters)];
    (void)snprintf(name, 256, ".%.*s.%s" STAGE_SUFFIX, STAGE_TARGET_MAX, target, suffix);
    return PLEXCTL_OK;
}

bool file_is_staged_name(const char *name, const char *target)
{
    size_t target_len = strnlen(target, STAGE_TARGET_MAX);

    if (name[0] != '.' || strncmp(name + 1, target, target_len) != 0 || name[1 + target_len] != '.')
        return false;
    const char *suffix = name + 1 + target_len + 1;
    return strspn(suffix, stage_letters) == RANDOM_LETTERS && strcmp(suffix + RANDOM_LETTERS, STAGE_SUFFIX) == 0;
}

/* What cannot be removed is emptied, through `fd` or by its name, unless another name leads to it too: it may be the
 * old file, and that name somebody's. 0 or the errno of the removal. */
static int discard(int dir_fd, const char *name, int fd)
{
    struct stat found;

    if (unlinkat(dir_fd, name, 0) == 0)
        return 0;
    int number = errno;
    auto_fd int opened_fd = fd >= 0 ? -1 : openat(dir_fd, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        fd = opened_fd;
    if (fd >= 0 && fstat(fd, &found) == 0 && S_ISREG(found.st_mode) && found.st_nlink == 1 && ftruncate(fd, 0) == 0)
        (void)fsync(fd);
    return number;
}

void file_remove_stale(int dir_fd, const char *name)
{
    auto_fd int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    auto_dir DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

    if (!dir)
        return;
    (void)take_fd(&fd);
    for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        if (file_is_staged_name(entry->d_name, name))
            (void)discard(dir_fd, entry->d_name, -1);
    }
}

static plexctl_status open_staged(struct file_replacement *staged, const char *target, struct error *err)
{
    for (int attempt = 0; attempt < STAGE_ATTEMPTS; attempt++) {
        plexctl_status status = stage_name(staged->name, target, err);
        if (status != PLEXCTL_OK)
            return status;
        staged->fd = openat(staged->dir_fd, staged->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                            (mode_t)PRIVATE_FILE);
        if (staged->fd >= 0)
            return PLEXCTL_OK;
        if (errno != EEXIST && errno != EINTR)
            break;
    }
    return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot make a temporary file beside %s", target);
}

/* Some file systems take a chmod and keep their own mode: what counts is what is found afterwards. */
static plexctl_status make_private(int fd, const char *name, struct error *err)
{
    struct stat found;

    if (fchmod(fd, PRIVATE_FILE) != 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot give %s mode 0600", name);
    if (fstat(fd, &found) != 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot look at %s", name);
    if ((found.st_mode & PERMISSIONS) != PRIVATE_FILE)
        return error_set(err, PLEXCTL_FAILED, "the file system gives %s mode %04o in place of 0600", name,
                         (unsigned)(found.st_mode & PERMISSIONS));
    return PLEXCTL_OK;
}

plexctl_status file_stage(int dir_fd, const char *name, const void *bytes, size_t count,
                          struct file_replacement *ret_staged, struct error *err)
{
    struct file_replacement staged = FILE_REPLACEMENT_INIT;

    staged.dir_fd = dir_fd;
    plexctl_status status = open_staged(&staged, name, err);
    if (status != PLEXCTL_OK)
        return status;
    status = make_private(staged.fd, staged.name, err);
    if (status == PLEXCTL_OK)
        status = file_write_all(staged.fd, bytes, count, err);
    /* Never tried again: after a failed fsync the kernel may count the lost pages as written. */
    if (status == PLEXCTL_OK && fsync(staged.fd) != 0)
        status = error_set_errno(err, PLEXCTL_FAILED, errno, "cannot sync %s", staged.name);
    if (status == PLEXCTL_OK)
        *ret_staged = staged;
    else
        file_abandon(&staged);
    return status;
}

/* How the staged file comes to its name, as flags of renameat2(2). An exchange would take a directory as well. */
static plexctl_status choose_rename(int dir_fd, const char *name, unsigned *ret_flags, struct error *err)
{
    struct stat found;

    if (fstatat(dir_fd, name, &found, AT_SYMLINK_NOFOLLOW) == 0)
        *ret_flags = S_ISDIR(found.st_mode) ? 0 : RENAME_EXCHANGE;
    else if (errno == ENOENT)
        *ret_flags = RENAME_NOREPLACE;
    else
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot look at %s", name);
    return PLEXCTL_OK;
}

/* Where the file system knows no such flags, *flags becomes 0. */
static bool put_in_place(const struct file_replacement *staged, const char *name, unsigned *flags)
{
    const int dir_fd = staged->dir_fd;

    if (*flags != 0 && renameat2(dir_fd, staged->name, dir_fd, name, *flags) == 0)
        return true;
    if (*flags != 0 && errno != EINVAL && errno != ENOSYS)
        return false;
    *flags = 0;
    return renameat(dir_fd, staged->name, dir_fd, name) == 0;
}

/* Without a sync, which the kernel might answer as if the failed one had been done. Both files are whole on the disk;
 * which of them a power cut would leave is its secret in any case. */
static bool take_back(const struct file_replacement *staged, const char *name, unsigned flags)
{
    const int dir_fd = staged->dir_fd;

    if (flags == RENAME_EXCHANGE)
        return renameat2(dir_fd, name, dir_fd, staged->name, flags) == 0;
    return flags == RENAME_NOREPLACE && unlinkat(dir_fd, name, 0) == 0;
}

/* Leaves under the temporary name what is to be removed: the old file, or after a failure the new one. */
static plexctl_status commit(const struct file_replacement *staged, const char *name, struct error *err)
{
    unsigned flags = 0;

    if (choose_rename(staged->dir_fd, name, &flags, err) != PLEXCTL_OK)
        return err->status;
    if (!put_in_place(staged, name, &flags))
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot replace %s", name);
    if (fsync(staged->dir_fd) == 0)
        return PLEXCTL_OK;
    int number = errno;
    if (take_back(staged, name, flags))
        return error_set_errno(err, PLEXCTL_FAILED, number, "%s stays as it was: cannot sync its directory", name);
    return error_set_errno(err, PLEXCTL_FAILED, number,
                           "%s was replaced, but whether that outlives a power cut is unknown: cannot sync its "
                           "directory",
                           name);
}

plexctl_status file_commit(struct file_replacement *staged, const char *name, struct error *err)
{
    plexctl_status status;

    /* Linux lets go of the descriptor in any case, and what it wrote is synced. */
    if (close(take_fd(&staged->fd)) != 0 && errno != EINTR)
        status = error_set_errno(err, PLEXCTL_FAILED, errno, "cannot close %s", staged->name);
    else
        status = commit(staged, name, err);
    file_abandon(staged);
    return status;
}

/* 0 or the errno of the removal. */
static int abandon(struct file_replacement *staged)
{
    int number = staged->name[0] != '\0' ? discard(staged->dir_fd, staged->name, staged->fd) : 0;

    if (staged->fd >= 0)
        (void)close(staged->fd);
    *staged = (struct file_replacement)FILE_REPLACEMENT_INIT;
    return number;
}

void file_abandon(struct file_replacement *staged)
{
    (void)abandon(staged);
}

static plexctl_status rename_staged(struct file_replacement *staged, const char *target, struct error *err)
{
    char name[sizeof staged->name];
    plexctl_status status = stage_name(name, target, err);

    if (status != PLEXCTL_OK)
        return status;
    if (renameat(staged->dir_fd, staged->name, staged->dir_fd, name) != 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot rename %s", staged->name);
    memcpy(staged->name, name, sizeof name);
    return PLEXCTL_OK;
}

plexctl_status file_rehearse(int dir_fd, const char *name, const void *bytes, size_t count, struct error *err)
{
    struct file_replacement staged = FILE_REPLACEMENT_INIT;
    plexctl_status status = file_stage(dir_fd, name, bytes, count, &staged, err);

    if (status == PLEXCTL_OK)
        status = rename_staged(&staged, name, err);
    int number = abandon(&staged);
    if (status == PLEXCTL_OK && number != 0)
        status = error_set_errno(err, PLEXCTL_FAILED, number, "cannot remove a temporary file beside %s", name);
    if (status == PLEXCTL_OK && fsync(dir_fd) != 0)
        status = error_set_errno(err, PLEXCTL_FAILED, errno, "cannot sync the directory of %s", name);
    return status;
}
