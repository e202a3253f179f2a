/* SPDX-License-Identifier: Apache-2.0
 *
 * The judges of run_checks, and their table.
 */
#include <string.h>

#include "check/recording.h"
#include "check/run_checks.h"

/* So many calls are made to fail, each in a run of its own: the first ones and the last ones. */
#define MOST_FAULTS 48

#define WELL "that run returns a status"

/* Plain runs */

static plexctl_status judge_plain(const struct run_check *check, struct session *session, struct verdict *verdict,
                                  struct error *err)
{
    const struct run_report *run = &session->plain.report->runs[0];
    auto_buf struct buf text = BUF_INIT(VERDICT_TEXT_MAX_BYTES);

    (void)err;
    trial_describe_end(&session->plain, &text);
    if (text.len) {
        verdict_fail(verdict, check->wanted, check->fix, "it %s", buf_text(&text));
        return PLEXCTL_OK;
    }
    session_quote(session, run->text, &text);
    if (!run->has_begun)
        verdict_fail(verdict, "a command line that plexctl takes", "give one behind \"--\"", "run is not called: %s",
                     buf_text(&text));
    else if (run->returned != PLEXCTL_OK)
        verdict_note(verdict, "it returns %s: %s", session_status_name(run->returned), buf_text(&text));
    if (run->has_begun && run->returned != PLEXCTL_OK && session->plain.report->calls[FAULT_500])
        verdict_note(verdict, "more is tried where --replies gives what it asks for");
    if (session->plain.report->unanswered[0])
        verdict_note(verdict, "there is no reply to %s among --replies", session->plain.report->unanswered);
    return PLEXCTL_OK;
}

static bool is_same(const struct run_report *one, const struct run_report *other)
{
    return one->returned == other->returned && one->status == other->status;
}

static void say_statuses(const struct run_report *one, const struct run_report *other, const char *when,
                         const struct run_check *check, struct verdict *verdict)
{
    auto_buf struct buf first = BUF_FIXED(64);

    buf_append_text(&first, session_status_name(one->returned));
    verdict_fail(verdict, check->wanted, check->fix, "it returns %s, but %s %s", buf_text(&first), when,
                 session_status_name(other->returned));
}

static plexctl_status judge_twice(const struct run_check *check, struct session *session, struct verdict *verdict,
                                  struct error *err)
{
    struct trial trial = {.is_twice = true};
    struct trial_result result;
    auto_buf struct buf end = BUF_INIT(VERDICT_TEXT_MAX_BYTES);
    plexctl_status status = session_try(session, &trial, &result, err);

    if (status == PLEXCTL_OK) {
        const struct run_report *runs = result.report->runs;
        size_t first = runs[0].output_size, second = runs[1].output_size - first;
        trial_describe_end(&result, &end);
        if (end.len)
            verdict_fail(verdict, check->wanted, check->fix, "when it is run again, it %s", buf_text(&end));
        else if (!is_same(&runs[0], &runs[1]))
            say_statuses(&runs[0], &runs[1], "the second time", check, verdict);
        else if (first != second || first + second > result.output.len ||
                 (first && memcmp(result.output.data, result.output.data + first, first) != 0))
            verdict_fail(verdict, check->wanted, check->fix, "the second run prints something else");
    }
    trial_result_release(&result);
    return status;
}

static plexctl_status judge_age(const struct run_check *check, struct session *session, const struct host_age *age,
                                struct verdict *verdict, struct error *err)
{
    struct trial trial = {.age = *age};
    struct trial_result result;
    auto_buf struct buf end = BUF_INIT(VERDICT_TEXT_MAX_BYTES);
    unsigned minor = PLEXCTL_ABI_MINOR - age->back + (age->is_later ? 1 : 0);
    plexctl_status status = session_try(session, &trial, &result, err);

    if (status == PLEXCTL_OK) {
        trial_describe_end(&result, &end);
        if (end.len)
            verdict_fail(verdict, check->wanted, check->fix, "with the tables of ABI %d.%u it %s", PLEXCTL_ABI_MAJOR,
                         minor, buf_text(&end));
        else if (!is_same(&session->plain.report->runs[0], &result.report->runs[0]))
            say_statuses(&session->plain.report->runs[0], &result.report->runs[0],
                         age->is_later ? "on a later plexctl" : "where tables end as they should", check, verdict);
    }
    trial_result_release(&result);
    return status;
}

