/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/cleanup.h"
#include "base/secret.h"

#define READ_CHUNK_BYTES 32768
#define INTERRUPTIONS_MAX 1000 /* in a row: a call that never gets anywhere ends as the error it is */
#define STAGE_ATTEMPTS 16
#define RANDOM_LETTERS 10
#define STAGE_SUFFIX ".tmp"
#define STAGE_TARGET_MAX (255 - RANDOM_LETTERS - 6) /* of the target's name, in ".name.letters.tmp" */
#define PRIVATE_FILE 0600
#define PRIVATE_DIRECTORY 0700
#define PUBLIC_FILE 0644 /* not for a group to write, whatever the umask: plexctl runs nothing from there then */
#define PUBLIC_DIRECTORY 0755
#define PERMISSIONS 0777

static const char stage_letters[] = "abcdefghijklmnopqrstuvwxyz234567";

plexctl_status file_open_standard(struct error *err)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        /* The wrong direction, so that using the stream still fails as it would have while it was closed. */
        int opened = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        if (opened < 0)
            return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot open /dev/null");
        if (opened != fd) {
            (void)close(opened);
            return error_set(err, PLEXCTL_FAILED, "cannot open /dev/null as descriptor %d", fd);
        }
    }
    return PLEXCTL_OK;
}

/* Waits for input without losing a signal that comes just before the wait. */
static plexctl_status wait_for_input(int fd, int cancel_fd, struct error *err)
{
    struct pollfd waits[] = {{.fd = fd, .events = POLLIN}, {.fd = cancel_fd, .events = POLLIN}};

    while (poll(waits, 2, -1) < 0) {
        if (errno != EINTR)
            return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot wait for input");
    }
    return waits[1].revents ? error_set(err, PLEXCTL_CANCELLED, "cancelled") : PLEXCTL_OK;
}

plexctl_status file_read_all(int fd, struct buf *out, struct error *err)
{
    return file_read_stream(fd, -1, out, err);
}

plexctl_status file_read_stream(int fd, int cancel_fd, struct buf *out, struct error *err)
{
    char chunk[READ_CHUNK_BYTES];
    unsigned interruptions = 0;
    size_t used = 0;
    plexctl_status status = PLEXCTL_OK;

    while (status == PLEXCTL_OK) {
        if (cancel_fd >= 0)
            status = wait_for_input(fd, cancel_fd, err);
        if (status != PLEXCTL_OK)
            break;
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got == 0)
            break;
        if (got > 0) {
            interruptions = 0;
            used = (size_t)got > used ? (size_t)got : used;
            buf_append(out, chunk, (size_t)got);
            status = buf_check(out, "the content", err);
        } else if (errno != EINTR || ++interruptions > INTERRUPTIONS_MAX) {
            status = error_set_errno(err, PLEXCTL_FAILED, errno, "cannot read");
        }
    }
    secret_wipe(chunk, used);
    return status;
}

plexctl_status file_write_all(int fd, const void *bytes, size_t count, struct error *err)
{
    const char *rest = bytes;
    unsigned interruptions = 0;

    while (count > 0) {
        ssize_t written = write(fd, rest, count);
        if (written > 0) {
            interruptions = 0;
            rest += written;
            count -= (size_t)written;
        } else if (written == 0) {
            return error_set(err, PLEXCTL_FAILED, "cannot write: nothing was taken");
        } else if (errno != EINTR || ++interruptions > INTERRUPTIONS_MAX) {
            return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot write");
        }
    }
    return PLEXCTL_OK;
}

/* A directory that may be entered but not read cannot be synced, nor one whose file system keeps nothing (EINVAL); its
 * new entry then waits for the kernel's own time. */
static plexctl_status sync_directory(int dir_fd, const char *path, struct error *err)
{
    auto_fd int readable_fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (readable_fd < 0 && errno == EACCES)
        return PLEXCTL_OK;
    if (readable_fd >= 0 && (fsync(readable_fd) == 0 || errno == EINVAL))
        return PLEXCTL_OK;
    return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot sync the directory above %s", path);
}

