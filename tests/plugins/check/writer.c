/* SPDX-License-Identifier: Apache-2.0
 *
 * writer - writes to standard error itself.
 * fails: only the host prints
 */
#include <unistd.h>

#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    if (write(STDERR_FILENO, "fine\n", 5) != 5)
        return host->error->fail(host, PLEXCTL_FAILED, "not fine");
    return host->output->line(host, "fine");
}

BAD("writer", .run = run)
