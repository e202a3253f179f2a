/* SPDX-License-Identifier: Apache-2.0 */
#include "config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/shell_word.h"
#include "config_mend.h"
#include "config_owner.h"
#include "remedy.h"

static plexctl_status refuse_environment(const char *what, struct error *err)
{
    (void)error_set(err, PLEXCTL_USAGE, "no place for the config file plexctl/config.json: HOME is %s", what);
    return error_advise(err, REMEDY_HOME ", or set XDG_CONFIG_HOME to an absolute path");
}

plexctl_status config_file_path(char **ret_path, struct error *err)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *below = "";
    char *path;

    if (!base || base[0] != '/') {
        base = getenv("HOME");
        below = "/.config";
    }
    if (!base || base[0] != '/')
        return refuse_environment(!base ? "not set" : *base ? "no absolute path" : "empty", err);
    if (asprintf(&path, "%s%s/plexctl/config.json", base, below) < 0)
        return error_no_memory(err);
    *ret_path = path;
    return PLEXCTL_OK;
}

plexctl_status config_file_judge_kind(const char *path, mode_t mode, struct error *err)
{
    const char *what = S_ISDIR(mode)    ? "is a directory, not a regular file"
                       : S_ISFIFO(mode) ? "is a FIFO, not a regular file"
                       : S_ISSOCK(mode) ? "is a socket, not a regular file"
                                        : "is a device, not a regular file";

    return S_ISREG(mode) ? PLEXCTL_OK : remedy_refuse(err, path, what, REMEDY_MOVE);
}

/* Not the link that leads there. */
static plexctl_status refuse_empty(const struct config_file *file, struct error *err)
{
    auto_free char *target = realpath(file->path, NULL);

    (void)remedy_refuse(err, file->path, "is empty, it must have been cut off", "run `rm @`");
    return target ? remedy_advise(err, "run `rm @`", target) : err->status;
}

static plexctl_status judge(const struct config_file *file, const struct stat *found, struct error *err)
{
    char what[96];

    if (!S_ISREG(found->st_mode))
        return config_file_judge_kind(file->path, found->st_mode, err);
    if (found->st_uid != geteuid())
        return config_owner_judge(file->path, found->st_uid, err);
    if (found->st_mode & (S_IWGRP | S_IWOTH)) {
        (void)snprintf(what, sizeof what, "can be written by others than its owner (mode %04o)",
                       found->st_mode & 07777);
        return remedy_refuse(err, file->path, what, "run `chmod 600 @`");
    }
    if (found->st_size == 0)
        return refuse_empty(file, err);
    if (found->st_size > (off_t)CREDENTIAL_STORE_MAX_BYTES) {
        (void)snprintf(what, sizeof what, "is too large for a config file (%jd bytes, at most %zu)",
                       (intmax_t)found->st_size, CREDENTIAL_STORE_MAX_BYTES);
        return remedy_refuse(err, file->path, what, REMEDY_MOVE);
    }
    return PLEXCTL_OK;
}

/* Of what the system refused: "cannot <do> PATH: why; how to mend it" */
static plexctl_status refuse_errno(const struct config_file *file, const char *what, int number, struct error *err)
{
    auto_buf struct buf word = BUF_FIXED(ERROR_TEXT_SIZE);

    shell_word_show(&word, file->path);
    (void)error_set_errno(err, PLEXCTL_FAILED, number, "cannot %s %s", what, buf_text(&word));
    return config_mend(file->path, err);
}

/* The words for an open that failed with `number`. */
static plexctl_status explain_open(const struct config_file *file, const struct stat *found, int number,
                                   struct error *err)
{
    if (found && !S_ISREG(found->st_mode))
        return config_file_judge_kind(file->path, found->st_mode, err);
    if (found && found->st_uid != geteuid())
        return config_owner_judge(file->path, found->st_uid, err);
    switch (number) {
    case EACCES:
        return found ? remedy_refuse(err, file->path, "cannot be read by you", "run `chmod 600 @`")
                     : remedy_refuse(err, file->path, "lies in a directory that you may not enter", "run `namei -l @`");
    case ENOTDIR:
        return remedy_refuse(err, file->path, "cannot be there: a part of its path is no directory",
                             "run `namei -l @`");
    case ELOOP:
        return remedy_refuse(err, file->path, "is a symbolic link that leads back to itself", "run `namei -l @`");
    case ENAMETOOLONG:
        return remedy_refuse(err, file->path, "has a name that is too long", "run `namei -l @`");
    default:
        return refuse_errno(file, "open", number, err);
    }
}

plexctl_status config_file_read(struct config_file *file, int dir_fd, const char *name, struct error *err)
{
    struct stat found;
    /* Without O_NONBLOCK a FIFO without a writer would hold us for ever. */
    auto_fd int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0 && errno == ENOENT)
        return PLEXCTL_OK;
    if (fd < 0) {
        int number = errno;
        return explain_open(file, fstatat(dir_fd, name, &found, 0) == 0 ? &found : NULL, number, err);
    }
    if (fstat(fd, &found) != 0)
        return refuse_errno(file, "look at", errno, err);
    plexctl_status status = judge(file, &found, err);
    if (status != PLEXCTL_OK)
        return status;
    buf_reserve(&file->text, (size_t)found.st_size);
    if (file_read_all(fd, &file->text, err) != PLEXCTL_OK) {
        auto_buf struct buf word = BUF_FIXED(ERROR_TEXT_SIZE);
        (void)config_mend(file->path, err);
        shell_word_show(&word, file->path);
        return error_prefix(err, "cannot read %s", buf_text(&word));
    }
    file->exists = true;
    file->readable_by_others = (found.st_mode & (S_IRGRP | S_IROTH)) != 0;
    return PLEXCTL_OK;
}

void config_file_release(struct config_file *file)
{
    buf_release(&file->text);
}
