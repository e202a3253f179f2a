/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/secret.h"
#include "base/shell_word.h"

#define READ_CHUNK_BYTES 32768
#define INTERRUPTIONS_MAX 1000 /* in a row: a call that never gets anywhere ends as the error it is */
#define PRIVATE_DIRECTORY 0700
#define PRIVATE_FILE 0600
#define PUBLIC_FILE 0644 /* not for a group to write, whatever the umask: plexctl runs nothing from there then */
#define PUBLIC_DIRECTORY 0755
#define PERMISSIONS 0777

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

static plexctl_status fail_at(int number, const char *what, const char *path, struct error *err)
{
    auto_buf struct buf word = BUF_FIXED(SHELL_WORD_SHOWN_BYTES);

    shell_word_show(&word, path);
    return error_set_errno(err, PLEXCTL_FAILED, number, "%s %s", what, buf_text(&word));
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
    return fail_at(errno, "cannot sync the directory above", path, err);
}

/* EEXIST is no failure: somebody was faster, or a symbolic link leads nowhere, as the next open will tell. */
static plexctl_status make_directory(int dir_fd, const char *name, const char *path, struct error *err)
{
    struct stat found;
    plexctl_status status;

    if (mkdirat(dir_fd, name, PRIVATE_DIRECTORY) != 0)
        return errno == EEXIST ? PLEXCTL_OK : fail_at(errno, "cannot make the directory", path, err);
    if (fstatat(dir_fd, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        status = fail_at(errno, "cannot look at the new directory", path, err);
    else if ((found.st_mode & PERMISSIONS) != PRIVATE_DIRECTORY &&
             fchmodat(dir_fd, name, PRIVATE_DIRECTORY, AT_SYMLINK_NOFOLLOW) != 0)
        status = fail_at(errno, "cannot give mode 0700 to the new directory", path, err);
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
        return fail_at(errno, "cannot open the directory", path, err);
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
        return fail_at(errno, "cannot open the directory above", path, err);
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
        return fail_at(errno, "cannot make the directory", path, err);
    int dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (dir_fd < 0)
        return fail_at(errno, "cannot open the directory", path, err);
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

plexctl_status file_remove(int dir_fd, const char *name, struct error *err)
{
    if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
        return PLEXCTL_OK;
    return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot remove %s", name);
}

/* Whether the last component of `path` is a link that somebody else made, root excepted. */
static bool is_of_another(const char *path)
{
    struct stat link;

    return lstat(path, &link) != 0 || (S_ISLNK(link.st_mode) && link.st_uid != geteuid() && link.st_uid != 0);
}

/* -1 and errno; ELOOP where it is a link that is not to be followed. */
static int open_log(const char *path)
{
    const int flags = O_WRONLY | O_APPEND | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
    int fd = open(path, flags | O_NOFOLLOW);

    if (fd < 0 && errno == ENOENT) {
        fd = open(path, flags | O_CREAT | O_EXCL, (mode_t)PRIVATE_FILE);
        if (fd >= 0)
            (void)fchmod(fd, PRIVATE_FILE); /* the umask may have taken more */
        else if (errno == EEXIST)
            fd = open(path, flags | O_NOFOLLOW);
    } else if (fd < 0 && errno == ELOOP) {
        if (!is_of_another(path))
            return open(path, flags);
        errno = ELOOP;
    }
    return fd;
}

static plexctl_status refuse_link(const char *path, struct error *err)
{
    auto_buf struct buf word = BUF_FIXED(SHELL_WORD_SHOWN_BYTES);

    shell_word_show(&word, path);
    return error_set(err, PLEXCTL_FAILED, "%s is another user's symbolic link, which is not followed; name its target",
                     buf_text(&word));
}

plexctl_status file_open_log(const char *path, int *ret_fd, struct error *err)
{
    struct stat found;
    auto_fd int fd = open_log(path);

    if (fd < 0 && errno == ENXIO)
        return fail_at(errno, "nobody reads from", path, err);
    if (fd < 0 && errno == ELOOP && is_of_another(path))
        return refuse_link(path, err);
    if (fd < 0 || fstat(fd, &found) != 0)
        return fail_at(errno, "cannot open", path, err);
    if ((S_ISREG(found.st_mode) || S_ISFIFO(found.st_mode)) && found.st_uid != geteuid())
        return fail_at(EPERM, "another user owns", path, err);
    *ret_fd = take_fd(&fd);
    return PLEXCTL_OK;
}

plexctl_status file_write_once(int fd, const void *bytes, size_t count, struct error *err)
{
    struct pollfd room = {.fd = fd, .events = POLLOUT};

    if (poll(&room, 1, 0) == 0)
        return error_set(err, PLEXCTL_FAILED, "cannot write: its reader does not read");
    ssize_t written = write(fd, bytes, count);
    if (written < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot write");
    return (size_t)written == count ? PLEXCTL_OK
                                    : error_set(err, PLEXCTL_FAILED, "cannot write: only a part was taken");
}

bool file_is_marked(int dir_fd, const char *name)
{
    struct statx found;

    return statx(dir_fd, name, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &found) == 0 &&
           (found.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0;
}
