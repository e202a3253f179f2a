/* SPDX-License-Identifier: Apache-2.0 */
#include "config_mend.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/shortage.h"
#include "config_owner.h"
#include "remedy.h"

#define PASSWD_BYTES 4096

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

/* Root's own home is no place for others, but what is missing below / or /home, or in a directory that root has made
 * for the user, can be made. */
static bool may_be_made_in(const char *directory, const struct stat *found)
{
    struct passwd record, *root = NULL;
    char memory[PASSWD_BYTES];

    return found->st_uid == 0 && S_ISDIR(found->st_mode) &&
           !(getpwuid_r(0, &record, memory, sizeof memory, &root) == 0 && root && strcmp(root->pw_dir, directory) == 0);
}

static void append_access(struct buf *out, const char *path, const char *missing, const struct stat *found)
{
    char make[64];

    (void)snprintf(make, sizeof make, "run `sudo install -d -m 700 -o %u @`", (unsigned)geteuid());
    if (file_is_marked(AT_FDCWD, path))
        remedy_append(out, REMEDY_UNMARK, path);
    else if (found->st_uid != geteuid() && missing && may_be_made_in(path, found))
        remedy_append(out, make, missing);
    else if (found->st_uid != geteuid())
        config_owner_append_remedy(out, path);
    else if (S_ISDIR(found->st_mode) && (found->st_mode & S_IRWXU) != S_IRWXU)
        remedy_append(out, "run `chmod u+rwx @`", path);
    else if (S_ISREG(found->st_mode) && (found->st_mode & (S_IRUSR | S_IWUSR)) != (S_IRUSR | S_IWUSR))
        remedy_append(out, "run `chmod 600 @`", path);
    else
        remedy_append(out, "see what stands in the way: `namei -l @`", path);
}

/* NULL: it is a matter of access. */
static const char *find_remedy(int number)
{
    switch (number) {
    case EACCES:
    case EPERM:
        return NULL;
    case ENOSPC:
        return "make room there: `df -h @` and `df -i @` show what is left";
    case EDQUOT:
        return "make room within your quota: `quota -s` shows it";
    case EROFS:
        return "make it writable: `sudo mount -o remount,rw \"$(findmnt -no TARGET -T @)\"`";
    case EFBIG:
        return "run `ulimit -f unlimited`";
    case EMFILE:
    case ENFILE:
        return shortage_remedy(number);
    case EAGAIN:
        return "run `ulimit -u unlimited`, or close other programs";
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
        return "see which part of the path it is: `namei -l @`";
    default:
        return "see what file system it is: `findmnt -T @`, and what the kernel says of it: `sudo dmesg`";
    }
}

/* `found` is what there is at `path`; `missing`, which is to be made in it, may be NULL. */
static plexctl_status advise(struct error *err, const char *path, const char *missing, const struct stat *found)
{
    auto_buf struct buf advice = BUF_FIXED(ERROR_TEXT_SIZE);
    const char *remedy = find_remedy(err->number);

    if (remedy)
        return remedy_advise(err, remedy, path);
    append_access(&advice, path, missing, found);
    return error_advise(err, buf_text(&advice));
}

static plexctl_status mend(const char *path, bool is_directory, struct error *err)
{
    auto_free char *existing = strdup(path);
    struct stat found;

    if (err->status != PLEXCTL_FAILED || !existing || !look(existing, &found))
        return err->status;
    auto_free char *missing = is_directory ? first_missing(path, existing) : NULL;
    return advise(err, existing, missing, &found);
}

plexctl_status config_mend(const char *path, struct error *err)
{
    return mend(path, true, err);
}

plexctl_status config_mend_lock(const char *path, struct error *err)
{
    struct stat found;

    if (err->status != PLEXCTL_FAILED || lstat(path, &found) != 0)
        return mend(path, false, err);
    if (!S_ISREG(found.st_mode))
        return remedy_advise(err, REMEDY_MOVE, path);
    if (err->number == 0)
        return remedy_advise(err, "try again when it has ended; `fuser -v @` shows it", path);
    return advise(err, path, NULL, &found);
}
