/* SPDX-License-Identifier: Apache-2.0
 *
 * signal_phase - what each phase of a login is held or recognised by.
 */
#ifndef TESTS_SIGNAL_PHASE_H
#define TESTS_SIGNAL_PHASE_H

#include "signal_run.h"

/* What keeps a login from its save, and from when on: a lock that another process holds, a damaged config file. */
enum signal_obstacle { LOCK_FREE, LOCK_FROM_START, LOCK_FROM_PROMPT, DAMAGE_FROM_PROMPT };

struct signal_phase_row {
    const char *name;
    bool (*is_met)(struct signal_run *run);
    bool (*is_certain)(struct signal_run *run); /* just before the signal; NULL: what is met lasts */
    int least_certain;                          /* percent of the runs */
    int64_t spread_us;                          /* the signal comes that long after, at most */
    enum signal_ask silent_from;
    enum signal_obstacle obstacle;
};

const struct signal_phase_row *signal_phase_of(enum signal_phase phase);

/* True where the phase is as short as a temporary file's life. */
bool signal_phase_is_brief(const struct signal_phase_row *phase);

/* True where the approval has been used and the save has not begun to succeed. */
bool signal_phase_is_between(const struct signal_phase_row *phase);

bool signal_phase_has_prompted(struct signal_run *run);

#endif
