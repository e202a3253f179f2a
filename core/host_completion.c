/* SPDX-License-Identifier: Apache-2.0
 *
 * The completion service, and what the other services are while a value is completed.
 */
#include "candidates.h"
#include "host_internal.h"

static plexctl_status offer(const struct plexctl_host *table, const char *value, const char *description)
{
    struct host *host = host_of(table);

    if (!value || !host->candidates)
        return error_set(&host->failure, PLEXCTL_INVALID,
                         value ? "completion->offer was called while nothing is completed"
                               : "completion->offer was called without a value");
    return candidates_add(host->candidates, value, description, &host->failure);
}

const struct plexctl_host_completion host_completion = {.size = sizeof host_completion, .offer = offer};

/* What the others are meanwhile */

static plexctl_status deny(const struct plexctl_host *table)
{
    return error_set(&host_of(table)->failure, PLEXCTL_DENIED,
                     "nothing is shown or changed while a value is completed");
}

static plexctl_status deny_tree(const struct plexctl_host *table, const struct plexctl_json *tree)
{
    (void)tree;
    return deny(table);
}

static plexctl_status deny_text(const struct plexctl_host *table, const char *text)
{
    (void)text;
    return deny(table);
}

static plexctl_status deny_put(const struct plexctl_host *table, const char *name, const struct plexctl_json *value,
                               int64_t expires_unix_s)
{
    (void)name, (void)value, (void)expires_unix_s;
    return deny(table);
}

static plexctl_status deny_prepare(const struct plexctl_host *table, uint32_t needs, const char *server)
{
    (void)needs, (void)server;
    return deny(table);
}

static void ignore_text(const struct plexctl_host *table, const char *text)
{
    (void)table, (void)text;
}

static int32_t deny_progress(const struct plexctl_host *table)
{
    (void)table;
    return 0;
}

static plexctl_status deny_draw(const struct plexctl_host *table, const uint8_t *modules, uint32_t width)
{
    (void)modules, (void)width;
    return deny(table);
}

void host_mute(struct host *host, struct host_mute *ret_mute)
{
    *ret_mute = (struct host_mute){
        .settings = *host->table.settings, .output = host_output, .events = host_events, .state = host_state};
    ret_mute->settings.prepare = deny_prepare;
    ret_mute->output.emit = deny_tree;
    ret_mute->output.line = deny_text;
    ret_mute->output.confirm = deny_text;
    ret_mute->output.warn = ignore_text;
    ret_mute->output.progress = ignore_text;
    ret_mute->output.shows_progress = deny_progress;
    ret_mute->output.link = deny_text;
    ret_mute->output.draw_modules = deny_draw;
    ret_mute->output.open_browser = deny_text;
    ret_mute->output.copy_to_clipboard = deny_text;
    ret_mute->events.open = deny_text;
    ret_mute->events.write = deny_tree;
    ret_mute->state.hold = deny_text;
    ret_mute->state.put = deny_put;
    ret_mute->state.remove = deny_text;
    host->table.settings = &ret_mute->settings;
    host->table.output = &ret_mute->output;
    host->table.events = &ret_mute->events;
    host->table.state = &ret_mute->state;
}
