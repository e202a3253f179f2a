/* SPDX-License-Identifier: Apache-2.0
 *
 * lines - the command lines to try a plugin with: the author's, or one for each of its commands, made of its record:
 * what is required, and each SECRET, with a value that fits its type.
 */
#ifndef CORE_CHECK_LINES_H
#define CORE_CHECK_LINES_H

#include "check/trial.h"

#define LINES_MAX 64

struct lines {
    struct trial_line rows[LINES_MAX];
    size_t count;
    char *text; /* what the words point into */
};

/* Asks the plugin for its record, in a process of its own. PLEXCTL_FAILED where it cannot be told. */
plexctl_status lines_make(const struct subject *subject, struct lines *ret_lines, struct error *err);

/* `words` behind the command word; borrowed. */
plexctl_status lines_take(const char *word, char *const words[], size_t count, struct lines *ret_lines,
                          struct error *err);
void lines_release(struct lines *lines);

/* "subcommands show", for names of checks: words that are no flags and no values. */
void lines_name(const struct trial_line *line, struct buf *out);

#endif
