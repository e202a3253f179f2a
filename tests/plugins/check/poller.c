/* SPDX-License-Identifier: Apache-2.0
 *
 * poller - asks again and again, without end.
 * fails: it runs
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    while (host->clock->sleep_until_ms(host, host->clock->now_ms(host) + 1000) == PLEXCTL_OK)
        ;
    return PLEXCTL_CANCELLED;
}

BAD("poller", .run = run)
