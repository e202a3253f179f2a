/* SPDX-License-Identifier: Apache-2.0
 *
 * help_flag - a flag's record in words, for help and synopsis.
 */
#ifndef CORE_HELP_FLAG_H
#define CORE_HELP_FLAG_H

#include "help_layout.h"

/* Appends foreign text, sanitised and whole. */
void help_flag_safe(struct buf *out, const char *text);

/* What the value is called: value_name, else its choices, else its type. Foreign text. */
const char *help_flag_value_name(const struct plexctl_flag *flag);

/* Its help, foreign text, with "(required, choices, bounds, default)", as far as they apply. */
void help_flag_text(struct buf *out, const struct plexctl_flag *flag);

/* "--domain-id UUID" */
void help_flag_label(struct buf *out, const struct plexctl_flag *flag);

/* What stands behind a text, each "" or with a space first. */
struct help_notes {
    const char *all;
    const char *brief; /* where all are too long */
    const char *kept;  /* even where the text has to be cut for it */
};

/* Help in one line of at most `columns`: with all notes, with the brief ones, or with those that are kept, and of the
 * text as much as fits with them, the whole or its first clause; else it is cut between two words and ends in "...". */
void help_flag_one_line(struct buf *out, const char *help, const struct help_notes *notes, size_t columns);

/* "  -o, --output FORMAT" and its text. */
void help_flag_row(struct help_rows *rows, const struct plexctl_flag *flag);
void help_flag_rows(struct help_rows *rows, const struct plexctl_flags *flags);

/* The same, one line a flag on a page of HELP_LINE_COLUMNS. */
void help_flag_rows_short(struct help_rows *rows, const struct plexctl_flags *flags);

/* What HELP_LINE_COLUMNS leave for the right of a row whose left is `left`, beside lefts of which the widest is
 * `widest`. */
size_t help_flag_room(const struct buf *left, size_t widest);

#endif
