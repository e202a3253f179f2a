/* SPDX-License-Identifier: Apache-2.0
 *
 * random_text - secrets from the kernel: device codes, bearer tokens, session and CSRF values.
 */
#ifndef DEVSERVER_RANDOM_TEXT_H
#define DEVSERVER_RANDOM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define RANDOM_TEXT_SIZE 44 /* 256 bits as base64url without padding, and NUL */

/* false where the kernel gives none; the bytes are then undefined. */
bool random_bytes(void *ret_bytes, size_t size);

/* 43 of [A-Za-z0-9_-]. */
bool random_text(char ret_text[RANDOM_TEXT_SIZE]);

/* Equality in a time that depends only on `guess`'s length; false for a NULL. */
bool secret_equal(const char *secret, const char *guess);

#endif
