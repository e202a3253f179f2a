/* SPDX-License-Identifier: Apache-2.0 */
#include "check/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check/recording.h"

static const char *const status_names[] = {"PLEXCTL_OK",        "PLEXCTL_FAILED",          "PLEXCTL_UNREACHABLE",
                                           "PLEXCTL_USAGE",     "PLEXCTL_NO_SERVER",       "PLEXCTL_NO_TOKEN",
                                           "PLEXCTL_DENIED",    "PLEXCTL_NOT_IMPLEMENTED", "PLEXCTL_CANCELLED",
                                           "PLEXCTL_NO_MEMORY", "PLEXCTL_INVALID",         "PLEXCTL_NOT_FOUND"};

static bool is_known(plexctl_status status)
{
    return status >= PLEXCTL_OK && status <= PLEXCTL_NOT_FOUND;
}

const char *session_status_name(plexctl_status status)
{
    static char number[32];

    if (is_known(status))
        return status_names[status];
    (void)snprintf(number, sizeof number, "the unknown status %d", (int)status);
    return number;
}

void session_quote(const struct session *session, const char *text, struct buf *out)
{
    auto_free char *masked = strdup(text);

    for (size_t i = 0; masked && i < session->secret_count; i++)
        guard_mask(&session->secrets[i], masked);
    buf_append_text(out, masked ? masked : "");
}

/* Sins */

static const char *const fault_names[FAULT_COUNT] = {"nothing amiss",  "out of memory",  "a failure",
                                                     "no reply",       "a reply of 401", "a reply of 403",
                                                     "a reply of 429", "a reply of 500", "a signal"};

static void add_sin(struct session *session, int sin, const struct trial *trial, const struct report *report,
                    const char *what)
{
    auto_buf struct buf text = BUF_INIT(ERROR_TEXT_SIZE);

    if (session->sins[sin][0])
        return;
    session_quote(session, what, &text);
    if (trial->fault.kind != FAULT_NONE)
        buf_appendf(&text, " (when call %u that could fail so, %s, met %s)", trial->fault.at, report->hit,
                    fault_names[trial->fault.kind]);
    (void)snprintf(session->sins[sin], sizeof session->sins[sin], "%s", buf_text(&text));
}

static void judge_run(struct session *session, const struct trial *trial, const struct report *report,
                      const struct run_report *run)
{
    auto_buf struct buf what = BUF_FIXED(ERROR_TEXT_SIZE);
    static const char silent[] = "without saying why";

    if (!run->has_returned)
        return;
    if (!is_known(run->returned)) {
        buf_appendf(&what, "run returns %s", session_status_name(run->returned));
        add_sin(session, SIN_STATUS, trial, report, buf_text(&what));
    } else if (run->returned == PLEXCTL_INVALID) {
        add_sin(session, SIN_CONTRACT, trial, report, run->text);
    } else if (run->returned != PLEXCTL_OK && strstr(run->text, silent)) {
        buf_appendf(&what, "run returns %s %s", session_status_name(run->returned), silent);
        add_sin(session, SIN_SILENCE, trial, report, buf_text(&what));
    }
}

static void judge_secrets(struct session *session, const struct trial *trial, const struct trial_result *result)
{
    const struct {
        const char *name;
        const struct buf *text;
    } outputs[] = {{"standard output", &result->output}, {"standard error", &result->errors}};
    auto_buf struct buf what = BUF_FIXED(256);

    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
        for (size_t k = 0; k < session->secret_count; k++) {
            if (what.len || !guard_finds(&session->secrets[k], buf_text(outputs[i].text)))
                continue;
            buf_appendf(&what, "%s shows %s%s", outputs[i].name,
                        k == 0   ? "the token"
                        : k == 1 ? "the value of a SECRET"
                        : k == 2 ? "a stored token"
                                 : "a secret of a reply",
                        trial->is_debug ? ", with --debug" : "");
            add_sin(session, SIN_SECRET, trial, result->report, buf_text(&what));
        }
    }
}

static void judge(struct session *session, const struct trial *trial, const struct trial_result *result)
{
    const struct report *report = result->report;
    auto_buf struct buf what = BUF_FIXED(256);

    for (size_t i = 0; i < 2; i++)
        judge_run(session, trial, report, &report->runs[i]);
    if (report->wrote_itself)
        add_sin(session, SIN_PRINTING, trial, report,
                "something was written to standard output or error past the host");
    if (report->results > 1)
        buf_appendf(&what, "output->emit is called %u times", report->results);
    else if (report->lines_after_result)
        buf_appendf(&what, "output->line is called behind output->emit");
    if (what.len)
        add_sin(session, SIN_RESULTS, trial, report, buf_text(&what));
    if (report->change[0])
        add_sin(session, SIN_TRACES, trial, report, report->change);
    judge_secrets(session, trial, result);
}

/* Trials */

plexctl_status session_try(struct session *session, struct trial *trial, struct trial_result *ret_result,
                           struct error *err)
{
    trial->subject = session->subject;
    trial->line = session->line;
    trial->http = session->http;
    plexctl_status status = trial_run(trial, ret_result, err);
    if (status == PLEXCTL_OK)
        judge(session, trial, ret_result);
    return status;
}

struct keeping {
    struct session *session;
    plexctl_status status;
    struct error *err;
};

static void keep_secret(void *context, const char *text)
{
    struct keeping *keeping = context;
    struct session *session = keeping->session;

    if (keeping->status == PLEXCTL_OK && session->secret_count < SESSION_MAX_SECRETS)
        keeping->status = guard_add(&session->secrets[session->secret_count++], text, keeping->err);
}

plexctl_status session_begin(struct session *session, const struct subject *subject, const struct trial_line *line,
                             const struct http_module *http, struct error *err)
{
    struct keeping keeping = {session, PLEXCTL_OK, err};
    struct trial trial = {0};

    *session = (struct session){.subject = subject, .line = line, .http = http};
    keep_secret(&keeping, TRIAL_TOKEN);
    keep_secret(&keeping, TRIAL_SECRET);
    keep_secret(&keeping, TRIAL_STORED_TOKEN);
    recording_each_secret(keep_secret, &keeping);
    if (keeping.status != PLEXCTL_OK)
        return keeping.status;
    plexctl_status status = session_try(session, &trial, &session->plain, err);
    session->is_well =
        status == PLEXCTL_OK && session->plain.end == TRIAL_ENDED && session->plain.report->runs[0].has_returned;
    return status;
}

void session_release(struct session *session)
{
    for (size_t i = 0; i < session->secret_count; i++)
        guard_release(&session->secrets[i]);
    trial_result_release(&session->plain);
}
