/* SPDX-License-Identifier: Apache-2.0
 *
 * clashing-flag - has a flag that is named as a persistent one.
 */
#include <plexctl/plugin.h>

static plexctl_status clashing_flag_run(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_flag flags[] = {{.name = "server", .help = "Another server", .type = PLEXCTL_URL}};
static const struct plexctl_command clashing_flag = {.size = sizeof clashing_flag,
                                                     .name = "clashing-flag",
                                                     .summary = "Take a name",
                                                     .flags = PLEXCTL_ROWS(flags),
                                                     .run = clashing_flag_run};
PLEXCTL_PLUGIN("clashing-flag", "1.0.0", "Take a name", &clashing_flag)
