/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict - what one check came to, and how it is told: a line of TAP 13, and for a failure a YAML block with the rule,
 * what was found, what is wanted, and the fix.
 */
#ifndef CORE_CHECK_VERDICT_H
#define CORE_CHECK_VERDICT_H

#include "base/buf.h"

#define VERDICT_PASS 0
#define VERDICT_FAIL 1
#define VERDICT_SKIP 2 /* `found` says why */

#define VERDICT_TEXT_MAX_BYTES 4000

struct verdict {
    int kind;
    struct buf found;         /* what is wrong; for a pass: what is worth knowing all the same, a line each */
    const char *wanted, *fix; /* of a failure; static */
};

#define VERDICT_INIT \
    { \
        .found = BUF_INIT(VERDICT_TEXT_MAX_BYTES) \
    }

/* Make it a failure, or a skip; the first one stays. */
void verdict_fail(struct verdict *verdict, const char *wanted, const char *fix, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void verdict_skip(struct verdict *verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One line more for a pass. */
void verdict_note(struct verdict *verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));
void verdict_release(struct verdict *verdict);

/* Counts what it tells. */
struct tally {
    unsigned told, failed, skipped;
};

/* Tells the verdict on the check `name`, which may say of which `command` ("" for none). */
plexctl_status tally_tell(struct tally *tally, const char *name, const char *command, const char *rule,
                          const struct verdict *verdict, struct error *err);

/* The plan, and the sum in words. */
plexctl_status tally_end(const struct tally *tally, struct error *err);

#endif
