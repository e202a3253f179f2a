/* SPDX-License-Identifier: Apache-2.0
 *
 * minor-ahead - needs a later minor of the ABI than there is.
 */
#include <plexctl/plugin.h>

#undef PLEXCTL_ABI_MINOR
#define PLEXCTL_ABI_MINOR 999

static plexctl_status minor_ahead_run(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_command minor_ahead = {
    .size = sizeof minor_ahead, .name = "minor-ahead", .summary = "Need what is not yet", .run = minor_ahead_run};
PLEXCTL_PLUGIN("minor-ahead", "1.0.0", "Need what is not yet", &minor_ahead)
