/* SPDX-License-Identifier: Apache-2.0
 *
 * services - between a plugin and the host's tables: it counts the calls, makes one of them fail, lets no time pass but
 * that which is slept, sees what is written past the host, and shows tables of the sizes that another plexctl has.
 */
#ifndef CORE_CHECK_SERVICES_H
#define CORE_CHECK_SERVICES_H

#include "check/report.h"

/* Which plexctl the tables are of: this one, or, walled in as tables.h has it, another. */
struct host_age {
    bool is_walled;
    uint32_t back; /* so many minors before this one */
    bool is_later; /* one minor after this one: larger tables */
};

/* Puts itself between for one run; the host's own table is changed in place, since services find the host by it. There
 * is one a process. PLEXCTL_NO_MEMORY. */
plexctl_status services_begin(const struct plexctl_host *host, const struct fault *fault, const struct host_age *age,
                              struct report *report);

/* After run: looks for what was written past the host. */
void services_end(void);

#endif
