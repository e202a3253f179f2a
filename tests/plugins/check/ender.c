/* SPDX-License-Identifier: Apache-2.0
 *
 * ender - calls exit().
 * fails: nothing ends the process
 */
#include <stdlib.h>

#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    if (NEVER(host))
        exit(3);
    return host->output->line(host, "fine");
}

BAD("ender", .run = run)
