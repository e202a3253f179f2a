/* SPDX-License-Identifier: Apache-2.0
 *
 * named-otherwise - serves another command than its file is named for.
 * fails: the note fits
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, "fine");
}

BAD("another", .run = run)
