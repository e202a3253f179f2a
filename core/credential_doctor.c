/* SPDX-License-Identifier: Apache-2.0 */
#include "credential_doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file_replacement.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "config_document.h"
#include "config_file.h"
#include "config_owner.h"
#include "config_target.h"
#include "credential.h"
#include "finding.h"

struct examination {
    const struct credential_doctor *doctor;
    const char *path; /* the config path */
    struct plexctl_json *rows;
    struct config_target target;
    struct config_document document;
};

/* "PATH, mode 0600, owned by alice (uid 1000)" */
static void append_facts(struct buf *out, const char *path, const struct stat *found)
{
    shell_word_show(out, path);
    buf_appendf(out, ", mode %04o, owned by ", (unsigned)found->st_mode & 07777U);
    config_owner_name(out, found->st_uid);
}

/* "run `COMMAND PATH`" */
static void append_command(struct finding *finding, const char *command, const char *path)
{
    buf_appendf(&finding->mend, "run `%s ", command);
    shell_word_show(&finding->mend, path);
    buf_append_char(&finding->mend, '`');
}

static void append_fault(struct finding *finding, const char *fault)
{
    finding->verdict = FINDING_FAULT;
    if (finding->text.len > 0)
        buf_append_text(&finding->text, ", ");
    buf_append_text(&finding->text, fault);
}

static plexctl_status report_links(const struct examination *exam, const struct buf *links, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("symbolic link");
    struct stat found;

    if (links->len == 0)
        return PLEXCTL_OK;
    shell_word_show(&finding.text, exam->path);
    buf_append(&finding.text, links->data, links->len);
    if (stat(exam->path, &found) != 0 && errno == ENOENT) {
        buf_append_text(&finding.text, ", which is not there; the next login makes it");
        finding.verdict = FINDING_NOTE;
    }
    return finding_append(&finding, exam->rows, err);
}

