/* SPDX-License-Identifier: Apache-2.0
 *
 * slow-load - computes for 300 ms in a constructor.
 * fails: it loads quickly
 */
#include <time.h>

#include "bad.h"

__attribute__((constructor)) static void compute(void)
{
    const clock_t end = clock() + 3 * (CLOCKS_PER_SEC / 10);

    while (clock() < end)
        ;
}

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, "fine");
}

BAD("slow-load", .run = run)
