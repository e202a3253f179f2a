/* SPDX-License-Identifier: Apache-2.0
 *
 * printer - calls puts().
 * fails: nothing prints but plexctl
 */
#include <stdio.h>

#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    if (NEVER(host))
        (void)puts("fine");
    return host->output->line(host, "fine");
}

BAD("printer", .run = run)
