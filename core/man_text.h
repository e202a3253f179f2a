/* SPDX-License-Identifier: Apache-2.0
 *
 * man_text - foreign text in an mdoc page (mandoc's mdoc(7)), so that it reads there as it is written: sanitised,
 * without a line or a word that would be a macro.
 */
#ifndef CORE_MAN_TEXT_H
#define CORE_MAN_TEXT_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends one argument of a macro. */
void man_text_argument(struct buf *out, const char *text);

/* Appends the rest of a macro's line, for .Nd and .Ss. */
void man_text_rest(struct buf *out, const char *text);

/* Appends running text, in lines of its own, each sentence on a new one; empty text appends nothing. */
void man_text_fill(struct buf *out, const char *text);

/* The same for a description, by plugin.h's rule: an empty line parts paragraphs, a line that begins with a space is
 * kept. `has_text` tells that something stands before it already. */
void man_text_description(struct buf *out, const char *text, bool has_text);

/* Appends a literal display of `text`, line by line; empty text appends nothing. */
void man_text_literal(struct buf *out, const char *text);

#endif
