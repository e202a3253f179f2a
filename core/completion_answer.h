/* SPDX-License-Identifier: Apache-2.0
 *
 * completion_answer - `plexctl __complete`, which the scripts of `plexctl completion` call at each Tab:
 *
 *     plexctl __complete bash LINE BREAKS     LINE: $COMP_LINE up to the cursor, BREAKS: $COMP_WORDBREAKS
 *     plexctl __complete words WORD... TYPED  without quotes; WORD... stand behind "plexctl", TYPED may be ""
 *
 * The answer is what candidates_print writes, or nothing. It comes from a process of its own: what a plugin prints
 * there nobody sees, and one that crashes, ends the process or is not done in COMPLETION_LIMIT_MS has nothing to offer.
 */
#ifndef CORE_COMPLETION_ANSWER_H
#define CORE_COMPLETION_ANSWER_H

#include <stdbool.h>

#include "base/error.h"

#define COMPLETION_LIMIT_MS 2000

bool completion_is_asked(int argc, char *const argv[]);

/* PLEXCTL_OK in any case: a failure has no place on a command line that is being typed. */
plexctl_status completion_answer(int argc, char *const argv[], struct error *err);

#endif
