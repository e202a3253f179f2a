/* SPDX-License-Identifier: Apache-2.0
 *
 * no-symbol - has a note, but does not export plexctl_plugin_v1.
 */
#include <plexctl/plugin.h>

#define plexctl_plugin_v1 plexctl_plugin_v0
PLEXCTL_EXPORT_ const struct plexctl_plugin *plexctl_plugin_v1(void);

static plexctl_status no_symbol_run(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_command no_symbol = {
    .size = sizeof no_symbol, .name = "no-symbol", .summary = "Hide the way in", .run = no_symbol_run};
PLEXCTL_PLUGIN("no-symbol", "1.0.0", "Hide the way in", &no_symbol)
