/* SPDX-License-Identifier: Apache-2.0
 *
 * counter - knows how often it has run.
 * fails: two runs in one process are the same
 */
#include "bad.h"

static int runs;

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, runs++ ? "again" : "first");
}

BAD("counter", .run = run)
