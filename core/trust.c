/* SPDX-License-Identifier: Apache-2.0 */
#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/shortage.h"
#include "base/text.h"
#include "refusal.h"

#define WRITABLE_BY_OTHERS (S_IWGRP | S_IWOTH)

static bool has_fit_owner(const struct stat *found)
{
    return found->st_uid == 0 || found->st_uid == geteuid();
}

static plexctl_status refuse(const struct stat *found, const char *path, struct error *err)
{
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);
    const char *kind = S_ISDIR(found->st_mode) ? "directory" : "file";

    text_sanitise(&shown, path, strlen(path), ERROR_TEXT_SIZE / 3);
    if (!has_fit_owner(found)) {
        (void)error_set(err, PLEXCTL_FAILED, "%s %s belongs to user %u", kind, buf_text(&shown),
                        (unsigned)found->st_uid);
        (void)refusal_want(err, REFUSAL_OWNER, "root or the user who runs plexctl (%u)", (unsigned)geteuid());
        if (strcmp(path, "/") == 0) /* most likely it is root's, and root is nobody here */
            return refusal_add_fix(err, REFUSAL_OWNER, "in a user namespace, map root into it; else chown root /");
        return refusal_add_fix(err, REFUSAL_OWNER, "chown %u %s", (unsigned)geteuid(), buf_text(&shown));
    }
    (void)error_set(err, PLEXCTL_FAILED, "%s %s can be written by others (mode %04o)", kind, buf_text(&shown),
                    found->st_mode & 07777u);
    (void)refusal_want(err, REFUSAL_MODE, "by its owner alone");
    if (found->st_mode & S_ISVTX) /* as /tmp: it is meant to be shared */
        return refusal_add_fix(err, REFUSAL_MODE, "keep plugins in a directory of your own, not in a shared one");
    return refusal_add_fix(err, REFUSAL_MODE, "chmod go-w %s", buf_text(&shown));
}

static plexctl_status judge(const struct stat *found, const char *path, bool is_passed_through, struct error *err)
{
    bool is_writable = found->st_mode & WRITABLE_BY_OTHERS;
    bool is_sticky = found->st_mode & S_ISVTX;

    if (has_fit_owner(found) && (!is_writable || (is_passed_through && is_sticky)))
        return PLEXCTL_OK;
    return refuse(found, path, err);
}

static plexctl_status cannot_open(const char *path, int number, struct error *err)
{
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);

    text_sanitise(&shown, path, strlen(path), ERROR_TEXT_SIZE / 3);
    if (number == ENOENT || number == ENOTDIR)
        return error_set_errno(err, PLEXCTL_NOT_FOUND, number, "%s", buf_text(&shown));
    (void)error_set_errno(err, PLEXCTL_FAILED, number, "cannot open %s", buf_text(&shown));
    const char *remedy = shortage_remedy(number);
    return refusal_add_fix(err, REFUSAL_ACCESS, "%s", remedy ? remedy : "let the user who runs plexctl read it");
}

static plexctl_status judge_directory(int fd, const char *path, bool is_passed_through, struct error *err)
{
    struct stat found;

    if (fstat(fd, &found) < 0)
        return cannot_open(path, errno, err);
    return judge(&found, path, is_passed_through, err);
}

/* `resolved` has no symbolic link; one that appears meanwhile is refused by O_NOFOLLOW. It comes back as it was. */
static plexctl_status walk(char *resolved, int *ret_fd, struct error *err)
{
    char *rest = resolved + 1;
    auto_fd int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return cannot_open("/", errno, err);
    plexctl_status status = judge_directory(fd, "/", *rest != '\0', err);
    while (status == PLEXCTL_OK && *rest) {
        char *end = strchrnul(rest, '/');
        char separator = *end;
        *end = '\0';
        int next = openat(fd, rest, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int number = errno;
        (void)close(fd);
        fd = next;
        if (fd < 0)
            return cannot_open(resolved, number, err);
        status = judge_directory(fd, resolved, separator != '\0', err);
        *end = separator;
        rest = separator ? end + 1 : end;
    }
    if (status == PLEXCTL_OK)
        *ret_fd = take_fd(&fd);
    return status;
}

plexctl_status trust_open_directory(const char *path, int *ret_fd, struct error *err)
{
    if (path[0] != '/')
        return error_set(err, PLEXCTL_FAILED, "a relative directory is never trusted");
    auto_free char *resolved = realpath(path, NULL);
    if (!resolved)
        return errno == ENOMEM ? error_no_memory(err) : cannot_open(path, errno, err);
    return walk(resolved, ret_fd, err);
}

static const char *last_component(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static plexctl_status refuse_kind(const char *path, const char *kind, struct error *err)
{
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);

    text_sanitise(&shown, path, strlen(path), ERROR_TEXT_SIZE / 3);
    (void)error_set(err, PLEXCTL_FAILED, "%s is %s", buf_text(&shown), kind);
    (void)refusal_want(err, REFUSAL_KIND, "a regular file");
    return refusal_add_fix(err, REFUSAL_KIND,
                           "copy the file itself there, or name its directory in PLEXCTL_PLUGIN_PATH");
}

plexctl_status trust_open_file(int dir_fd, const char *path, struct trust_file *ret_file, struct error *err)
{
    struct stat found;
    auto_fd int fd = openat(dir_fd, last_component(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    if (fd < 0 && errno == ELOOP)
        return refuse_kind(path, "a symbolic link", err);
    if (fd < 0 && errno == ENXIO)
        return refuse_kind(path, "a socket or a device", err);
    if (fd < 0 || fstat(fd, &found) < 0)
        return cannot_open(path, errno, err);
    if (!S_ISREG(found.st_mode))
        return refuse_kind(path, S_ISDIR(found.st_mode) ? "a directory" : "a pipe or a device", err);
    plexctl_status status = judge(&found, path, false, err);
    if (status == PLEXCTL_OK)
        *ret_file = (struct trust_file){.fd = take_fd(&fd), .status = found};
    return status;
}

plexctl_status trust_check_unchanged(int dir_fd, const char *path, const struct trust_file *file, struct error *err)
{
    const struct stat *then = &file->status;
    struct stat now;

    if (fstatat(dir_fd, last_component(path), &now, AT_SYMLINK_NOFOLLOW) < 0) {
        (void)error_set_errno(err, PLEXCTL_FAILED, errno, "it was taken away while it was being loaded");
        return refusal_add_fix(err, REFUSAL_UNCHANGED, "try again");
    }
    if (now.st_dev == then->st_dev && now.st_ino == then->st_ino && now.st_size == then->st_size &&
        now.st_ctim.tv_sec == then->st_ctim.tv_sec && now.st_ctim.tv_nsec == then->st_ctim.tv_nsec)
        return PLEXCTL_OK;
    (void)error_set(err, PLEXCTL_FAILED, "it was changed while it was being loaded");
    (void)refusal_want(err, REFUSAL_UNCHANGED, "the file that was checked");
    return refusal_add_fix(err, REFUSAL_UNCHANGED, "try again");
}
