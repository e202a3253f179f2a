/* SPDX-License-Identifier: Apache-2.0 */
#include "config_doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file_replacement.h"
#include "base/shell_word.h"
#include "config_mend.h"
#include "config_owner.h"
#include "config_target.h"
#include "finding.h"
#include "remedy.h"

struct examination {
    struct config_file *file;
    struct plexctl_json *rows;
    struct config_target target;
    struct error unsavable; /* why the target could not be replaced */
    bool is_there;          /* what the path leads to; then `found` is it */
    struct stat found;
};

/* "PATH, mode 0600, owned by alice (uid 1000)" */
static void append_facts(struct buf *out, const char *path, const struct stat *found)
{
    shell_word_show(out, path);
    buf_appendf(out, ", mode %04o, owned by ", (unsigned)found->st_mode & 07777U);
    config_owner_name(out, found->st_uid);
}

static plexctl_status report_links(const struct examination *exam, const struct buf *links, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("symbolic link");

    if (links->len == 0)
        return PLEXCTL_OK;
    shell_word_show(&finding.text, exam->file->path);
    buf_append(&finding.text, links->data, links->len);
    if (!exam->is_there) {
        buf_append_text(&finding.text, ", which is not there; the next login makes it");
        finding.verdict = FINDING_NOTE;
    }
    return finding_append(&finding, exam->rows, err);
}

/* "PATH <what>: why", with what config_mend says of it. */
static void refuse_errno(const char *path, const char *what, int number, struct error *refusal)
{
    auto_buf struct buf word = BUF_FIXED(SHELL_WORD_SHOWN_BYTES);

    shell_word_show(&word, path);
    (void)error_set_errno(refusal, PLEXCTL_FAILED, number, "%s %s", buf_text(&word), what);
    (void)config_mend(path, refusal);
}

static void judge_directory(const struct examination *exam, struct finding *finding, const char *directory,
                            const struct stat *found)
{
    struct error refusal = ERROR_INIT;

    if (config_owner_judge(directory, found->st_uid, &refusal) == PLEXCTL_OK)
        (void)config_target_judge_directory(&exam->target, directory, &refusal);
    if (refusal.status == PLEXCTL_OK && (found->st_mode & (S_IWGRP | S_IWOTH)) && !(found->st_mode & S_ISVTX)) {
        finding->verdict = FINDING_FAULT;
        buf_append_text(&finding->text, ": others can write in it, and put a file of theirs in place of yours");
        remedy_append(&finding->fix, "run `chmod go-w @`", directory);
        return;
    }
    if (refusal.status == PLEXCTL_OK && faccessat(AT_FDCWD, directory, R_OK | W_OK | X_OK, AT_EACCESS) != 0)
        refuse_errno(directory, "is none that you can save in", errno, &refusal);
    if (refusal.status != PLEXCTL_OK)
        finding_blame(finding, &refusal, directory);
}

/* What is to be made in the nearest directory above that exists. */
static plexctl_status report_missing_directory(const struct examination *exam, const char *directory, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("directory");
    auto_free char *existing = strdup(directory);
    struct error refusal = ERROR_INIT;
    struct stat found;

    if (!existing || config_target_judge_directory(&exam->target, directory, &refusal) == PLEXCTL_NO_MEMORY)
        return error_no_memory(err);
    while (lstat(existing, &found) != 0 && strrchr(existing, '/') > existing)
        *strrchr(existing, '/') = '\0';
    if (refusal.status == PLEXCTL_OK && faccessat(AT_FDCWD, existing, W_OK | X_OK, AT_EACCESS) != 0)
        refuse_errno(directory, "is not there and you cannot make it", errno, &refusal);
    if (refusal.status == PLEXCTL_OK)
        return PLEXCTL_OK;
    finding_blame(&finding, &refusal, directory);
    return finding_append(&finding, exam->rows, err);
}

/* One that cannot be reached is what reading the file fails by. */
static plexctl_status report_directory(const struct examination *exam, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("directory");
    auto_free char *directory = config_target_directory(&exam->target);
    struct stat found;

    if (!directory)
        return error_no_memory(err);
    if (stat(directory, &found) != 0)
        return errno == ENOENT ? report_missing_directory(exam, directory, err) : PLEXCTL_OK;
    if (!S_ISDIR(found.st_mode))
        return PLEXCTL_OK;
    append_facts(&finding.text, directory, &found);
    judge_directory(exam, &finding, directory, &found);
    return finding_append(&finding, exam->rows, err);
}

/* As a save would find it, which follows no link here. */
static plexctl_status report_lock(const struct examination *exam, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("lock file");
    auto_free char *path = NULL;
    struct error refusal = ERROR_INIT;
    struct stat found;

    if (asprintf(&path, "%s.lock", exam->target.path) < 0) {
        path = NULL;
        return error_no_memory(err);
    }
    if (lstat(path, &found) != 0)
        return PLEXCTL_OK;
    if (!S_ISREG(found.st_mode))
        (void)error_set(&refusal, PLEXCTL_FAILED, "it is no regular file, so that nothing can be saved");
    else if (faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) != 0)
        (void)error_set_errno(&refusal, PLEXCTL_FAILED, errno, "you cannot open it, so that nothing can be saved");
    else
        return PLEXCTL_OK;
    (void)config_mend_lock(path, &refusal);
    append_facts(&finding.text, path, &found);
    finding_blame(&finding, &refusal, path);
    return finding_append(&finding, exam->rows, err);
}

