/* SPDX-License-Identifier: Apache-2.0
 *
 * secret - a string whose every byte is wiped before its memory goes back.
 */
#ifndef CORE_BASE_SECRET_H
#define CORE_BASE_SECRET_H

#include <stddef.h>

#include "base/error.h"

struct secret {
    char *text; /* ended by NUL; NULL while unset */
    size_t len;
};

#define SECRET_INIT \
    { \
        0 \
    }
#define auto_secret __attribute__((cleanup(secret_release)))

/* Copies `len` bytes; an earlier value is wiped first. */
plexctl_status secret_set(struct secret *secret, const char *text, size_t len, struct error *err);

/* Wipes, frees, and leaves it unset. */
void secret_release(struct secret *secret);

/* Overwrites `size` bytes in a way the compiler may not leave out. NULL is allowed with size 0. */
void secret_wipe(void *memory, size_t size);

#endif
