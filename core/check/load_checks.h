/* SPDX-License-Identifier: Apache-2.0
 *
 * load_checks - does the plugin load as plexctl loads it, quickly, without a trace, with a record that can be shown?
 */
#ifndef CORE_CHECK_LOAD_CHECKS_H
#define CORE_CHECK_LOAD_CHECKS_H

#include "check/subject.h"
#include "check/verdict.h"

#define LOAD_CPU_LIMIT_MS 100

/* Tells all of them. `is_fit`: the file passed what loading it presupposes; else they are skipped. *ret_is_loaded: its
 * commands can be run. */
plexctl_status load_checks_run(const struct subject *subject, bool is_fit, struct tally *tally, bool *ret_is_loaded,
                               struct error *err);

#endif
