/* SPDX-License-Identifier: Apache-2.0
 *
 * completion_values - candidates for the value of a flag or an argument, by its type or by the plugin's own function.
 */
#ifndef CORE_COMPLETION_VALUES_H
#define CORE_COMPLETION_VALUES_H

#include "app.h"
#include "candidates.h"
#include "completion_place.h"

/* `flag` is what is known of the value; an argument's name, type and `complete` make one. `app` has a loader and a
 * store, and nothing else yet; `place` and `words` are those of the line. A failure leaves what was added before. */
plexctl_status completion_values_add(struct app *app, const struct completion_place *place,
                                     const struct shell_words *words, const struct plexctl_flag *flag,
                                     struct candidates *candidates, struct error *err);

#endif
