/* SPDX-License-Identifier: Apache-2.0
 *
 * builtin_plugin - `plexctl plugin list` and `plexctl plugin doctor`: what lies in the search path, and what is wrong
 * with it.
 */
#ifndef CORE_BUILTIN_PLUGIN_H
#define CORE_BUILTIN_PLUGIN_H

#include "app.h"

extern const struct plexctl_command builtin_plugin_list, builtin_plugin_doctor;

/* Both open what would be run, each plugin in a process of its own, so that one that crashes is a finding; what is
 * refused by its file or its note is not opened. */

/* An array of {command, version, abi, path, built_in, needs, subcommands, verdict}; verdict is "ok", "refused" or
 * "shadowed", needs and subcommands as plugin_probe.h has them. What was refused by its file has null for version and
 * abi, a directory null for command; what was not opened has null for needs and subcommands. */
plexctl_status builtin_plugin_run_list(struct app *app, struct error *err);

/* An array of {file, verdict, rule, found, wanted, fix, shadowed_by, missing_libraries}, one a problem; verdict is
 * "refused" or "shadowed", rule a word (refusal.h; "order" where shadowed), missing_libraries an array, the others text
 * or null. As a table, a block each. PLEXCTL_FAILED where something was refused. */
plexctl_status builtin_plugin_run_doctor(struct app *app, struct error *err);

#endif
