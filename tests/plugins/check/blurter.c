/* SPDX-License-Identifier: Apache-2.0
 *
 * blurter - says the password that it was given.
 * fails: no secret is shown
 */
#include "bad.h"

static const struct plexctl_flag flags[] = {{.name = "password", .help = "A password", .type = PLEXCTL_SECRET}};

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, host->values->string(host, "password"));
}

BAD("blurter", .flags = PLEXCTL_ROWS(flags), .run = run)
