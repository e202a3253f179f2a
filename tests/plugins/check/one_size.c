/* SPDX-License-Identifier: Apache-2.0
 *
 * one-size - wants the host's table to be as large as its own header has it.
 * fails: it runs on a later plexctl
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    if (host->size != sizeof *host)
        return host->error->fail(host, PLEXCTL_FAILED, "another plexctl");
    return host->output->line(host, "fine");
}

BAD("one-size", .run = run)
