/* SPDX-License-Identifier: Apache-2.0 */
#include "check/trial.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "check/recording.h"
#include "check/surroundings.h"
#include "child.h"
#include "host.h"
#include "output.h"
#include "preconditions.h"
#include "trace.h"

#define OUTPUT_MAX_BYTES ((size_t)16 << 20)

/* The environment */

plexctl_status trial_enter(const struct subject *subject, struct error *err)
{
    const struct {
        const char *name, *value;
    } variables[] = {{"HOME", subject->home},
                     {"XDG_CONFIG_HOME", subject->config_home},
                     {"XDG_STATE_HOME", subject->config_home},
                     {"PATH", "/usr/bin:/bin"},
                     {"LC_ALL", "C.UTF-8"},
                     {"TZ", "UTC"},
                     {"PLEXSPHERE_URL", TRIAL_SERVER},
                     {"PLEXSPHERE_TOKEN", TRIAL_TOKEN}};

    (void)clearenv();
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        if (setenv(variables[i].name, variables[i].value, 1) != 0)
            return error_no_memory(err);
    }
    if (chdir(subject->work) != 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "%s", subject->work);
    return PLEXCTL_OK;
}

/* In the child */

static struct {
    const struct trial *trial;
    const struct plexctl_command *command; /* the plugin's own record of what runs */
    struct report *report;
    struct run_report *run;
} now;

/* In the place of the plugin's run. */
static plexctl_status run_between(const struct plexctl_host *host)
{
    plexctl_status status = services_begin(host, &now.trial->fault, &now.trial->age, now.report);

    if (status != PLEXCTL_OK)
        return status;
    now.run->has_begun = true;
    now.run->returned = now.command->run(host);
    now.run->has_returned = true;
    services_end();
    return now.run->returned;
}

static plexctl_status parse_line(struct app *app, const struct plexctl_command *record, struct error *err)
{
    static char program[] = "plexctl", yes[] = "--yes", debug[] = "--debug";
    const struct trial_line *line = now.trial->line;
    int count = 0;
    const char *word = NULL;
    char **argv = calloc((size_t)line->count + 4, sizeof *argv);

    if (!argv)
        return error_no_memory(err);
    argv[count++] = program;
    argv[count++] = yes;
    if (now.trial->is_debug)
        argv[count++] = debug;
    memcpy(argv + count, line->words, (size_t)line->count * sizeof *argv);
    count += line->count;
    struct option_line words = {.argc = count, .argv = argv, .persistent = &app->persistent, .values = &app->values};
    plexctl_status status = options_split(&words, &word, err);
    if (status == PLEXCTL_OK)
        status = options_parse(&words, record, &app->command, err);
    free(argv); /* the values point to the words, not into it */
    return status;
}

static plexctl_status prepare(struct app *app, struct plexctl_command *command, struct error *err)
{
    const char *output = option_values_text(&app->persistent, "output");

    trace_configure(&app->persistent);
    if (!app->command->run || option_values_is_set(&app->persistent, "help"))
        return error_set(err, PLEXCTL_USAGE, "the command line runs nothing: it asks for help, or names no subcommand");
    app->may_save = now.trial->subject->is_own && (app->command->needs & PLEXCTL_NEEDS_CREDENTIALS);
    plexctl_status status = output ? output_format_parse(output, &app->format, err) : PLEXCTL_OK;
    if (status == PLEXCTL_OK)
        status = preconditions_meet(app, err);
    now.command = app->command;
    memcpy(command, app->command, app->command->size < sizeof *command ? app->command->size : sizeof *command);
    command->run = run_between;
    app->command = command;
    return status;
}

static plexctl_status run_once(struct loader *loader, const struct plexctl_command *record, struct error *err)
{
    struct plexctl_command command = {0};
    struct app app = {.loader = loader};
    plexctl_status status = credential_store_new(output_warning, &app.store, err);

    recording_rewind();
    if (status == PLEXCTL_OK)
        status = parse_line(&app, record, err);
    settings_init(&app.settings, &app.persistent, app.store);
    if (status == PLEXCTL_OK)
        status = prepare(&app, &command, err);
    if (status == PLEXCTL_OK)
        status = host_run(&app, err);
    settings_release(&app.settings);
    option_values_release(&app.values);
    option_values_release(&app.persistent);
    credential_store_free(app.store);
    return status;
}

static void run_and_keep(struct loader *loader, const struct plexctl_command *record, struct run_report *run)
{
    struct error failure = ERROR_INIT;

    now.run = run;
    run->status = run_once(loader, record, &failure);
    if (failure.text[0])
        output_error(failure.text);
    (void)snprintf(run->text, sizeof run->text, "%s", failure.text);
    run->output_size = (size_t)lseek(STDOUT_FILENO, 0, SEEK_END);
}

static void look_around(struct surroundings *before)
{
    struct surroundings after = SURROUNDINGS_INIT;
    auto_buf struct buf change = BUF_FIXED(sizeof now.report->change - 1);

    surroundings_take(&after, now.trial->subject->home);
    surroundings_compare(before, &after, NULL, &change);
    (void)snprintf(now.report->change, sizeof now.report->change, "%s", buf_text(&change));
    surroundings_release(&after);
    surroundings_release(before);
}

struct job {
    const struct trial *trial;
    struct report *report;
    int output_fd, errors_fd;
};

