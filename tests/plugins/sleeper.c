/* SPDX-License-Identifier: Apache-2.0
 *
 * sleeper - says "sleeping" and sleeps for an hour, or until a signal cancels it.
 */
#include <plexctl/plugin.h>

static plexctl_status sleeper_run(const struct plexctl_host *host)
{
    plexctl_status status = host->output->line(host, "sleeping");

    if (status != PLEXCTL_OK)
        return status;
    return host->clock->sleep_until_ms(host, host->clock->now_ms(host) + INT64_C(3600) * 1000);
}

static const struct plexctl_command sleeper = {
    .size = sizeof sleeper, .name = "sleeper", .summary = "Sleep until it is cancelled", .run = sleeper_run};
PLEXCTL_PLUGIN("sleeper", "1.0.0", "Sleep until it is cancelled", &sleeper)
