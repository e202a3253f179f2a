/* SPDX-License-Identifier: Apache-2.0
 *
 * finding - one row of a doctor's report: what was looked at, the verdict, what was found, and what mends it.
 */
#ifndef CORE_FINDING_H
#define CORE_FINDING_H

#include "base/buf.h"
#include "base/json.h"

#define FINDING_MAX_BYTES ((size_t)64 * 1024)

#define FINDING_OK "ok"
#define FINDING_NOTE "note"
#define FINDING_FAULT "fault"

struct finding {
    const char *item, *verdict; /* borrowed */
    struct buf text;
    struct buf fix; /* empty where there is nothing to mend */
};

#define FINDING_INIT(item_text) \
    { \
        .item = (item_text), .verdict = FINDING_OK, .text = BUF_INIT(FINDING_MAX_BYTES), \
        .fix = BUF_INIT(FINDING_MAX_BYTES) \
    }
#define auto_finding __attribute__((cleanup(finding_release)))

/* Makes the finding a fault: appends what `refusal` says to what is in `text` already, and its advice to `fix`. Behind
 * other text `path`, with which the refusal begins, is not said again; NULL for none. */
void finding_blame(struct finding *finding, const struct error *refusal, const char *path);

/* Makes the finding a fault: appends `fault` to what is in `text` already. */
void finding_add_fault(struct finding *finding, const char *fault);

/* Appends the row { "item", "verdict", "found", "fix" } to `rows`. */
plexctl_status finding_append(const struct finding *finding, struct plexctl_json *rows, struct error *err);

void finding_release(struct finding *finding);

#endif