static plexctl_status report_file(const struct examination *exam, const struct error *refusal, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("config file");
    const struct config_file *file = exam->file;

    if (exam->is_there)
        append_facts(&finding.text, file->path, &exam->found);
    if (refusal->status != PLEXCTL_OK) {
        finding_blame(&finding, refusal, file->exists && exam->target.path ? exam->target.path : file->path);
        if (finding.fix.len == 0)
            remedy_append(&finding.fix, "run `namei -l @`", file->path);
    } else if (!file->exists) {
        shell_word_show(&finding.text, file->path);
        buf_append_text(&finding.text, ": nothing is saved yet");
    } else if (file->readable_by_others) {
        finding.verdict = FINDING_FAULT;
        buf_append_text(&finding.text, ": others can read it");
        remedy_append(&finding.fix, "run `chmod 600 @`", file->path);
    }
    return finding_append(&finding, exam->rows, err);
}

/* A save parts the names: tokens that it drops stay to be read under the other ones. They are on the file's own file
 * system, which find is to name by the way without links on which it comes to the file. */
static plexctl_status report_hard_links(const struct examination *exam, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("hard links");

    if (!exam->is_there || !S_ISREG(exam->found.st_mode) || exam->found.st_nlink < 2)
        return PLEXCTL_OK;
    auto_free char *path = realpath(exam->file->path, NULL);
    finding.verdict = FINDING_FAULT;
    shell_word_show(&finding.text, exam->file->path);
    buf_appendf(&finding.text, " has %ju names; the next login leaves the old tokens under the other ones",
                (uintmax_t)exam->found.st_nlink);
    remedy_append(
        &finding.fix,
        "remove the other names, which `find \"$(findmnt -no TARGET -T @)\" -xdev -samefile @ ! -path @` shows",
        path ? path : exam->file->path);
    return finding_append(&finding, exam->rows, err);
}

static plexctl_status report_leftover(const struct examination *exam, const char *directory, const char *name,
                                      struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("leftover");
    auto_free char *path = NULL;

    if (asprintf(&path, "%s/%s", directory, name) < 0) {
        path = NULL;
        return error_no_memory(err);
    }
    finding.verdict = FINDING_FAULT;
    shell_word_show(&finding.text, path);
    buf_append_text(&finding.text, " was left by a save that was killed, unless one runs now; it can hold tokens");
    remedy_append(&finding.fix, "run `rm @`", path);
    return finding_append(&finding, exam->rows, err);
}

static plexctl_status report_leftovers(const struct examination *exam, struct error *err)
{
    auto_free char *directory = config_target_directory(&exam->target);
    auto_dir DIR *dir = directory ? opendir(directory) : NULL;
    plexctl_status status = directory ? PLEXCTL_OK : error_no_memory(err);

    for (const struct dirent *entry = dir ? readdir(dir) : NULL; entry && status == PLEXCTL_OK; entry = readdir(dir)) {
        if (file_is_staged_name(entry->d_name, exam->target.name))
            status = report_leftover(exam, directory, entry->d_name, err);
    }
    return status;
}

static plexctl_status report_way(struct examination *exam, const struct buf *links, struct error *err)
{
    plexctl_status status = report_links(exam, links, err);

    if (status == PLEXCTL_OK)
        status = report_directory(exam, err);
    return status == PLEXCTL_OK ? report_lock(exam, err) : status;
}

static plexctl_status report_content(struct examination *exam, struct error *err)
{
    struct error refusal = ERROR_INIT;
    plexctl_status status = config_file_read(exam->file, AT_FDCWD, exam->file->path, &refusal);

    if (status == PLEXCTL_OK)
        refusal = exam->unsavable;
    else if (status == PLEXCTL_NO_MEMORY)
        return error_no_memory(err);
    status = report_file(exam, &refusal, err);
    if (status == PLEXCTL_OK)
        status = report_hard_links(exam, err);
    return status == PLEXCTL_OK && exam->target.name ? report_leftovers(exam, err) : status;
}

static plexctl_status examine(struct examination *exam, struct error *err)
{
    auto_buf struct buf links = BUF_FIXED(FINDING_MAX_BYTES);
    plexctl_status status = config_target_find(exam->file->path, &links, &exam->target, &exam->unsavable);

    if (status == PLEXCTL_NO_MEMORY)
        return error_no_memory(err);
    exam->is_there = stat(exam->file->path, &exam->found) == 0;
    if (status == PLEXCTL_OK) {
        (void)config_target_judge(&exam->target, &exam->unsavable);
        status = report_way(exam, &links, err);
    } else {
        status = PLEXCTL_OK;
    }
    return status == PLEXCTL_OK ? report_content(exam, err) : status;
}

plexctl_status config_doctor_examine(struct config_file *file, struct plexctl_json *rows, struct error *err)
{
    struct examination exam = {.file = file, .rows = rows, .target = CONFIG_TARGET_INIT};
    plexctl_status status = examine(&exam, err);

    config_target_release(&exam.target);
    return status;
}
