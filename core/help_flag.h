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

/* "  -o, --output FORMAT" and its text. */
void help_flag_row(struct help_rows *rows, const struct plexctl_flag *flag);
void help_flag_rows(struct help_rows *rows, const struct plexctl_flags *flags);

#endif
