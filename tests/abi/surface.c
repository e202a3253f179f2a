/* SPDX-License-Identifier: Apache-2.0
 *
 * surface - an object from which abidiff can reach every type of plugin.h: it follows pointers from what is exported,
 * and the tables and the record lead to everything but the note.
 */
#include <plexctl/plugin.h>

__attribute__((visibility("default"))) plexctl_status plexctl_surface(const struct plexctl_host *host,
                                                                      const struct plexctl_note *note)
{
    (void)note;
    return host->error->fail(host, PLEXCTL_FAILED, "never run");
}

static const struct plexctl_command surface = {.size = sizeof surface, .name = "surface", .summary = "Never run"};
PLEXCTL_PLUGIN("surface", "1.0.0", "Never run", &surface)
