/* SPDX-License-Identifier: Apache-2.0 */
#include "host.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "cancel.h"
#include "exit_code.h"
#include "host_internal.h"
#include "output.h"
#include "plugin_fault.h"
#include "progress.h"
#include "trace.h"

struct host *host_of(const struct plexctl_host *table)
{
    return (struct host *)(uintptr_t)table;
}

bool host_copy_record(void *ours, size_t ours_size, size_t least_size, const void *given)
{
    uint32_t given_size;

    memset(ours, 0, ours_size);
    if (!given)
        return false;
    memcpy(&given_size, given, sizeof given_size);
    if (given_size < least_size)
        return false;
    memcpy(ours, given, given_size < ours_size ? given_size : ours_size);
    return true;
}

/* error */

static plexctl_status error_fail(const struct plexctl_host *table, plexctl_status status, const char *text)
{
    auto_buf struct buf safe = BUF_FIXED(ERROR_TEXT_SIZE - 1);
    const char *said = text ? text : "";

    text_sanitise(&safe, said, strlen(said), ERROR_TEXT_SIZE - 1);
    return error_set(&host_of(table)->failure, status, "%s", buf_text(&safe));
}

static void error_add_prefix(const struct plexctl_host *table, const char *prefix)
{
    auto_buf struct buf safe = BUF_FIXED(ERROR_TEXT_SIZE - 1);
    const char *said = prefix ? prefix : "";

    text_sanitise(&safe, said, strlen(said), ERROR_TEXT_SIZE - 1);
    (void)error_prefix(&host_of(table)->failure, "%s", buf_text(&safe));
}

static void error_put_advice(const struct plexctl_host *table, const char *text)
{
    auto_buf struct buf safe = BUF_FIXED(ERROR_TEXT_SIZE - 1);

    if (text)
        text_sanitise(&safe, text, strlen(text), ERROR_TEXT_SIZE - 1);
    (void)error_advise(&host_of(table)->failure, text ? buf_text(&safe) : NULL);
}

static const char *error_get_advice(const struct plexctl_host *table)
{
    return error_advice(&host_of(table)->failure);
}

static const char *error_text(const struct plexctl_host *table)
{
    return host_of(table)->failure.text;
}

static int32_t error_exit_code(const struct plexctl_host *table, plexctl_status status)
{
    (void)table;
    return exit_code_of(status);
}

static const struct plexctl_host_error host_error = {.size = sizeof host_error,
                                                     .fail = error_fail,
                                                     .prefix = error_add_prefix,
                                                     .text = error_text,
                                                     .advise = error_put_advice,
                                                     .advice = error_get_advice,
                                                     .exit_code = error_exit_code};

/* values */

static const struct option_value *value_of(const struct plexctl_host *table, const char *name)
{
    return name ? option_values_find(&host_of(table)->app->values, name) : NULL;
}

static const struct option_value *value_or_persistent_of(const struct plexctl_host *table, const char *name)
{
    const struct option_value *value = value_of(table, name);
    return value || !name ? value : option_values_find(&host_of(table)->app->persistent, name);
}

static int32_t values_given(const struct plexctl_host *table, const char *name)
{
    const struct option_value *value = value_or_persistent_of(table, name);
    return value && value->given;
}

static const char *values_string(const struct plexctl_host *table, const char *name)
{
    const struct option_value *value = value_or_persistent_of(table, name);
    return value && value->type != PLEXCTL_BOOL ? value->text : NULL;
}

static int64_t values_integer(const struct plexctl_host *table, const char *name)
{
    const struct option_value *value = value_of(table, name);
    return value && (value->type == PLEXCTL_INT || value->type == PLEXCTL_DURATION) ? value->number : 0;
}

static int32_t values_boolean(const struct plexctl_host *table, const char *name)
{
    const struct option_value *value = value_of(table, name);
    return value && value->type == PLEXCTL_BOOL && value->number != 0;
}

static const struct plexctl_host_values host_values = {.size = sizeof host_values,
                                                       .given = values_given,
                                                       .string = values_string,
                                                       .integer = values_integer,
                                                       .boolean = values_boolean};

/* the run */

#define BROKE_CONTRACT "called a service against its contract"

static bool is_known(plexctl_status status)
{
    if (status == PLEXCTL_CANCELLED)
        return true;
    for (size_t i = 0; i < exit_code_count; i++) {
        if (exit_code_table[i].status == status)
            return true;
    }
    return false;
}

