/* SPDX-License-Identifier: Apache-2.0
 *
 * token_file - a bearer token that the operator hands over: what --token-file names, and what is a token at all.
 */
#ifndef CORE_TOKEN_FILE_H
#define CORE_TOKEN_FILE_H

#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"

/* At most TEXT_BEARER_MAX_BYTES, one trailing newline dropped, text_is_bearer; "-" is standard input. PLEXCTL_USAGE
 * where it cannot be read or is none, PLEXCTL_CANCELLED while a FIFO is waited for. */
plexctl_status token_file_read(const char *path, struct secret *ret_token, struct error *err);

/* PLEXCTL_USAGE where the `len` bytes are no token; they are never quoted. */
plexctl_status token_set(struct secret *ret_token, const char *text, size_t len, struct error *err);

#endif
