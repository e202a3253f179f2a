/* SPDX-License-Identifier: Apache-2.0
 *
 * leaver - leaves a file open.
 * fails: the process is left as it was
 */
#include <fcntl.h>

#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, open("/dev/null", O_RDONLY) >= 0 ? "open" : "closed");
}

BAD("leaver", .run = run)
