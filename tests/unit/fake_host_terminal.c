/* SPDX-License-Identifier: Apache-2.0
 *
 * What the output service of fake_host does for a terminal, where it keeps what was asked for, and fails as it is told;
 * and the log service.
 */
#include <check.h>
#include <stdio.h>

#include "fake_host.h"

void fake_host_progress(const struct plexctl_host *table, const char *text)
{
    struct fake_host *fake = fake_host_of(table);

    fake->is_progress_left = fake->shows_progress && text;
    if (!fake->is_progress_left)
        return;
    ck_assert_uint_lt(fake->progress_count, FAKE_HOST_ROWS);
    (void)snprintf(fake->progress[fake->progress_count++], sizeof fake->progress[0], "%s", text);
}

int32_t fake_host_shows_progress(const struct plexctl_host *table)
{
    return fake_host_of(table)->shows_progress;
}

plexctl_status fake_host_link(const struct plexctl_host *table, const char *url)
{
    fake_host_of(table)->link_count++;
    return table->output->line(table, url);
}

static plexctl_status answer(struct fake_host *fake, plexctl_status status)
{
    return status == PLEXCTL_OK ? status : error_set(&fake->failure, status, "it cannot be");
}

plexctl_status fake_host_draw_modules(const struct plexctl_host *table, const uint8_t *modules, uint32_t width)
{
    struct fake_host *fake = fake_host_of(table);

    for (uint32_t i = 0; i < width * width; i++)
        ck_assert_uint_le(modules[i], 1);
    fake->drawn_width = width;
    return answer(fake, fake->draw_status);
}

plexctl_status fake_host_open_browser(const struct plexctl_host *table, const char *url)
{
    struct fake_host *fake = fake_host_of(table);

    (void)snprintf(fake->opened, sizeof fake->opened, "%s", url);
    return answer(fake, fake->open_status);
}

plexctl_status fake_host_copy_to_clipboard(const struct plexctl_host *table, const char *text)
{
    struct fake_host *fake = fake_host_of(table);

    (void)snprintf(fake->copied, sizeof fake->copied, "%s", text);
    return answer(fake, fake->copy_status);
}

static void debug(const struct plexctl_host *table, const char *text)
{
    buf_appendf(&fake_host_of(table)->trace, "%s\n", text);
}

const struct plexctl_host_log fake_host_log = {.size = sizeof fake_host_log, .debug = debug};
