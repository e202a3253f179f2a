/* SPDX-License-Identifier: Apache-2.0
 *
 * odd-status - ends with a status that is in no list.
 */
#include <plexctl/plugin.h>

static plexctl_status odd_status_run(const struct plexctl_host *host)
{
    (void)host;
    return 4711;
}

static const struct plexctl_command odd_status = {
    .size = sizeof odd_status, .name = "odd-status", .summary = "End oddly", .run = odd_status_run};
PLEXCTL_PLUGIN("odd-status", "1.0.0", "End oddly", &odd_status)