/* This one's own minor too: what is read behind the end of its tables is behind that of older ones as well. */
static plexctl_status judge_older(const struct run_check *check, struct session *session, struct verdict *verdict,
                                  struct error *err)
{
    uint32_t most = PLEXCTL_ABI_MINOR - session->subject->note.abi_minor;
    plexctl_status status = PLEXCTL_OK;

    for (struct host_age age = {.is_walled = true}; status == PLEXCTL_OK && age.back <= most; age.back++)
        status = judge_age(check, session, &age, verdict, err);
    return status;
}

static plexctl_status judge_later(const struct run_check *check, struct session *session, struct verdict *verdict,
                                  struct error *err)
{
    return judge_age(check, session, &(struct host_age){.is_walled = true, .is_later = true}, verdict, err);
}

/* Faults */

static bool may_not_be_ok(const char *hit, int kind)
{
    return kind == FAULT_NO_MEMORY || kind == FAULT_CANCEL || strcmp(hit, "output->emit") == 0 ||
           strcmp(hit, "output->line") == 0;
}

static bool is_of_http(int kind)
{
    return kind == FAULT_TIMEOUT || kind == FAULT_401 || kind == FAULT_403 || kind == FAULT_429 || kind == FAULT_500;
}

/* A run in which call `at` failed. */
struct faulted {
    const struct trial_result *result;
    unsigned at;
    bool is_tried_again; /* with more calls than the plain run */
};

static void judge_fault(const struct run_check *check, const struct faulted *faulted, struct verdict *verdict)
{
    const struct report *report = faulted->result->report;
    const struct run_report *run = &report->runs[0];
    auto_buf struct buf end = BUF_INIT(VERDICT_TEXT_MAX_BYTES);

    if (!report->hit[0])
        return;
    trial_describe_end(faulted->result, &end);
    if (end.len)
        verdict_fail(verdict, check->wanted, check->fix, "when call %u, %s, fails so, it %s", faulted->at, report->hit,
                     buf_text(&end));
    else if (check->kind == FAULT_CANCEL && run->returned != PLEXCTL_CANCELLED)
        verdict_fail(verdict, check->wanted, check->fix, "%s answers PLEXCTL_CANCELLED, and run returns %s",
                     report->hit, session_status_name(run->returned));
    else if (run->returned == PLEXCTL_OK &&
             (is_of_http(check->kind) ? !faulted->is_tried_again : may_not_be_ok(report->hit, check->kind)))
        verdict_fail(verdict, check->wanted, check->fix, "when call %u, %s, fails so, run returns PLEXCTL_OK",
                     faulted->at, report->hit);
}

static plexctl_status judge_faults(const struct run_check *check, struct session *session, struct verdict *verdict,
                                   struct error *err)
{
    unsigned count = session->plain.report->calls[check->kind];
    plexctl_status status = PLEXCTL_OK;

    if (!count)
        verdict_skip(verdict, "it calls no service that can fail so");
    for (unsigned at = 1; status == PLEXCTL_OK && verdict->kind == VERDICT_PASS && at <= count; at++) {
        struct trial trial = {.fault = {check->kind, at}};
        struct trial_result result;
        if (count > MOST_FAULTS && at == MOST_FAULTS / 2 + 1)
            at = count - MOST_FAULTS / 2 + 1;
        trial.fault.at = at;
        status = session_try(session, &trial, &result, err);
        if (status == PLEXCTL_OK)
            judge_fault(check, &(struct faulted){&result, at, result.report->calls[check->kind] > count}, verdict);
        trial_result_release(&result);
    }
    if (count > MOST_FAULTS)
        verdict_note(verdict, "of %u calls that can fail so, the first %d and the last %d did", count, MOST_FAULTS / 2,
                     MOST_FAULTS / 2);
    return status;
}

/* Sins */

static plexctl_status judge_sin(const struct run_check *check, struct session *session, struct verdict *verdict,
                                struct error *err)
{
    (void)err;
    if (session->sins[check->kind][0])
        verdict_fail(verdict, check->wanted, check->fix, "%s", session->sins[check->kind]);
    return PLEXCTL_OK;
}

static plexctl_status judge_secret(const struct run_check *check, struct session *session, struct verdict *verdict,
                                   struct error *err)
{
    struct trial trial = {.is_debug = true};
    struct trial_result result;
    plexctl_status status = session_try(session, &trial, &result, err);

