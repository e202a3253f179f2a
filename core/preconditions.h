/* SPDX-License-Identifier: Apache-2.0
 *
 * preconditions - what must be there before app->command runs; app's values and settings were filled.
 */
#ifndef CORE_PRECONDITIONS_H
#define CORE_PRECONDITIONS_H

#include "app.h"

/* What is required, the right to save, URLs; then, unless the command wants it later, what
 * preconditions_prepare does. */
plexctl_status preconditions_meet(struct app *app, struct error *err);

/* Server and token resolved, the config file fit to be written, as far as `needs` go, some or all of the command's.
 * `server`: the one that it has to be, borrowed for the call, NULL for whichever is resolved; see settings->prepare in
 * plugin.h. DENIED without the right to save that `needs` ask for. */
plexctl_status preconditions_prepare(struct app *app, uint32_t needs, const char *server, struct error *err);

/* The two parts that completing a value wants as well. A value of type URL that is none is PLEXCTL_USAGE; server and
 * token are resolved as far as `needs` go. */
plexctl_status preconditions_check_urls(struct app *app, struct error *err);
plexctl_status preconditions_resolve(struct app *app, uint32_t needs, struct error *err);

#endif