static void judge_directory(struct finding *finding, const char *directory, const struct stat *found)
{
    struct error refusal = ERROR_INIT;

    if (config_owner_judge(directory, found->st_uid, &refusal) != PLEXCTL_OK) {
        finding_blame(finding, &refusal, directory);
    } else if ((found->st_mode & (S_IWGRP | S_IWOTH)) && !(found->st_mode & S_ISVTX)) {
        finding->verdict = FINDING_FAULT;
        buf_append_text(&finding->text, ": others can write in it, and put a file of theirs in place of yours");
        append_command(finding, "chmod go-w", directory);
    } else if (faccessat(AT_FDCWD, directory, R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
        bool is_mode = errno == EACCES;
        finding->verdict = FINDING_FAULT;
        buf_appendf(&finding->text, ": you cannot save in it: %s", strerror(errno));
        append_command(finding, is_mode ? "chmod u+rwx" : "findmnt -T", directory);
    }
}

/* One that is missing is made by the first login; one that cannot be reached is what reading the file fails by. */
static plexctl_status report_directory(const struct examination *exam, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("directory");
    auto_free char *directory = config_target_directory(&exam->target);
    struct stat found;

    if (!directory)
        return error_no_memory(err);
    if (stat(directory, &found) != 0 || !S_ISDIR(found.st_mode))
        return PLEXCTL_OK;
    append_facts(&finding.text, directory, &found);
    judge_directory(&finding, directory, &found);
    return finding_append(&finding, exam->rows, err);
}

static plexctl_status report_file(const struct examination *exam, const struct config_file *file,
                                  const struct error *refusal, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("config file");
    struct stat found;
    bool is_there = stat(exam->path, &found) == 0;

    if (is_there)
        append_facts(&finding.text, exam->path, &found);
    if (refusal->status != PLEXCTL_OK) {
        finding_blame(&finding, refusal, file->exists && exam->target.path ? exam->target.path : exam->path);
        if (finding.mend.len == 0)
            append_command(&finding, "namei -l", exam->path);
    } else if (!file->exists) {
        shell_word_show(&finding.text, exam->path);
        buf_append_text(&finding.text, ": nothing is saved yet");
    } else if (file->readable_by_others) {
        finding.verdict = FINDING_FAULT;
        buf_append_text(&finding.text, ": others can read it");
        append_command(&finding, "chmod 600", exam->path);
    }
    return finding_append(&finding, exam->rows, err);
}

/* A save parts the names: tokens that it drops stay to be read under the other ones. */
static plexctl_status report_hard_links(const struct examination *exam, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("hard links");
    struct stat found;

    if (stat(exam->path, &found) != 0 || !S_ISREG(found.st_mode) || found.st_nlink < 2)
        return PLEXCTL_OK;
    finding.verdict = FINDING_FAULT;
    shell_word_show(&finding.text, exam->path);
    buf_appendf(&finding.text, " has %ju names; the next login leaves the old tokens under the other ones",
                (uintmax_t)found.st_nlink);
    buf_append_text(&finding.mend, "find them by `find / -xdev -samefile ");
    shell_word_show(&finding.mend, exam->target.path ? exam->target.path : exam->path);
    buf_append_text(&finding.mend, "` and remove them");
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
    append_command(&finding, "rm", path);
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

/* Profiles */

static const char *fitting(const char *text, bool (*fits)(const char *text), const char *otherwise)
{
    return text && fits(text) ? text : otherwise;
}

/* The login that saves this profile anew, as far as the file tells what it was made with. */
static void append_login(struct finding *finding, const struct credential *credential, bool is_server_good)
{
    buf_append_text(&finding->mend, "run `plexctl login --profile-name ");
    buf_append_text(&finding->mend, fitting(credential->name, text_is_profile_name, "NAME"));
    buf_append_text(&finding->mend, " --server ");
    if (is_server_good)
        shell_word_show(&finding->mend, credential->server);
    else
        buf_append_text(&finding->mend, "URL");
    buf_appendf(&finding->mend, " --domain-id %s --idp-binding-id %s`",
                fitting(credential->domain_id, text_is_uuid, "UUID"),
                fitting(credential->idp_binding_id, text_is_uuid, "UUID"));
}

static plexctl_status judge_server(const struct examination *exam, const struct credential *credential,
                                   struct finding *finding, struct error *err)
{
    struct error refusal = ERROR_INIT;

    if (!credential->server) {
        append_fault(finding, "it has no server");
        return PLEXCTL_OK;
    }
    plexctl_status status = exam->doctor->check_server(exam->doctor->context, credential->server, &refusal);
    if (status == PLEXCTL_USAGE) {
        append_fault(finding, "its server is malformed: ");
        buf_append_text(&finding->text, refusal.text);
    } else if (status != PLEXCTL_OK) {
        *err = refusal;
        return status;
    } else {
        text_sanitise(&finding->text, credential->server, strlen(credential->server), TEXT_SERVER_MAX_BYTES);
    }
    return PLEXCTL_OK;
}

static void judge_token(const struct credential *credential, struct finding *finding)
{
    if (!credential->token.text)
        append_fault(finding, "it has no token");
    else if (!text_is_bearer(credential->token.text))
        append_fault(finding, "its token is none: 1 to 16384 bytes of [A-Za-z0-9._~+/=-] are wanted");
}

/* Never quotes a date that is none: anything may stand in its place. */
static void judge_expiry(const struct credential *credential, int64_t now_s, struct finding *finding)
{
    int64_t expires_s;

    if (!credential->expires_at)
        return;
    if (!text_parse_utc(credential->expires_at, &expires_s)) {
        append_fault(finding, "its \"expires_at\" is no date and time in UTC such as 2026-11-24T12:00:00Z");
        return;
    }
    if (expires_s <= now_s)
        append_fault(finding, "its token has expired at ");
    else
        buf_append_text(&finding->text, finding->text.len > 0 ? ", expires at " : "expires at ");
    buf_append_text(&finding->text, credential->expires_at);
    if (expires_s > now_s && expires_s - now_s <= CREDENTIAL_DOCTOR_SOON_S &&
        strcmp(finding->verdict, FINDING_OK) == 0) {
        finding->verdict = FINDING_NOTE;
        buf_append_text(&finding->text, ", within a day");
    }
}

static plexctl_status judge_profile(const struct examination *exam, const struct credential *credential,
                                    struct finding *finding, struct error *err)
{
    plexctl_status status = judge_server(exam, credential, finding, err);
    bool is_server_good = strcmp(finding->verdict, FINDING_OK) == 0;

    if (status != PLEXCTL_OK)
        return status;
    judge_token(credential, finding);
    judge_expiry(credential, exam->doctor->now_s, finding);
    if (strcmp(finding->verdict, FINDING_OK) != 0)
        append_login(finding, credential, is_server_good);
    return PLEXCTL_OK;
}

static plexctl_status report_profile(void *context, const char *name, struct json_span object, struct error *err)
{
    const struct examination *exam = context;
    auto_credential struct credential credential = CREDENTIAL_INIT;
    auto_buf struct buf subject = BUF_FIXED(FINDING_MAX_BYTES);
    struct error refusal = ERROR_INIT;

    buf_append_text(&subject, "profile \"");
    text_sanitise(&subject, name, strlen(name), TEXT_SERVER_MAX_BYTES);
    buf_append_char(&subject, '"');
    if (buf_check(&subject, "a finding", err) != PLEXCTL_OK)
        return err->status;
    auto_finding struct finding finding = FINDING_INIT(buf_text(&subject));
    plexctl_status status = credential_parse(exam->document.bytes, object, name, &credential, &refusal);
    if (status == PLEXCTL_USAGE) {
        append_fault(&finding, refusal.text);
        append_command(&finding, "${EDITOR:-vi}", exam->path);
        status = PLEXCTL_OK;
    } else if (status == PLEXCTL_OK) {
        status = judge_profile(exam, &credential, &finding, err);
    } else {
        *err = refusal;
    }
    return status == PLEXCTL_OK ? finding_append(&finding, exam->rows, err) : status;
}

static plexctl_status report_default(const struct examination *exam, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("default");
    const struct config_document *document = &exam->document;
    const struct credential missing = {.name = document->default_name};

    if (document->default_profile.len > 0 || (!document->default_name && document->profiles.count == 0))
        return PLEXCTL_OK;
    if (document->default_name) {
        finding.verdict = FINDING_FAULT;
        buf_append_text(&finding.text, "the default profile \"");
        text_sanitise(&finding.text, document->default_name, strlen(document->default_name), TEXT_SERVER_MAX_BYTES);
        buf_append_text(&finding.text, "\" does not exist");
        append_login(&finding, &missing, false);
    } else {
        finding.verdict = FINDING_NOTE;
        buf_append_text(&finding.text, "no profile is the default one; choose with --profile");
    }
    return finding_append(&finding, exam->rows, err);
}

static plexctl_status report_document(struct examination *exam, const struct config_file *file, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("document");
    struct error refusal = ERROR_INIT;
    plexctl_status status = config_document_read(file->text.data, file->text.len, NULL, &exam->document, &refusal);

    if (status == PLEXCTL_USAGE) {
        append_fault(&finding, refusal.text);
        append_command(&finding, "${EDITOR:-vi}", exam->path);
        return finding_append(&finding, exam->rows, err);
    }
    if (status != PLEXCTL_OK) {
        *err = refusal;
        return status;
    }
    status = report_default(exam, err);
    return status == PLEXCTL_OK ? config_document_each(&exam->document, report_profile, exam, err) : status;
}

static plexctl_status report_content(struct examination *exam, const struct error *unsavable, struct error *err)
{
    auto_config_file struct config_file file = CONFIG_FILE_INIT(exam->path);
    struct error refusal = ERROR_INIT;
    plexctl_status status = config_file_read(&file, AT_FDCWD, exam->path, &refusal);

    if (status == PLEXCTL_OK)
        refusal = *unsavable;
    else if (status == PLEXCTL_NO_MEMORY)
        return error_no_memory(err);
    status = report_file(exam, &file, &refusal, err);
    if (status == PLEXCTL_OK)
        status = report_hard_links(exam, err);
    if (status == PLEXCTL_OK && exam->target.name)
        status = report_leftovers(exam, err);
    return status == PLEXCTL_OK && file.exists ? report_document(exam, &file, err) : status;
}

static plexctl_status examine(struct examination *exam, struct error *err)
{
    auto_buf struct buf links = BUF_FIXED(FINDING_MAX_BYTES);
    struct error unsavable = ERROR_INIT;
    plexctl_status status = config_target_find(exam->path, &links, &exam->target, &unsavable);

    if (status == PLEXCTL_NO_MEMORY)
        return error_no_memory(err);
    if (status == PLEXCTL_OK) {
        (void)config_target_judge(&exam->target, &unsavable);
        status = report_links(exam, &links, err);
        if (status == PLEXCTL_OK)
            status = report_directory(exam, err);
        if (status != PLEXCTL_OK)
            return status;
    }
    return report_content(exam, &unsavable, err);
}

/* Without a place for the file there is nothing to look at but that. */
static plexctl_status report_no_place(struct plexctl_json *rows, const struct error *refusal, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("config file");

    finding_blame(&finding, refusal, NULL);
    return finding_append(&finding, rows, err);
}

plexctl_status credential_doctor_examine(const struct credential_doctor *doctor, struct plexctl_json **ret_findings,
                                         struct error *err)
{
    auto_free char *path = NULL;
    struct error refusal = ERROR_INIT;
    struct examination exam = {.doctor = doctor, .rows = json_new_array(), .target = CONFIG_TARGET_INIT};
    plexctl_status status = exam.rows ? config_file_path(&path, &refusal) : error_no_memory(&refusal);

    exam.path = path;
    if (status == PLEXCTL_OK)
        status = examine(&exam, err);
    else if (status == PLEXCTL_USAGE)
        status = report_no_place(exam.rows, &refusal, err);
    else
        *err = refusal;
    config_document_release(&exam.document);
    config_target_release(&exam.target);
    if (status == PLEXCTL_OK)
        *ret_findings = exam.rows;
    else
        json_free(exam.rows);
    return status;
}
