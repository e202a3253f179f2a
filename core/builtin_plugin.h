/* SPDX-License-Identifier: Apache-2.0
 *
 * builtin_plugin - `plexctl plugin list` and `plexctl plugin doctor`: what lies in the search path, and what is wrong
 * with it.
 */
#ifndef CORE_BUILTIN_PLUGIN_H
#define CORE_BUILTIN_PLUGIN_H

#include "app.h"

extern const struct plexctl_command builtin_plugin_list, builtin_plugin_doctor;

/* An array of {command, version, abi, path, built_in, verdict}; verdict is "ok", "refused" or "shadowed". What was
 * refused has null for version and abi, and a directory null for command. Opens no plugin. */
plexctl_status builtin_plugin_run_list(struct app *app, struct error *err);

/* An array of {file, status, finding}, one a problem. Plugins that would run are opened too, each in a process of its
 * own, so that one that crashes is a finding. PLEXCTL_FAILED where something was refused. */
plexctl_status builtin_plugin_run_doctor(struct app *app, struct error *err);

#endif
