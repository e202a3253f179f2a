/* SPDX-License-Identifier: Apache-2.0
 *
 * exit_code - status to exit code: the single source of truth. Nothing else in plexctl knows an exit code's number.
 */
#ifndef CORE_EXIT_CODE_H
#define CORE_EXIT_CODE_H

#include <stddef.h>

#include "base/error.h"

struct exit_code_row {
    plexctl_status status;
    int code;
    const char *meaning; /* in the first row of a code, that of the code: help prints these on one line */
};

extern const struct exit_code_row exit_code_table[];
extern const size_t exit_code_count;

/* The code of a status; 1 for one that is in no list. PLEXCTL_CANCELLED has none of its own: main dies by the signal.
 */
int exit_code_of(plexctl_status status);

#endif
