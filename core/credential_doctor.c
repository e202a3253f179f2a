/* SPDX-License-Identifier: Apache-2.0 */
#include "credential_doctor.h"

#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "config_doctor.h"
#include "config_document.h"
#include "config_file.h"
#include "credential.h"
#include "finding.h"
#include "remedy.h"

struct examination {
    const struct credential_doctor *doctor;
    const char *path; /* the config path */
    struct plexctl_json *rows;
    struct config_document document;
};

static void append_login(struct finding *finding, const struct credential *credential, bool is_server_good)
{
    buf_append_text(&finding->fix, "run `");
    credential_append_login(&finding->fix, credential, is_server_good);
    buf_append_char(&finding->fix, '`');
}

static plexctl_status judge_server(const struct examination *exam, const struct credential *credential,
                                   struct finding *finding, struct error *err)
{
    struct error refusal = ERROR_INIT;

    if (!credential->server) {
        finding_add_fault(finding, "it has no server");
        return PLEXCTL_OK;
    }
    plexctl_status status = exam->doctor->check_server(exam->doctor->context, credential->server, &refusal);
    if (status == PLEXCTL_USAGE) {
        finding_add_fault(finding, "its server is malformed: ");
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
        finding_add_fault(finding, "it has no token");
    else if (!text_is_bearer(credential->token.text))
        finding_add_fault(finding, "its token is none: 1 to 16384 bytes of [A-Za-z0-9._~+/=-] are wanted");
}

/* Never quotes a date that is none: anything may stand in its place. */
static void judge_expiry(const struct credential *credential, int64_t now_s, struct finding *finding)
{
    int64_t expires_s;

    if (!credential->expires_at)
        return;
    if (!text_parse_utc(credential->expires_at, &expires_s)) {
        finding_add_fault(finding, "its \"expires_at\" is no date and time in UTC such as 2026-11-24T12:00:00Z");
        return;
    }
    if (expires_s <= now_s)
        finding_add_fault(finding, "its token has expired at ");
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
    auto_buf struct buf item = BUF_FIXED(FINDING_MAX_BYTES);
    struct error refusal = ERROR_INIT;

    buf_append_text(&item, "profile \"");
    text_sanitise(&item, name, strlen(name), TEXT_SERVER_MAX_BYTES);
    buf_append_char(&item, '"');
    if (buf_check(&item, "a finding", err) != PLEXCTL_OK)
        return err->status;
    auto_finding struct finding finding = FINDING_INIT(buf_text(&item));
    plexctl_status status = credential_parse(exam->document.bytes, object, name, &credential, &refusal);
    if (status == PLEXCTL_USAGE) {
        finding_add_fault(&finding, refusal.text);
        remedy_append(&finding.fix, "run `${EDITOR:-vi} @`", exam->path);
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
        finding_add_fault(&finding, refusal.text);
        remedy_append(&finding.fix, "run `${EDITOR:-vi} @`", exam->path);
        return finding_append(&finding, exam->rows, err);
    }
    if (status != PLEXCTL_OK) {
        *err = refusal;
        return status;
    }
    status = report_default(exam, err);
    return status == PLEXCTL_OK ? config_document_each(&exam->document, report_profile, exam, err) : status;
}

/* Without a place for the file there is nothing to look at but that. */
static plexctl_status report_no_place(struct plexctl_json *rows, const struct error *refusal, struct error *err)
{
    auto_finding struct finding finding = FINDING_INIT("config file");

    finding_blame(&finding, refusal, NULL);
    return finding_append(&finding, rows, err);
}

static plexctl_status examine(struct examination *exam, struct error *err)
{
    auto_config_file struct config_file file = CONFIG_FILE_INIT(exam->path);
    plexctl_status status = config_doctor_examine(&file, exam->rows, err);

    return status == PLEXCTL_OK && file.exists ? report_document(exam, &file, err) : status;
}

plexctl_status credential_doctor_examine(const struct credential_doctor *doctor, struct plexctl_json **ret_findings,
                                         struct error *err)
{
    auto_free char *path = NULL;
    struct error refusal = ERROR_INIT;
    struct examination exam = {.doctor = doctor, .rows = json_new_array()};
    plexctl_status status = exam.rows ? config_file_path(&path, &refusal) : error_no_memory(&refusal);

    exam.path = path;
    if (status == PLEXCTL_OK)
        status = examine(&exam, err);
    else if (status == PLEXCTL_USAGE)
        status = report_no_place(exam.rows, &refusal, err);
    else
        *err = refusal;
    config_document_release(&exam.document);
    if (status == PLEXCTL_OK)
        *ret_findings = exam.rows;
    else
        json_free(exam.rows);
    return status;
}
