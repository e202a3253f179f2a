/* SPDX-License-Identifier: Apache-2.0 */
#include "config_target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/file_replacement.h"
#include "base/shell_word.h"
#include "config_mend.h"
#include "config_owner.h"
#include "credential_store.h"
#include "remedy.h"

#define SYMLINKS_MAX 40 /* as many as the kernel follows */

static plexctl_status prefix(const char *path, struct error *err)
{
    auto_buf struct buf word = BUF_FIXED(ERROR_TEXT_SIZE);

    shell_word_show(&word, path);
    return error_prefix(err, "cannot save to %s", buf_text(&word));
}

/* Of a file that could not be made beside the target, or not put in its place. */
static plexctl_status explain_write(const struct config_target *target, struct error *err)
{
    auto_free char *directory = config_target_directory(target);

    if (directory)
        (void)config_mend(directory, err);
    return prefix(target->path, err);
}

/* Where the link at `path`, which reads `link`, leads. */
static char *join_link(const char *path, const char *link)
{
    const char *slash = strrchr(path, '/');
    char *joined;

    if (link[0] == '/')
        return strdup(link);
    if (asprintf(&joined, "%.*s%s", (int)(slash - path + 1), path, link) < 0)
        return NULL;
    return joined;
}

static plexctl_status refuse_loop(const char *path, struct error *err)
{
    (void)error_set(err, PLEXCTL_USAGE, "%s", strerror(ELOOP));
    (void)remedy_advise(err, "see where they lead: `namei -l @`", path);
    return prefix(path, err);
}

/* Only links in the place of the file itself: those on the way to it are the kernel's business. Appends " -> WORD" to
 * `links` (may be NULL) for each. NULL on failure; the caller frees it. */
static char *follow_symlinks(const char *path, struct buf *links, struct error *err)
{
    auto_free char *current = strdup(path);

    for (unsigned i = 0; current && i <= SYMLINKS_MAX; i++) {
        char link[PATH_MAX];
        ssize_t len = readlink(current, link, sizeof link - 1);

        /* Anything else may hide a link, which a rename would replace in place of what it leads to. */
        if (len < 0 && (errno == EINVAL || errno == ENOENT || errno == ENOTDIR))
            return take_ptr(&current);
        if (len < 0) {
            (void)error_set_errno(err, PLEXCTL_FAILED, errno, "cannot see whether it is a symbolic link");
            (void)config_mend(current, err);
            (void)prefix(current, err);
            return NULL;
        }
        link[len] = '\0';
        char *next = join_link(current, link);
        free(current);
        current = next;
        if (current && links) {
            buf_append_text(links, " -> ");
            shell_word_show(links, current);
        }
    }
    if (!current)
        (void)error_no_memory(err);
    else
        (void)refuse_loop(path, err);
    return NULL;
}

char *config_target_directory(const struct config_target *target)
{
    size_t slash = (size_t)(target->name - target->path) - 1;

    return strndup(target->path, slash > 0 ? slash : 1);
}

static plexctl_status find_name(const char *path, struct buf *links, struct config_target *target, struct error *err)
{
    target->path = follow_symlinks(path, links, err);
    if (!target->path)
        return err->status;
    target->name = strrchr(target->path, '/') + 1;
    if (target->name[0] != '\0')
        return PLEXCTL_OK;
    (void)error_set(err, PLEXCTL_USAGE, "the symbolic link leads to a directory");
    return remedy_advise(err, "see where: `namei -l @`", path);
}

plexctl_status config_target_find(const char *path, struct buf *links, struct config_target *ret_target,
                                  struct error *err)
{
    auto_config_target struct config_target target = CONFIG_TARGET_INIT;
    plexctl_status status = find_name(path, links, &target, err);

    if (status != PLEXCTL_OK)
        return target.path ? prefix(target.path, err) : status;
    auto_free char *directory = config_target_directory(&target);
    if (!directory)
        return error_no_memory(err);
    target.dir_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *ret_target = target;
    target = (struct config_target)CONFIG_TARGET_INIT;
    return PLEXCTL_OK;
}

