/* SPDX-License-Identifier: Apache-2.0
 *
 * key_set - the member names of the objects that a scan is inside of, so that a name given twice in one object is
 * found. A stack: an object's names lie above those of the object that holds it and go when it ends. Names are sorted
 * to be compared, so an object of n members costs n log n whatever an attacker calls them.
 */
#ifndef CORE_BASE_KEY_SET_H
#define CORE_BASE_KEY_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct key;

struct key_set {
    struct buf text; /* the names, each ended by NUL */
    struct key *keys;
    size_t count, capacity;
};

#define KEY_SET_INIT \
    { \
        .text = BUF_INIT(SIZE_MAX / 2) \
    }

/* Puts a name of `len` bytes without NUL on top, its index being the `count` of before. `position` is where the caller
 * found it. */
plexctl_status key_set_add(struct key_set *set, const char *name, size_t len, size_t position, struct error *err);

/* Valid until the next key_set_add. */
const char *key_set_name(const struct key_set *set, size_t index);

/* Takes away the names from index `first` on. True if one of them was there twice; then *ret_position is the lowest
 * position at which a name came again. */
bool key_set_close(struct key_set *set, size_t first, size_t *ret_position);

void key_set_release(struct key_set *set);

#endif
