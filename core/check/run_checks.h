/* SPDX-License-Identifier: Apache-2.0
 *
 * run_checks - what can be said of a command of the plugin by running it, with this or that amiss.
 */
#ifndef CORE_CHECK_RUN_CHECKS_H
#define CORE_CHECK_RUN_CHECKS_H

#include "check/session.h"
#include "check/verdict.h"

struct run_check {
    const char *name, *rule;
    plexctl_status (*judge)(const struct run_check *check, struct session *session, struct verdict *verdict,
                            struct error *err);
    int kind; /* FAULT_... or SIN_... */
    const char *wanted, *fix;
};

extern const struct run_check run_checks[];
extern const size_t run_check_count;

/* Tells all of them for each command line; skipped where `is_loaded` is false. */
plexctl_status run_checks_run(const struct subject *subject, bool is_loaded, char *const words[], size_t word_count,
                              struct tally *tally, struct error *err);

#endif
