/* SPDX-License-Identifier: Apache-2.0
 *
 * text_width - how many columns of a terminal UTF-8 text takes, whatever the process's locale is.
 */
#ifndef CORE_BASE_TEXT_WIDTH_H
#define CORE_BASE_TEXT_WIDTH_H

#include <stddef.h>

/* Columns of `len` bytes: 2 for a wide character, 0 for a combining one, 1 for any other and for a byte that is no
 * character. Where the system has no UTF-8 locale every character counts 1. */
size_t text_width(const char *text, size_t len);

/* The longest prefix, in bytes, that takes at most `columns` and ends at a character. */
size_t text_fit(const char *text, size_t len, size_t columns);

#endif
