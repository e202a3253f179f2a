/* SPDX-License-Identifier: Apache-2.0
 *
 * reads-beyond - looks for a service where a later table would have it.
 * fails: it runs on each plexctl that it says it needs
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    const void *const volatile *later = (const void *const *)(host->output + 1);

    return host->output->line(host, *later ? "fine" : "also fine");
}

BAD("reads-beyond", .run = run)
