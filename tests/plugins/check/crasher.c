/* SPDX-License-Identifier: Apache-2.0
 *
 * crasher - follows a NULL pointer.
 * fails: it runs
 */
#include "bad.h"

static const char *volatile nothing;

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, nothing[0] ? "fine" : "");
}

BAD("crasher", .run = run)
