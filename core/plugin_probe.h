/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin_probe - opens a plugin in a process of its own, to learn whether it can be opened, and what it needs, without
 * being harmed by it.
 */
#ifndef CORE_PLUGIN_PROBE_H
#define CORE_PLUGIN_PROBE_H

#include "base/json.h"
#include "loader.h"

/* A sound plugin is opened well within it. */
#define PLUGIN_PROBE_LIMIT_MS 5000

struct plugin_probe {
    const char *word;
    int limit_ms;

    /* Set by plugin_probe_run */

    /* As loader_open would have it. A plugin that crashed, ended the process, or took longer than the limit is refused
     * by the rule REFUSAL_CONDUCT. */
    struct error finding;
    /* Where it could be opened {"needs", "subcommands"}: "needs" is what the command and its subcommands need together,
     * an array of some of "server", "token", "saves profiles" ("saves profiles (denied)" for one that is not plexctl's
     * own); "subcommands" an array of {"command", "needs"}, null where there are none. Where it cannot be loaded
     * for want of a library {"missing_libraries"}, an array of the first one that is not there: only loading tells, and
     * it ends there. Else NULL. */
    struct plexctl_json *facts;
};

#define auto_plugin_probe __attribute__((cleanup(plugin_probe_release)))

/* PLEXCTL_OK whatever was found; PLEXCTL_CANCELLED after a signal. */
plexctl_status plugin_probe_run(struct loader *loader, struct plugin_probe *probe, struct error *err);
void plugin_probe_release(struct plugin_probe *probe);

#endif
