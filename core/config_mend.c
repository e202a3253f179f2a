/* SPDX-License-Identifier: Apache-2.0 */
#include "config_mend.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/shell_word.h"
#include "config_file.h"

/* The nearest thing on the way to `path` that exists, in place; it is absolute. */
static bool look(char *path, struct stat *ret_found)
{
    while (lstat(path, ret_found) != 0) {
        char *slash = strrchr(path, '/');
        if (!slash || path[1] == '\0')
            return false;
        slash[slash == path] = '\0';
    }
    return true;
}

/* The first part of `path` below `existing`, which is its beginning, where it is not there. */
static char *first_missing(const char *path, const char *existing)
{
    size_t at = strlen(existing);
    struct stat found;

    at += strspn(path + at, "/");
    char *missing = strndup(path, at + strcspn(path + at, "/"));
    if (missing && lstat(missing, &found) != 0 && errno == ENOENT)
        return missing;
    free(missing);
    return NULL;
}

/* A directory of others is not for the user to take, be it / or /home: what is missing in it is made for the user. */
static void append_access(struct buf *out, const char *word, const char *missing_word, const struct stat *found)
{
    if (found->st_uid != geteuid() && missing_word[0])
        buf_appendf(out, "run `sudo install -d -m 700 -o %u %s`", (unsigned)geteuid(), missing_word);
    else if (found->st_uid != geteuid())
        buf_appendf(out, "run `sudo chown %u %s`", (unsigned)geteuid(), word);
    else if (S_ISDIR(found->st_mode) && (found->st_mode & S_IRWXU) != S_IRWXU)
        buf_appendf(out, "run `chmod u+rwx %s`", word);
    else if (S_ISREG(found->st_mode) && (found->st_mode & (S_IRUSR | S_IWUSR)) != (S_IRUSR | S_IWUSR))
        buf_appendf(out, "run `chmod 600 %s`", word);
    else
        buf_appendf(out, "see what stands in the way: `namei -l %s`", word);
}

static void append_mend(struct buf *out, int number, const char *word, const char *missing_word,
                        const struct stat *found)
{
    switch (number) {
    case EACCES:
    case EPERM:
        append_access(out, word, missing_word, found);
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
    return mend->len > 0 ? error_advise(err, buf_text(mend)) : err->status;
}

static plexctl_status mend(const char *path, bool is_directory, struct error *err)
{
    auto_buf struct buf text = BUF_FIXED(ERROR_TEXT_SIZE), word = BUF_FIXED(ERROR_TEXT_SIZE);
    auto_buf struct buf missing_word = BUF_FIXED(ERROR_TEXT_SIZE);
    auto_free char *existing = strdup(path);
    struct stat found;

    if (err->status != PLEXCTL_FAILED || !existing || !look(existing, &found))
        return err->status;
    shell_word_show(&word, existing);
    auto_free char *missing = is_directory ? first_missing(path, existing) : NULL;
    if (missing)
        shell_word_show(&missing_word, missing);
    append_mend(&text, err->number, buf_text(&word), buf_text(&missing_word), &found);
    return append_to(err, &text);
}

plexctl_status config_mend(const char *path, struct error *err)
{
    return mend(path, true, err);
}

plexctl_status config_mend_lock(const char *path, struct error *err)
{
    auto_buf struct buf text = BUF_FIXED(ERROR_TEXT_SIZE), word = BUF_FIXED(ERROR_TEXT_SIZE);
    struct stat found;

    if (err->status != PLEXCTL_FAILED || lstat(path, &found) != 0)
        return mend(path, false, err);
    shell_word_show(&word, path);
    if (!S_ISREG(found.st_mode))
        buf_appendf(&text, "move it away: `mv %s %s.old`", buf_text(&word), buf_text(&word));
    else if (err->number == 0)
        buf_appendf(&text, "try again when it has ended; `fuser -v %s` shows it", buf_text(&word));
    else
        append_mend(&text, err->number, buf_text(&word), "", &found);
    return append_to(err, &text);
}
