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

/* output, while nothing is to be shown */

static plexctl_status deny(const struct plexctl_host *table)
{
    return error_set(&host_of(table)->failure, PLEXCTL_DENIED, "nothing is shown while a value is completed");
}

static plexctl_status deny_emit(const struct plexctl_host *table, const struct plexctl_json *result)
{
    (void)result;
    return deny(table);
}

static plexctl_status deny_text(const struct plexctl_host *table, const char *text)
{
    (void)text;
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
    return deny_text(table, NULL);
}

void host_mute_output(struct plexctl_host_output *ret_output)
{
    *ret_output = host_output;
    ret_output->emit = deny_emit;
    ret_output->line = deny_text;
    ret_output->confirm = deny_text;
    ret_output->warn = ignore_text;
    ret_output->progress = ignore_text;
    ret_output->shows_progress = deny_progress;
    ret_output->link = deny_text;
    ret_output->draw = deny_draw;
    ret_output->open = deny_text;
    ret_output->copy = deny_text;
}
