/* SPDX-License-Identifier: Apache-2.0
 *
 * search-path - has a relative RUNPATH.
 * fails: libraries are not looked for below the current directory
 * flags: -Wl,-rpath,lib
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, "fine");
}

BAD("search-path", .run = run)
