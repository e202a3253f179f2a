/* SPDX-License-Identifier: Apache-2.0
 *
 * text - judging and cleaning text: the forms the command line takes, and what may reach a terminal.
 */
#ifndef CORE_BASE_TEXT_H
#define CORE_BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* 8-4-4-4-12 hexadecimal digits, either case (RFC 9562 section 4). */
bool text_is_uuid(const char *text);

/* 1 to 64 of [A-Za-z0-9._-], not starting with '.' or '-'. */
bool text_is_profile_name(const char *text);

/* [a-z][a-z0-9-]{0,30} */
bool text_is_command_word(const char *text);

#define TEXT_BEARER_MAX_BYTES 16384

/* 1 to TEXT_BEARER_MAX_BYTES of [A-Za-z0-9._~+/=-] (the b64token of RFC 6750 section 2.1, '=' anywhere). */
bool text_is_bearer(const char *text);

/* An optional '-' and decimal digits, the whole text, within int64_t. */
bool text_to_integer(const char *text, int64_t *ret_number);

/* Digits and an optional unit s, m, h or d; seconds. False where it would overflow. */
bool text_to_seconds(const char *text, int64_t *ret_seconds);

/* The length of the UTF-8 character at `text`, 1 to 4; 0 where the bytes are no shortest-form scalar value
 * (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF). `len` is what may be read, at least 1. */
size_t text_utf8_length(const char *text, size_t len);

/* The same length, with the character's code point; 0 leaves *ret_code_point alone. */
size_t text_utf8_decode(const char *text, size_t len, uint32_t *ret_code_point);

/* C0, DEL and C1. */
bool text_is_control(uint32_t code_point);

/* Appends `len` bytes of foreign text, safe for a terminal: C0, DEL and C1 controls, bidi controls, line and paragraph
 * separators, zero-width and invalid bytes become \xNN or \u{NNNN}; a backslash stays. Where the escaped text would
 * pass `max_bytes` it is cut at a character and ends in "...". SIZE_MAX for no cut. */
void text_sanitise(struct buf *out, const char *text, size_t len, size_t max_bytes);

/* What server text on a terminal is cut at, bytes. */
#define TEXT_SERVER_MAX_BYTES 256

/* Number of edits (insert, delete, replace, swap of neighbours) between two short words; for suggestions. */
unsigned text_distance(const char *a, const char *b);

/* True if `candidate` is near enough to `typed` to be suggested, and nearer than *best (start with UINT_MAX),
 * which it then lowers. */
bool text_is_nearer(const char *typed, const char *candidate, unsigned *best);

/* "2026-11-24T12:00:00Z" of seconds since 1970; `out` holds at least 21 bytes. False outside years 1970 to 9999. */
bool text_format_utc(int64_t unix_s, char out[static 21]);

/* The other way round; false for anything that text_format_utc would not write. */
bool text_parse_utc(const char *text, int64_t *ret_unix_s);

#define TEXT_SPAN_SIZE 32

/* A length of time in words, "58 minutes", in the largest unit of which there are two; its sign does not count. */
void text_format_span(int64_t span_s, char out[static TEXT_SPAN_SIZE]);

#endif
