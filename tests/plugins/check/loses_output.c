/* SPDX-License-Identifier: Apache-2.0
 *
 * loses-output - says that all is well when its output was lost.
 * fails: a service that fails is survived
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    plexctl_status status = host->output->line(host, "fine");

    return status == PLEXCTL_NO_MEMORY ? status : PLEXCTL_OK;
}

BAD("loses-output", .run = run)
