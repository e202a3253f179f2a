/* SPDX-License-Identifier: Apache-2.0
 *
 * opener - opens a file in a constructor, and keeps it.
 * fails: constructors change nothing
 */
#include <fcntl.h>

#include "bad.h"

static int kept = -1;

__attribute__((constructor)) static void keep(void)
{
    kept = open("/dev/null", O_RDONLY);
}

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, kept >= 0 ? "open" : "closed");
}

BAD("opener", .run = run)