/* Standard input, output and error, as what they are open on. */
struct streams {
    struct stat found[STDERR_FILENO + 1];
};

static void look_at_streams(struct streams *ret_streams)
{
    *ret_streams = (struct streams){0};
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        (void)fstat(fd, &ret_streams->found[fd]);
}

/* Where it is closed, what is opened next takes its number, and what is meant for the operator. */
static bool has_closed_a_stream(const struct streams *before)
{
    struct streams now;

    look_at_streams(&now);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 || now.found[fd].st_dev != before->found[fd].st_dev ||
            now.found[fd].st_ino != before->found[fd].st_ino)
            return true;
    }
    return false;
}

static plexctl_status judge(const struct host *host, const struct streams *before, plexctl_status status,
                            struct error *err)
{
    const char *said = host->failure.text;
    char what[64];

    if (has_closed_a_stream(before))
        return plugin_fault_set(err, PLEXCTL_INVALID, "closed standard input, output or error", NULL);
    if (host->has_emitted_twice)
        return plugin_fault_set(err, PLEXCTL_INVALID, BROKE_CONTRACT, HOST_EMITTED_TWICE);
    if (status == PLEXCTL_OK)
        return PLEXCTL_OK;
    if (!is_known(status)) {
        (void)snprintf(what, sizeof what, "returned the unknown status %d", (int)status);
        return plugin_fault_set(err, PLEXCTL_FAILED, what, NULL);
    }
    if (status == PLEXCTL_INVALID)
        return plugin_fault_set(err, status, BROKE_CONTRACT, said[0] ? said : NULL);
    if (status == PLEXCTL_NOT_IMPLEMENTED && !said[0])
        return error_set(err, status, "%s: not implemented yet", host->app->command->name);
    if (!said[0]) {
        (void)snprintf(what, sizeof what, "failed with status %d, without saying why,", (int)status);
        return plugin_fault_set(err, status, what, NULL);
    }
    *err = host->failure;
    err->status = status;
    return status;
}

/* What it does to the signals that ask to stop must not outlast it: one that it held back comes through now. */
static plexctl_status run_command(const struct host *host)
{
    const struct app *app = host->app;
    sigset_t mask;

    (void)pthread_sigmask(SIG_SETMASK, NULL, &mask);
    plugin_fault_running(app->parent ? app->parent->name : app->command->name, app->parent ? app->command->name : NULL);
    plexctl_status status = app->command->run(&host->table);
    plugin_fault_returned();
    (void)pthread_sigmask(SIG_SETMASK, &mask, NULL);
    return status;
}

static plexctl_status begin(struct host *host, struct app *app)
{
    *host = (struct host){.table = {.size = sizeof host->table,
                                    .abi_minor = PLEXCTL_ABI_MINOR,
                                    .error = &host_error,
                                    .values = &host_values,
                                    .settings = &host_settings,
                                    .url = &host_url,
                                    .json = &host_json,
                                    .http = &host_http,
                                    .output = &host_output,
                                    .credentials = &host_credentials,
                                    .clock = &host_clock,
                                    .log = &host_log,
                                    .completion = &host_completion,
                                    .events = &host_events,
                                    .state = &host_state},
                          .app = app,
                          .events = EVENT_SINK_INIT,
                          .reply = HTTP_REPLY_INIT};
    return app->settings.token.text ? guard_add(&host->guard, app->settings.token.text, &host->failure) : PLEXCTL_OK;
}

static void end(struct host *host)
{
    host_http_release_all(host);
    host_json_release_all();
    event_sink_close(&host->events);
    state_store_free(host->state);
    free(host->foreseen);
    guard_release(&host->guard);
}

plexctl_status host_run(struct app *app, struct error *err)
{
    struct host host;
    struct streams before;
    plexctl_status status = begin(&host, app);

    look_at_streams(&before);
    if (status == PLEXCTL_OK)
        status = run_command(&host);
    progress_show(NULL);
    status = judge(&host, &before, status, err);
    guard_mask(&host.guard, err->text);
    end(&host);
    return status;
}

plexctl_status host_complete(struct app *app, plexctl_complete *complete, struct candidates *candidates,
                             struct error *err)
{
    struct host host;
    struct host_mute mute;
    plexctl_status status = begin(&host, app);

    host_mute(&host, &mute);
    host.candidates = candidates;
    if (status == PLEXCTL_OK)
        status = complete(&host.table, candidates->typed);
    end(&host);
    return status == PLEXCTL_NO_MEMORY ? error_no_memory(err) : PLEXCTL_OK;
}
