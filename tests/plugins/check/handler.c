/* SPDX-License-Identifier: Apache-2.0
 *
 * handler - would ignore SIGINT.
 * fails: no signal handler
 */
#include <signal.h>

#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    if (NEVER(host))
        (void)signal(SIGINT, SIG_IGN);
    return host->output->line(host, "fine");
}

BAD("handler", .run = run)
