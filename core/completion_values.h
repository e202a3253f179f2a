/* SPDX-License-Identifier: Apache-2.0
 *
 * completion_values - candidates for the value of a flag or an argument, by its type or by the plugin's own function.
 */
#ifndef CORE_COMPLETION_VALUES_H
#define CORE_COMPLETION_VALUES_H

#include "app.h"
#include "candidates.h"
#include "completion_place.h"

struct completion_question {
    struct app app; /* has a loader and a store, and nothing else yet */
    struct shell_words words;
    struct completion_place place;
    bool is_bash; /* what else asks is given whole words */
};

/* `flag` is what is known of the value; an argument's name, type and `complete` make one. A failure leaves what was
 * added before. */
plexctl_status completion_values_add(struct completion_question *question, const struct plexctl_flag *flag,
                                     struct candidates *candidates, struct error *err);

#endif
