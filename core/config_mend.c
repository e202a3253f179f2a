/* SPDX-License-Identifier: Apache-2.0 */
#include "config_mend.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "config_file.h"

/* The nearest thing on the way to `path` that exists, in place; it is absolute. */
static bool look(char *path, struct stat *ret_found)
{
    while (lstat(path, ret_found) != 0) {
        char *slash = strrchr(path, '/');
        if (!slash || slash == path)
            return false;
        *slash = '\0';
    }
    return true;
}

static void append_access(struct buf *out, const char *word, const struct stat *found)
{
    if (found->st_uid != geteuid())
        buf_appendf(out, "run `sudo chown %u %s`", (unsigned)geteuid(), word);
    else if (S_ISDIR(found->st_mode) && (found->st_mode & S_IRWXU) != S_IRWXU)
        buf_appendf(out, "run `chmod u+rwx %s`", word);
    else if (S_ISREG(found->st_mode) && (found->st_mode & (S_IRUSR | S_IWUSR)) != (S_IRUSR | S_IWUSR))
        buf_appendf(out, "run `chmod 600 %s`", word);
    else
        buf_appendf(out, "see what stands in the way: `namei -l %s`", word);
}

static void append_mend(struct buf *out, int number, const char *word, const struct stat *found)
{
    switch (number) {
    case EACCES:
    case EPERM:
        append_access(out, word, found);
        break;
    case ENOSPC:
        buf_appendf(out, "make room there: `df -h %s` and `df -i %s` show what is left", word, word);
        break;
    case EDQUOT:
        buf_append_text(out, "make room within your quota: `quota -s` shows it");
        break;
    case EROFS:
        buf_appendf(out, "make it writable: `sudo mount -o remount,rw \"$(findmnt -no TARGET -T %s)\"`", word);
        break;
    case EFBIG:
        buf_append_text(out, "run `ulimit -f unlimited`");
        break;
    case EMFILE:
    case ENFILE:
        buf_append_text(out, "run `ulimit -n 1024`, or close other programs");
        break;
    case EAGAIN:
        buf_append_text(out, "run `ulimit -u unlimited`, or close other programs");
        break;
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
        buf_appendf(out, "see which part of the path it is: `namei -l %s`", word);
        break;
    default:
        buf_appendf(out, "see what file system it is: `findmnt -T %s`, and what the kernel says of it: `sudo dmesg`",
                    word);
    }
}

static plexctl_status append_to(struct error *err, const struct buf *mend)
{
    return mend->len > 0 ? error_set(err, err->status, "%s; %s", err->text, buf_text(mend)) : err->status;
}

plexctl_status config_mend(const char *path, struct error *err)
{
    auto_buf struct buf mend = BUF_FIXED(ERROR_TEXT_SIZE), word = BUF_FIXED(ERROR_TEXT_SIZE);
    auto_free char *existing = strdup(path);
    struct stat found;

    if (err->status != PLEXCTL_FAILED || !existing || !look(existing, &found))
        return err->status;
    config_file_word(&word, existing);
    append_mend(&mend, err->number, buf_text(&word), &found);
    return append_to(err, &mend);
}

plexctl_status config_mend_lock(const char *path, struct error *err)
{
    auto_buf struct buf mend = BUF_FIXED(ERROR_TEXT_SIZE), word = BUF_FIXED(ERROR_TEXT_SIZE);
    struct stat found;

    if (err->status != PLEXCTL_FAILED || lstat(path, &found) != 0)
        return config_mend(path, err);
    config_file_word(&word, path);
    if (!S_ISREG(found.st_mode))
        buf_appendf(&mend, "move it away: `mv %s %s.old`", buf_text(&word), buf_text(&word));
    else if (err->number == 0)
        buf_appendf(&mend, "try again when it has ended; `fuser -v %s` shows it", buf_text(&word));
    else
        append_mend(&mend, err->number, buf_text(&word), &found);
    return append_to(err, &mend);
}
