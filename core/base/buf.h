/* SPDX-License-Identifier: Apache-2.0
 *
 * buf - a growable run of bytes, always ended by a NUL that `len` does not count, with a stated maximum.
 *
 * Failure is sticky: an append that would pass `max`, or finds no memory, sets `failed` and changes nothing; later
 * appends do nothing. Build the whole text, then ask buf_check once. Freed and outgrown memory is wiped, always: most
 * buffers are small, and some hold tokens.
 *
 * A fixed buffer lies on the stack, all `max` of it, and never needs memory. Words of failures are built in one, so
 * that they can be said whole when there is none; they need no buf_check.
 */
#ifndef CORE_BASE_BUF_H
#define CORE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct buf {
    char *data; /* NULL until the first append; use buf_text for a string */
    size_t len, capacity;
    size_t max;            /* largest allowed len, bytes */
    plexctl_status failed; /* PLEXCTL_OK, PLEXCTL_NO_MEMORY, or PLEXCTL_FAILED for "over max" */
    bool is_fixed;         /* `data` is not from malloc */
};

#define BUF_INIT(max_bytes) \
    { \
        .max = (max_bytes) \
    }
/* `max_bytes` is a constant; in a block, whose end is the buffer's. */
#define BUF_FIXED(max_bytes) \
    { \
        .data = (char[(max_bytes) + 1]){0}, .capacity = (max_bytes) + 1, .max = (max_bytes), .is_fixed = true \
    }
#define auto_buf __attribute__((cleanup(buf_release)))

/* Makes room for `count` more bytes, so that as many appends do not outgrow it; no more than `max` allows. */
void buf_reserve(struct buf *buf, size_t count);

void buf_append(struct buf *buf, const void *bytes, size_t count);
void buf_append_text(struct buf *buf, const char *text);
void buf_append_char(struct buf *buf, char c);
void buf_appendf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The content as a string, never NULL; valid until the next append. */
const char *buf_text(const struct buf *buf);

/* PLEXCTL_OK, or the sticky failure put into words with `what` as its subject. */
plexctl_status buf_check(const struct buf *buf, const char *what, struct error *err);

/* Wipes, and frees what is not fixed; the buffer can be used again, `max` stays. */
void buf_release(struct buf *buf);

#endif
