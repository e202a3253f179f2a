/* SPDX-License-Identifier: Apache-2.0
 *
 * text_wrap - breaks text into lines between its words, for a terminal that would break it inside them.
 */
#ifndef CORE_BASE_TEXT_WRAP_H
#define CORE_BASE_TEXT_WRAP_H

#include <stddef.h>

/* Turns the space before each word that would pass `columns` into a line break, in place; `column` is where the first
 * line has got to. A word is what stands between spaces, such as a URL: one that is wider than a line has its line for
 * itself and stays whole. Takes no memory and no lock; what may be a wide character counts as one. */
void text_wrap(char *text, size_t len, size_t columns, size_t column);

#endif
