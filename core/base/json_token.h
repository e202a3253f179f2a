/* SPDX-License-Identifier: Apache-2.0
 *
 * json_token - the words of JSON text (RFC 8259 sections 6 and 7): where one ends, and what it means. json_scan judges
 * with it, json builds with it, so that both read the same bytes the same way. Nothing here allocates.
 */
#ifndef CORE_BASE_JSON_TOKEN_H
#define CORE_BASE_JSON_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a word was refused, and at which byte of it. The text is constant and quotes nothing of the document. */
struct json_token_fault {
    size_t offset;
    const char *why;
};

/* The length of the string, number or literal that begins at bytes[0], at most `size` bytes, at least 1; 0 and the
 * fault where there is none. A string counts its quotes. A number whose magnitude does not fit a double is refused; an
 * underflow is not. What follows the word is for the caller to judge. */
size_t json_token_string(const char *bytes, size_t size, struct json_token_fault *ret_fault);
size_t json_token_number(const char *bytes, size_t size, struct json_token_fault *ret_fault);
size_t json_token_literal(const char *bytes, size_t size, struct json_token_fault *ret_fault); /* null, true, false */

/* The text of an accepted string token of `len` bytes, quotes included; returns its length. `out` holds at least `len`
 * bytes, and a NUL is added. */
size_t json_token_unescape(const char *token, size_t len, char *out);

/* The same, malloc'd; NULL without memory. Where it may be a secret, the caller wipes it before he frees it. */
char *json_token_text(const char *token, size_t len);

/* True for a number without fraction and exponent that fits. */
bool json_token_integer(const char *token, size_t len, int64_t *ret_number);

/* The nearest double of an accepted number token, in every locale; infinite where the magnitude does not fit. */
double json_token_double(const char *token, size_t len);

#endif
