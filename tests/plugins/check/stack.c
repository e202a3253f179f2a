/* SPDX-License-Identifier: Apache-2.0
 *
 * stack - makes the stack executable.
 * fails: no executable stack
 * flags: -Wl,-z,execstack
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, "fine");
}

BAD("stack", .run = run)
