/* SPDX-License-Identifier: Apache-2.0
 *
 * wild-text - has a pointer to nowhere in its record.
 * fails: help and man page can be shown
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, "fine");
}

BAD("wild-text", .examples = (const char *)16, .run = run)
