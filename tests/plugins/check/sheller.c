/* SPDX-License-Identifier: Apache-2.0
 *
 * sheller - calls system().
 * fails: no shell
 */
#include <stdlib.h>

#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    if (NEVER(host) && system("true") != 0)
        return PLEXCTL_FAILED;
    return host->output->line(host, "fine");
}

BAD("sheller", .run = run)
