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

/* Help in one line of at most `columns`: as much as fits of the whole with its notes, its first clause with them, and
 * these without; else it is cut between two words and ends in "...". `notes` is "" or begins with a space. */
void help_flag_one_line(struct buf *out, const char *help, const char *notes, size_t columns);

/* "  -o, --output FORMAT" and its text. */
void help_flag_row(struct help_rows *rows, const struct plexctl_flag *flag);
void help_flag_rows(struct help_rows *rows, const struct plexctl_flags *flags);

/* The same, one line a flag on a page of HELP_LINE_COLUMNS. */
void help_flag_rows_short(struct help_rows *rows, const struct plexctl_flags *flags);

/* What HELP_LINE_COLUMNS leave for the right of a row whose left is `left`, beside lefts of which the widest is `widest`. */
size_t help_flag_room(const struct buf *left, size_t widest);

#endif
