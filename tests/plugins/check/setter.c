/* SPDX-License-Identifier: Apache-2.0
 *
 * setter - calls setenv().
 * fails: the environment stays
 */
#include <stdlib.h>

#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    if (NEVER(host))
        (void)setenv("LANG", "C", 1);
    return host->output->line(host, "fine");
}

BAD("setter", .run = run)
