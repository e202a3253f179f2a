/* SPDX-License-Identifier: Apache-2.0
 *
 * help_layout - help text in lines of at most 80 columns. Nothing is cut: a word that is longer than a line stands on
 * one of its own.
 */
#ifndef CORE_HELP_LAYOUT_H
#define CORE_HELP_LAYOUT_H

#include "base/buf.h"

#define HELP_LINE_COLUMNS 80

/* A failure of part's becomes out's: a text that lacks something must not look whole. */
void help_carry(struct buf *out, const struct buf *part);

/* Appends `part`, with its failure. */
void help_append(struct buf *out, const struct buf *part);

/* Foreign text, sanitised, behind `indent` spaces. Its lines may be broken anywhere: those of a paragraph are joined
 * and wrapped. An empty line separates paragraphs; a line that begins with a space (of a list, an example) is kept as
 * it is, and wrapped behind its own spaces where it is too long. */
void help_text(struct buf *out, const char *text, size_t indent);

/* "lead" and then `items`, separated by '\n' and never broken inside, wrapped behind `hang` spaces. Not sanitised. */
void help_items(struct buf *out, const char *lead, const char *items, size_t hang);

/* A shell command line, sanitised, behind `indent` spaces; broken with " \" before flags, outside quotes. */
void help_command_line(struct buf *out, const char *line, size_t len, size_t indent);

/* Rows of two columns: add each with help_rows_add, then print them at once. */
struct help_rows {
    struct buf lefts, rights; /* each row ended by '\0' */
    size_t widest;            /* columns of the widest left that is not too wide to share a line */
};

#define HELP_ROWS_INIT \
    { \
        .lefts = BUF_INIT(SIZE_MAX / 2), .rights = BUF_INIT(SIZE_MAX / 2) \
    }
#define auto_help_rows __attribute__((cleanup(help_rows_release)))

/* `left` as it is, `right` foreign text. A failure of theirs becomes the rows', and so that of what is printed. */
void help_rows_add(struct help_rows *rows, const struct buf *left, const struct buf *right);
void help_rows_print(const struct help_rows *rows, struct buf *out);
void help_rows_release(struct help_rows *rows);

#endif
