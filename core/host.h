/* SPDX-License-Identifier: Apache-2.0
 *
 * host - the table of services that a plugin's run is given (plugin.h): thin adapters over core's modules, no logic.
 */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include "app.h"
#include "candidates.h"

/* Builds the table over `app`, calls command->run, takes everything back that the run was lent, and returns its status;
 * a status that is in no list, a second result and a closed stream come back as PLEXCTL_INVALID, whose error names the
 * plugin at fault (plugin_fault). `err` is else what the run recorded; where it recorded nothing, a line that
 * says so. */
plexctl_status host_run(struct app *app, struct error *err);

/* The same for a value's `complete`, with candidates->typed: what it offers comes into `candidates`, and nothing is
 * shown. Its status is of no concern, unless it is NO_MEMORY. */
plexctl_status host_complete(struct app *app, plexctl_complete *complete, struct candidates *candidates,
                             struct error *err);

#endif
