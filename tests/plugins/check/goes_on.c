/* SPDX-License-Identifier: Apache-2.0
 *
 * goes-on - does not look at how its sleep ended.
 * fails: a signal is obeyed
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    (void)host->clock->sleep_until_ms(host, host->clock->now_ms(host) + 1000);
    return host->output->line(host, "fine");
}

BAD("goes-on", .run = run)
