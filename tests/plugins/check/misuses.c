/* SPDX-License-Identifier: Apache-2.0
 *
 * misuses - parses nothing into nothing.
 * fails: services are called as they ask
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    plexctl_status status = host->json->parse(host, NULL, 5, NULL);

    return status == PLEXCTL_OK ? host->output->line(host, "fine") : status;
}

BAD("misuses", .run = run)