/* What root makes in another user's directory locks that user out. */
static plexctl_status judge_owner(const char *directory, struct error *err)
{
    struct stat found;

    if (geteuid() != 0)
        return PLEXCTL_OK;
    auto_free char *existing = strdup(directory);
    if (!existing)
        return error_no_memory(err);
    while (stat(existing, &found) != 0 && errno == ENOENT && strrchr(existing, '/') > existing)
        *strrchr(existing, '/') = '\0';
    if (stat(existing, &found) != 0 || found.st_uid == 0)
        return PLEXCTL_OK;
    auto_buf struct buf word = BUF_FIXED(ERROR_TEXT_SIZE), user = BUF_FIXED(ERROR_TEXT_SIZE);
    shell_word_show(&word, existing);
    config_owner_name(&user, found.st_uid);
    (void)error_set(err, PLEXCTL_USAGE, "directory %s is owned by %s, and you are root", buf_text(&word),
                    buf_text(&user));
    return error_advise(err, REMEDY_SUDO);
}

plexctl_status config_target_judge_directory(const struct config_target *target, const char *directory,
                                             struct error *err)
{
    auto_buf struct buf word = BUF_FIXED(SHELL_WORD_SHOWN_BYTES);

    if (target->dir_fd < 0)
        return judge_owner(directory, err);
    if (!file_is_marked(target->dir_fd, "."))
        return PLEXCTL_OK;
    shell_word_show(&word, directory);
    (void)error_set(err, PLEXCTL_USAGE, "directory %s is marked as unchangeable", buf_text(&word));
    return remedy_advise(err, REMEDY_UNMARK, directory);
}

static plexctl_status open_directory(struct config_target *target, struct error *err)
{
    auto_free char *directory = config_target_directory(target);

    if (!directory)
        return error_no_memory(err);
    plexctl_status status = config_target_judge_directory(target, directory, err);
    /* Beside an existing file, whoever saved it has seen to the directories. */
    if (status == PLEXCTL_OK && faccessat(AT_FDCWD, target->path, F_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW) != 0)
        status = file_make_directories(directory, err);
    if (status != PLEXCTL_OK)
        return config_mend(directory, err);
    target->dir_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (target->dir_fd >= 0)
        return config_target_judge_directory(target, directory, err);
    auto_buf struct buf word = BUF_FIXED(ERROR_TEXT_SIZE);
    int number = errno;
    shell_word_show(&word, directory);
    (void)error_set_errno(err, PLEXCTL_FAILED, number, "cannot open directory %s", buf_text(&word));
    return config_mend(directory, err);
}

struct waiting {
    int most_ms, cancel_fd;
    bool is_try;
};

static plexctl_status explain_lock(const char *lock_path, const struct waiting *waiting, struct error *err)
{
    struct stat found;

    if (!waiting->is_try || err->status != PLEXCTL_FAILED || err->number != 0 || lstat(lock_path, &found) != 0 ||
        !S_ISREG(found.st_mode))
        return config_mend_lock(lock_path, err);
    (void)error_set(err, PLEXCTL_UNREACHABLE, "another process holds its lock");
    return remedy_advise(err, "try again when it has ended; `fuser -v @` shows it", lock_path);
}

static plexctl_status take_lock(struct config_target *target, const struct waiting *waiting, struct error *err)
{
    auto_free char *lock_path = NULL;

    if (asprintf(&lock_path, "%s.lock", target->path) < 0) {
        lock_path = NULL;
        return error_no_memory(err);
    }
    plexctl_status status = file_lock(target->dir_fd, lock_path + (target->name - target->path), waiting->most_ms,
                                      waiting->cancel_fd, &target->lock_fd, err);
    return status == PLEXCTL_OK ? status : explain_lock(lock_path, waiting, err);
}

/* By the name of the config file: what a link leads to, /dev/null perhaps, is for nobody to move away, and gets no lock
 * beside it. */