/* EEXIST is no failure: somebody was faster, or a symbolic link leads nowhere, as the next open will tell. */
static plexctl_status make_directory(int dir_fd, const char *name, const char *path, struct error *err)
{
    struct stat found;
    plexctl_status status;

    if (mkdirat(dir_fd, name, PRIVATE_DIRECTORY) != 0)
        return errno == EEXIST ? PLEXCTL_OK
                               : error_set_errno(err, PLEXCTL_FAILED, errno, "cannot make the directory %s", path);
    if (fstatat(dir_fd, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        status = error_set_errno(err, PLEXCTL_FAILED, errno, "cannot look at the new directory %s", path);
    else if ((found.st_mode & PERMISSIONS) != PRIVATE_DIRECTORY &&
             fchmodat(dir_fd, name, PRIVATE_DIRECTORY, AT_SYMLINK_NOFOLLOW) != 0)
        status = error_set_errno(err, PLEXCTL_FAILED, errno, "cannot give the new directory %s mode 0700", path);
    else
        status = sync_directory(dir_fd, path, err);
    if (status != PLEXCTL_OK) /* or the next try would take it for one that the disk has */
        (void)unlinkat(dir_fd, name, AT_REMOVEDIR);
    return status;
}

/* True if a process like this one may have made it, and been killed, or not yet come to sync it. */
static bool may_be_unsynced(int dir_fd)
{
    const mode_t others = PERMISSIONS & ~PRIVATE_DIRECTORY;
    struct stat found;

    return fstat(dir_fd, &found) != 0 || (found.st_uid == geteuid() && (found.st_mode & others) == 0);
}

/* Goes from *dir_fd to its entry `name`, made if missing. */
static plexctl_status enter_directory(int *dir_fd, const char *name, const char *path, struct error *err)
{
    const int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    int next = openat(*dir_fd, name, flags);
    plexctl_status status = PLEXCTL_OK;

    if (next >= 0 && may_be_unsynced(next)) {
        status = sync_directory(*dir_fd, path, err);
    } else if (next < 0 && errno == ENOENT) {
        status = make_directory(*dir_fd, name, path, err);
        next = status == PLEXCTL_OK ? openat(*dir_fd, name, flags) : -1;
    }
    if (status == PLEXCTL_OK && next < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot open the directory %s", path);
    if (next >= 0) {
        (void)close(*dir_fd);
        *dir_fd = next;
    }
    return status;
}

plexctl_status file_make_directories(const char *path, struct error *err)
{
    auto_fd int dir_fd = open(path[0] == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    plexctl_status status = PLEXCTL_OK;

    if (dir_fd < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot open the directory above %s", path);
    auto_free char *copy = strdup(path);
    if (!copy)
        return error_no_memory(err);
    for (char *name = copy + strspn(copy, "/"); *name != '\0' && status == PLEXCTL_OK;) {
        char *end = name + strcspn(name, "/");
        char *next = end + strspn(end, "/");
        char separator = *end;
        *end = '\0';
        status = enter_directory(&dir_fd, name, copy, err);
        *end = separator;
        name = next;
    }
    return status;
}

plexctl_status file_create_directory(const char *path, int *ret_dir_fd, struct error *err)
{
    if (mkdir(path, PUBLIC_DIRECTORY) != 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot make the directory %s", path);
    int dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir_fd < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot open the directory %s", path);
    *ret_dir_fd = dir_fd;
    return PLEXCTL_OK;
}

plexctl_status file_create(int dir_fd, const char *name, const struct buf *content, struct error *err)
{
    auto_fd int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)PUBLIC_FILE);

    if (fd < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot make the file %s", name);
    plexctl_status status = file_write_all(fd, buf_text(content), content->len, err);
    if (status != PLEXCTL_OK)
        return error_prefix(err, "%s", name);
    if (close(take_fd(&fd)) != 0 && errno != EINTR)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot close %s", name);
    return PLEXCTL_OK;
}

bool file_is_marked(int dir_fd, const char *name)
{
    struct statx found;

    return statx(dir_fd, name, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &found) == 0 &&
           (found.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0;
}

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

void file_remove_stale(int dir_fd, const char *name)
{
    auto_fd int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    auto_dir DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

    if (!dir)
        return;
    (void)take_fd(&fd);
    for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        if (file_is_staged_name(entry->d_name, name))
            (void)unlinkat(dir_fd, entry->d_name, 0);
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

void file_abandon(struct file_replacement *staged)
{
    if (staged->fd >= 0)
        (void)close(staged->fd);
    if (staged->name[0] != '\0')
        (void)unlinkat(staged->dir_fd, staged->name, 0);
    *staged = (struct file_replacement)FILE_REPLACEMENT_INIT;
}
