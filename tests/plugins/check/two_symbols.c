/* SPDX-License-Identifier: Apache-2.0
 *
 * two-symbols - exports a function of its own.
 * fails: one symbol is exported
 */
#include "bad.h"

int plexctl_helper(int number);

int plexctl_helper(int number)
{
    return number + 1;
}

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, "fine");
}

BAD("two-symbols", .run = run)
