/* SPDX-License-Identifier: Apache-2.0
 *
 * option_fault - what is said of a command line that does not parse: the flag, and the fix.
 *
 * Each returns PLEXCTL_USAGE with one line, safe for a terminal. No value that could be a secret is in it: of an
 * unknown flag only the name is shown, and no stray word of a command that takes a SECRET (it may be the second half of
 * one that was not quoted).
 */
#ifndef CORE_OPTION_FAULT_H
#define CORE_OPTION_FAULT_H

#include <stddef.h>

#include "options.h"

/* Where in the command line the fault lies. */
struct option_fault_place {
    const struct plexctl_flags *others;    /* beside the persistent ones, what may stand there */
    const struct plexctl_command *command; /* NULL before the command word */
    const struct plexctl_command *parent;  /* NULL unless `command` is a subcommand */
};

/* `word` is what was typed, from its dashes on. */
plexctl_status option_fault_unknown_flag(const struct option_fault_place *place, const char *word, struct error *err);

/* `letter` points into `word`, a word like "-yx". */
plexctl_status option_fault_unknown_letter(const struct option_fault_place *place, const char *word, const char *letter,
                                           struct error *err);

plexctl_status option_fault_no_value(const struct plexctl_flag *flag, struct error *err);
plexctl_status option_fault_stray_argument(const struct option_fault_place *place, const char *word, struct error *err);

/* Also where the command has none at all. */
plexctl_status option_fault_unknown_subcommand(const struct option_fault_place *place, const char *word,
                                               struct error *err);

/* `flag` was given before a subcommand's word, but belongs to the command above it. */
plexctl_status option_fault_flag_of_parent(const struct option_fault_place *place, const char *flag, struct error *err);

#endif
