/* SPDX-License-Identifier: Apache-2.0
 *
 * error - one failure: a status and the line that explains it. Filled by the layer that knows, prefixed by those above,
 * printed once at the top. No allocation, so that "out of memory" can be said. Every function that can fail returns its
 * status and takes a `struct error *` as its last parameter, never NULL, and who words a failure (error_set and the
 * like) takes it first; outputs named ret_... are set only on PLEXCTL_OK.
 */
#ifndef CORE_BASE_ERROR_H
#define CORE_BASE_ERROR_H

#include <stddef.h>

#include <plexctl/plugin.h>

#define ERROR_TEXT_SIZE 1024

/* What of the text is what, for a refusal (core/refusal.h, which alone reads and writes it): lengths from its end. */
struct error_refusal {
    int32_t rule;
    uint32_t reason_len;          /* what follows the name of the file; 0 for all of it */
    uint32_t wanted_len, fix_len; /* without the words before them; 0 for none */
    uint32_t lost_len;            /* of the end, for which there was no room */
};

struct error {
    plexctl_status status;
    int number;                 /* the errno of error_set_errno, for a caller who knows what to do about it; else 0 */
    char text[ERROR_TEXT_SIZE]; /* one line, no "plexctl:", no secret; "" while status is PLEXCTL_OK */
    size_t advice_len;          /* of "; <what to do>" (error_advise), with which text ends; else 0 */
    struct error_refusal refusal;
};

#define ERROR_INIT \
    { \
        0 \
    }

/* Replaces what was there; returns `status`. A longer text is cut at a character's boundary. */
plexctl_status error_set(struct error *err, plexctl_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with ": " and strerror(`number`) at the end. ENOMEM is PLEXCTL_NO_MEMORY whatever `status` says. */
plexctl_status error_set_errno(struct error *err, plexctl_status status, int number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* "out of memory"; returns PLEXCTL_NO_MEMORY. */
plexctl_status error_no_memory(struct error *err);

/* Puts "<formatted>: " before the text; returns the status that was set. */
plexctl_status error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "; <advice>" behind the text, as much as fits: what to do about it. In place of the advice that was put there
 * before; NULL for none. Returns the status that was set. */
plexctl_status error_advise(struct error *err, const char *advice);

/* The advice alone; "" for none. Valid until `err` changes. */
const char *error_advice(const struct error *err);

/* Back to PLEXCTL_OK and "". */
void error_clear(struct error *err);

#endif
