/* SPDX-License-Identifier: Apache-2.0
 *
 * guard - keeps a secret that a server says back from what is shown.
 *
 * A secret is found as it is, with bytes written %XX, \xXX or \u00XX, in hex, and in base64 or base64url at any offset
 * of what was encoded; by its first GUARD_PIECE_BYTES, since messages are cut. A shorter one may stand in a text by
 * chance: it is masked in messages, where it is whole and not encoded but for its escapes, and refused nowhere. One
 * below GUARD_LEAST_BYTES is not guarded.
 */
#ifndef CORE_GUARD_H
#define CORE_GUARD_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/secret.h"

#define GUARD_PIECE_BYTES 16
#define GUARD_LEAST_BYTES 6
#define GUARD_MAX 4

struct guard {
    struct secret secrets[GUARD_MAX];
    size_t count;
};

/* Copies `secret`. Adding what is there already changes nothing; PLEXCTL_FAILED for more than GUARD_MAX. */
plexctl_status guard_add(struct guard *guard, const char *secret, struct error *err);

/* True if a secret of GUARD_PIECE_BYTES or more stands in `text`. */
bool guard_finds(const struct guard *guard, const char *text);

/* True if such a secret stands in a key or a string of the tree; values that are marked as secrets are not looked at.
 */
bool guard_finds_in(const struct guard *guard, const struct plexctl_json *value);

/* Puts *** in the place of each secret, up to the end of the word that it begins. */
void guard_mask(const struct guard *guard, char *text);

/* The same of a copy; NULL for NULL and where memory is short. The caller frees it. */
char *guard_masked(const struct guard *guard, const char *text);

void guard_release(struct guard *guard);

#endif