    trial_result_release(&result);
    return status == PLEXCTL_OK ? judge_sin(check, session, verdict, err) : status;
}

#define HTTP_WANTED "that run returns a failure, or sends again"
#define HTTP_FIX "look at what http->send answers and at reply->status before anything else of the reply"

const struct run_check run_checks[] = {
    {"it runs", "a plugin that crashes or hangs takes plexctl with it", judge_plain, 0, WELL,
     "run it in a debugger: PLEXCTL_PLUGIN_PATH=$PWD gdb --args plexctl ..."},
    {"two runs in one process are the same", "what a run leaves behind is for nobody to find", judge_twice, 0,
     "the same status and the same output", "set what is static at the start of run, or keep it in run"},
    {"it runs on each plexctl that it says it needs", "a member of a later minor may be absent (plugin.h, PLEXCTL_HAS)",
     judge_older, 0, "a run like that on this plexctl, or one without what is not there",
     "ask PLEXCTL_HAS before the call, or raise PLEXCTL_PLUGIN_MINOR"},
    {"it runs on a later plexctl", "tables grow at the end, and abi_minor with them (plugin.h)", judge_later, 0,
     "a run like that on this plexctl", "compare no size for equality, and read nothing beyond your own header"},
    {"out of memory is survived", "a service that finds no memory says so; it is a status", judge_faults,
     FAULT_NO_MEMORY, "that run returns PLEXCTL_NO_MEMORY or another failure",
     "look at what each service returns; builders may answer NULL"},
    {"a service that fails is survived", "each service says in plugin.h how it fails", judge_faults, FAULT_FAILED,
     "that run returns a status, a failure where the output was lost", "look at what each service returns"},
    {"no reply in time is survived", "http->send: UNREACHABLE", judge_faults, FAULT_TIMEOUT, HTTP_WANTED, HTTP_FIX},
    {"a reply of 401 is survived", "http->send: OK, and reply->status is 401", judge_faults, FAULT_401, HTTP_WANTED,
     HTTP_FIX},
    {"a reply of 403 is survived", "http->send: DENIED", judge_faults, FAULT_403, HTTP_WANTED, HTTP_FIX},
    {"a reply of 429 is survived", "http->send: OK, and reply->status is 429", judge_faults, FAULT_429, HTTP_WANTED,
     HTTP_FIX},
    {"a reply of 500 is survived", "http->send: OK, and reply->status is 500", judge_faults, FAULT_500, HTTP_WANTED,
     HTTP_FIX},
    {"a signal is obeyed", "a blocking service answers PLEXCTL_CANCELLED: return that status (plugin.h, Signals)",
     judge_faults, FAULT_CANCEL, "that run returns PLEXCTL_CANCELLED, soon",
     "hand PLEXCTL_CANCELLED through from wherever it comes"},
    {"statuses are known ones", "a value that is in no list is a fault of the plugin (plugin.h, Status)", judge_sin,
     SIN_STATUS, "one of plugin.h's list", "return a PLEXCTL_... constant"},
    {"services are called as they ask", "PLEXCTL_INVALID is a fault of the plugin (plugin.h, Failure)", judge_sin,
     SIN_CONTRACT, "no PLEXCTL_INVALID", "see the service's comment in plugin.h"},
    {"failures say why", "what failed, on what, why, and how to mend it (plugin.h, error)", judge_sin, SIN_SILENCE,
     "a recorded line", "return host->error->fail(host, status, \"...\")"},
    {"only the host prints", "write nothing to stdin, stdout or stderr yourself (plugin.h, Output)", judge_sin,
     SIN_PRINTING, "all output by the host's services", "use output->emit, line, warn and log->debug"},
    {"there is one result", "emit: once a run, after everything else (plugin.h, output)", judge_sin, SIN_RESULTS,
     "one result, or lines", "put what belongs together into one array, and emit that"},
    {"the process is left as it was", "plexctl, and what runs after the plugin, live in the same process", judge_sin,
     SIN_TRACES, "no change", "close, join and restore what run opened, started and changed"},
    {"no secret is shown", "a secret is on no output, not with --debug either", judge_secret, SIN_SECRET,
     "no token, no value of a SECRET and no secret of a reply, not encoded either",
     "use json->set_secret for what belongs into the result, and output->guard for what a server may say back"},
};
const size_t run_check_count = sizeof run_checks / sizeof run_checks[0];
