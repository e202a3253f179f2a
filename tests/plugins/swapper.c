/* SPDX-License-Identifier: Apache-2.0
 *
 * swapper - its constructor puts $PLEXCTL_TEST_SWAP in the place of its own file, $PLEXCTL_TEST_SWAPPED.
 */
#include <stdio.h>
#include <stdlib.h>

#include <plexctl/plugin.h>

__attribute__((constructor)) static void swap(void)
{
    const char *from = getenv("PLEXCTL_TEST_SWAP");
    const char *to = getenv("PLEXCTL_TEST_SWAPPED");

    if (from && to)
        (void)rename(from, to);
}

static plexctl_status swapper_run(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_command swapper = {
    .size = sizeof swapper, .name = "swapper", .summary = "Change under way", .run = swapper_run};
PLEXCTL_PLUGIN("swapper", "1.0.0", "Change under way", &swapper)
