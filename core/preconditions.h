/* SPDX-License-Identifier: Apache-2.0
 *
 * preconditions - what must be there before app->command runs; app's values and settings were filled.
 */
#ifndef CORE_PRECONDITIONS_H
#define CORE_PRECONDITIONS_H

#include "app.h"

/* All of them: what is required, the right to save, URLs, server and token, the config file fit to be written. */
plexctl_status preconditions_meet(struct app *app, struct error *err);

/* The two of them that completing a value wants as well. A value of type URL that is none is PLEXCTL_USAGE; server and
 * token are resolved as far as the command needs them. */
plexctl_status preconditions_check_urls(struct app *app, struct error *err);
plexctl_status preconditions_resolve(struct app *app, struct error *err);

#endif