static void run_in_child(void *context, struct buf *answer)
{
    const struct job *job = context;
    struct loader *loader = NULL;
    struct loaded_plugin plugin = {0};
    struct error failure = ERROR_INIT;
    struct surroundings before = SURROUNDINGS_INIT;

    (void)answer;
    now.trial = job->trial;
    now.report = job->report;
    (void)dup2(job->output_fd, STDOUT_FILENO);
    (void)dup2(job->errors_fd, STDERR_FILENO);
    plexctl_status status = trial_enter(job->trial->subject, &failure);
    if (status == PLEXCTL_OK)
        status = subject_load(job->trial->subject, &loader, &plugin, &failure);
    if (status != PLEXCTL_OK) {
        now.report->runs[0].status = status;
        (void)snprintf(now.report->runs[0].text, sizeof failure.text, "%s", failure.text);
        return;
    }
    loader_put_http(loader, job->trial->http);
    surroundings_take(&before, job->trial->subject->home);
    run_and_keep(loader, plugin.plugin->command, &now.report->runs[0]);
    if (job->trial->is_twice)
        run_and_keep(loader, plugin.plugin->command, &now.report->runs[1]);
    (void)snprintf(now.report->unanswered, sizeof now.report->unanswered, "%s", recording_unanswered());
    look_around(&before);
    loaded_plugin_release(&plugin);
    loader_free(loader);
}

/* In the parent */

static plexctl_status read_back(int fd, struct buf *out, struct error *err)
{
    (void)lseek(fd, 0, SEEK_SET);
    return file_read_all(fd, out, err);
}

static plexctl_status run_child(struct job *job, struct trial_result *result, struct error *err)
{
    struct child child = {.run = run_in_child, .context = job, .limit_ms = TRIAL_LIMIT_MS};
    auto_buf struct buf answer = BUF_INIT(16);
    plexctl_status status = child_run(&child, &answer, err);

    result->how = child.how;
    if (child.is_late)
        result->end = TRIAL_LATE;
    else if (!child.has_answered)
        result->end = WIFSIGNALED(child.how) ? TRIAL_CRASHED : TRIAL_EXITED;
    if (status == PLEXCTL_OK)
        status = read_back(job->output_fd, &result->output, err);
    return status == PLEXCTL_OK ? read_back(job->errors_fd, &result->errors, err) : status;
}

plexctl_status trial_run(const struct trial *trial, struct trial_result *ret_result, struct error *err)
{
    auto_fd int output_fd = memfd_create("output", MFD_CLOEXEC);
    auto_fd int errors_fd = memfd_create("errors", MFD_CLOEXEC);
    struct report *report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    *ret_result = (struct trial_result){.report = report == MAP_FAILED ? NULL : report,
                                        .output = BUF_INIT(OUTPUT_MAX_BYTES),
                                        .errors = BUF_INIT(OUTPUT_MAX_BYTES)};
    if (output_fd < 0 || errors_fd < 0 || report == MAP_FAILED)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot keep a command's output");
    struct job job = {trial, report, output_fd, errors_fd};
    return run_child(&job, ret_result, err);
}

void trial_result_release(struct trial_result *result)
{
    if (result->report)
        (void)munmap(result->report, sizeof *result->report);
    buf_release(&result->output);
    buf_release(&result->errors);
}

void trial_describe_end(const struct trial_result *result, struct buf *out)
{
    const char *last = result->report->last;

    if (result->report->is_endless)
        buf_appendf(out, "goes on calling %s without end", last);
    else if (result->end == TRIAL_LATE)
        buf_appendf(out, "still ran after %d s", TRIAL_LIMIT_MS / 1000);
    else if (result->end == TRIAL_CRASHED)
        buf_appendf(out, "crashed (signal %d, %s)", WTERMSIG(result->how),
                    sigabbrev_np(WTERMSIG(result->how)) ? sigabbrev_np(WTERMSIG(result->how)) : "unknown");
    else if (result->end == TRIAL_EXITED)
        buf_appendf(out, "ended the process (exit code %d)", WEXITSTATUS(result->how));
    if (out->len && last[0] && !result->report->is_endless)
        buf_appendf(out, "; the last service it called is %s", last);
}

/* The home */

static void save_profile(void *context, struct buf *answer)
{
    const struct subject *subject = context;
    struct credential_store *store = NULL;
    static char server[] = TRIAL_SERVER, name[] = "default", type[] = "Bearer", expiry[] = "2099-01-01T00:00:00Z";
    struct credential credential = {.name = name, .server = server, .token_type = type, .expires_at = expiry};
    struct error failure = ERROR_INIT;
    plexctl_status status = trial_enter(subject, &failure);

    if (status == PLEXCTL_OK)
        status = secret_set(&credential.token, TRIAL_STORED_TOKEN, strlen(TRIAL_STORED_TOKEN), &failure);
    if (status == PLEXCTL_OK)
        status = credential_store_new(output_warning, &store, &failure);
    if (status == PLEXCTL_OK)
        (void)credential_store_save(store, &credential, -1, &failure);
    buf_append_text(answer, failure.text);
}

plexctl_status trial_prepare_home(const struct subject *subject, struct error *err)
{
    struct child child = {.run = save_profile, .context = (void *)(uintptr_t)subject, .limit_ms = TRIAL_LIMIT_MS};
    auto_buf struct buf answer = BUF_INIT(ERROR_TEXT_SIZE);
    plexctl_status status = child_run(&child, &answer, err);

    if (status == PLEXCTL_OK && (!child.has_answered || answer.len))
        return error_set(err, PLEXCTL_FAILED, "cannot prepare a home to try the plugin in: %s", buf_text(&answer));
    return status;
}