static plexctl_status judge_kind(const char *path, const struct config_target *target, struct error *err)
{
    struct stat found;

    return stat(target->path, &found) == 0 ? config_file_judge_kind(path, found.st_mode, err) : PLEXCTL_OK;
}

static plexctl_status lock_target(const char *path, const struct waiting *waiting, struct config_target *ret_target,
                                  struct error *err)
{
    struct config_target target = CONFIG_TARGET_INIT;
    plexctl_status status = find_name(path, NULL, &target, err);

    if (!target.path)
        return status;
    if (status == PLEXCTL_OK)
        status = judge_kind(path, &target, err);
    if (status == PLEXCTL_OK)
        status = open_directory(&target, err);
    if (status == PLEXCTL_OK)
        status = take_lock(&target, waiting, err);
    if (status == PLEXCTL_OK) {
        file_remove_stale(target.dir_fd, target.name);
        *ret_target = target;
        return PLEXCTL_OK;
    }
    status = prefix(target.path, err);
    config_target_release(&target);
    return status;
}

plexctl_status config_target_lock(const char *path, int cancel_fd, struct config_target *ret_target, struct error *err)
{
    const struct waiting waiting = {.most_ms = CREDENTIAL_STORE_LOCK_WAIT_MS, .cancel_fd = cancel_fd};

    return lock_target(path, &waiting, ret_target, err);
}

plexctl_status config_target_try_lock(const char *path, int wait_ms, struct config_target *ret_target,
                                      struct error *err)
{
    const struct waiting waiting = {.most_ms = wait_ms, .cancel_fd = -1, .is_try = true};

    return lock_target(path, &waiting, ret_target, err);
}

static plexctl_status refuse_target(const struct config_target *target, const char *why, const char *remedy,
                                    struct error *err)
{
    (void)error_set(err, PLEXCTL_USAGE, "%s", why);
    (void)remedy_advise(err, remedy, target->path);
    return prefix(target->path, err);
}

/* A rename that would fail only after the person has approved is found out before. */
plexctl_status config_target_judge(const struct config_target *target, struct error *err)
{
#ifdef STATX_ATTR_MOUNT_ROOT
    struct statx found;

    if (statx(target->dir_fd, target->name, AT_SYMLINK_NOFOLLOW, STATX_TYPE, &found) == 0 &&
        found.stx_attributes & STATX_ATTR_MOUNT_ROOT)
        return refuse_target(target, "it is mounted on its own and cannot be replaced",
                             "mount its directory instead, and run `sudo umount @`", err);
#endif
    if (file_is_marked(target->dir_fd, target->name))
        return refuse_target(target, "it is marked as unchangeable", REMEDY_UNMARK, err);
    return PLEXCTL_OK;
}

plexctl_status config_target_read(const struct config_target *target, struct config_file *file, struct error *err)
{
    plexctl_status status = config_file_read(file, target->dir_fd, target->name, err);

    return status == PLEXCTL_OK ? config_target_judge(target, err) : status;
}

plexctl_status config_target_replace(const struct config_target *target, const struct buf *text, struct error *err)
{
    struct file_replacement staged = FILE_REPLACEMENT_INIT;

    plexctl_status status = file_stage(target->dir_fd, target->name, text->data, text->len, &staged, err);
    if (status == PLEXCTL_OK)
        status = file_commit(&staged, target->name, err);
    file_abandon(&staged);
    return status == PLEXCTL_OK ? status : explain_write(target, err);
}

plexctl_status config_target_rehearse(const struct config_target *target, size_t size, struct error *err)
{
    auto_free char *filling = malloc(size);

    if (!filling)
        return error_no_memory(err);
    memset(filling, ' ', size);
    plexctl_status status = file_rehearse(target->dir_fd, target->name, filling, size, err);
    return status == PLEXCTL_OK ? status : explain_write(target, err);
}

void config_target_release(struct config_target *target)
{
    if (target->lock_fd >= 0)
        (void)close(target->lock_fd);
    if (target->dir_fd >= 0)
        (void)close(target->dir_fd);
    free(target->path);
    *target = (struct config_target)CONFIG_TARGET_INIT;
}
