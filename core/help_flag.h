/* SPDX-License-Identifier: Apache-2.0
 *
 * help_flag - a flag's record in words, for help and synopsis.
 */
#ifndef CORE_HELP_FLAG_H
#define CORE_HELP_FLAG_H

#include "help_layout.h"

/* Appends foreign text, sanitised and whole. */
void help_flag_safe(struct buf *out, const char *text);

/* "--domain-id UUID"; the value is called value_name, else its choices, else its type. */
void help_flag_label(struct buf *out, const struct plexctl_flag *flag);

/* "  -o, --output FORMAT" and its help with "(required, choices, bounds, default)", as far as they apply. */
void help_flag_row(struct help_rows *rows, const struct plexctl_flag *flag);
void help_flag_rows(struct help_rows *rows, const struct plexctl_flags *flags);

#endif
