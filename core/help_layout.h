/* SPDX-License-Identifier: Apache-2.0
 *
 * help_layout - help text in lines that fit a page. Nothing is cut: a word that is longer than a line stands on one of
 * its own.
 */
#ifndef CORE_HELP_LAYOUT_H
#define CORE_HELP_LAYOUT_H

#include <stdbool.h>

#include "base/buf.h"

#define HELP_LINE_COLUMNS 80 /* the most; a line that is longer reads badly */

struct help_page {
    struct buf *out;
    size_t columns;
    bool is_bold; /* headings stand out */
};

/* For a file or a pipe. */
#define HELP_PAGE(out) ((struct help_page){(out), HELP_LINE_COLUMNS, false})

/* For what `fd` is. */
struct help_page help_page_for(int fd, struct buf *out);

/* A failure of part's becomes out's: a text that lacks something must not look whole. */
void help_carry(struct buf *out, const struct buf *part);

/* Appends `part`, with its failure. */
void help_append(struct buf *out, const struct buf *part);

/* An empty line between two sections; whether it stays is decided by help_fit. */
void help_break(const struct help_page *page);

/* Keeps those empty lines, the first ones, with which what stands from `start` on has at most `max_lines`. */
void help_fit(struct buf *out, size_t start, size_t max_lines);

/* "Flags:", which stands out; `text` as it is. */
void help_heading(const struct help_page *page, const char *text);

/* Foreign text, sanitised, behind `indent` spaces. Its lines may be broken anywhere: those of a paragraph are joined
 * and wrapped. An empty line separates paragraphs; a line that begins with a space (of a list, an example) is kept as
 * it is, and wrapped behind its own spaces where it is too long. */
void help_text(const struct help_page *page, const char *text, size_t indent);

/* `lead`, a heading or not, and then `items`, separated by '\t' and never broken inside, wrapped behind `hang` spaces.
 * Not sanitised. */
struct help_lead {
    const char *text;
    bool is_heading;
};
void help_items(const struct help_page *page, struct help_lead lead, const char *items, size_t hang);

/* A shell command line, sanitised, behind `indent` spaces; broken with " \" before flags, outside quotes. */
void help_command_line(const struct help_page *page, const char *line, size_t len, size_t indent);

/* Rows of two columns: add each with help_rows_add, then print them at once. */
struct help_rows {
    struct buf lefts, rights; /* each row ended by '\0' */
    bool is_tight;            /* a left that is too wide for its column shares its line all the same */
};

#define HELP_ROWS_INIT \
    { \
        .lefts = BUF_INIT(SIZE_MAX / 2), .rights = BUF_INIT(SIZE_MAX / 2) \
    }
#define auto_help_rows __attribute__((cleanup(help_rows_release)))

/* `left` as it is, `right` foreign text. A failure of theirs becomes the rows', and so that of what is printed. */
void help_rows_add(struct help_rows *rows, const struct buf *left, const struct buf *right);
void help_rows_print(const struct help_rows *rows, const struct help_page *page);

/* The widest left that is not too wide to share a column, on a page of so many columns. */
size_t help_rows_widest(const struct help_rows *rows, size_t columns);
void help_rows_release(struct help_rows *rows);

#endif
