/* SPDX-License-Identifier: Apache-2.0
 *
 * placeholder - a command that is not implemented yet.
 */
#include <plexctl/plugin.h>

static plexctl_status placeholder_run(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_NOT_IMPLEMENTED;
}

static const struct plexctl_command placeholder = {
    .size = sizeof placeholder, .name = "placeholder", .summary = "Do nothing yet", .run = placeholder_run};
PLEXCTL_PLUGIN("placeholder", "1.0.0", "Do nothing yet", &placeholder)
