/* SPDX-License-Identifier: Apache-2.0
 *
 * signal_judge - what a login has left behind, after its death.
 */
#ifndef TESTS_SIGNAL_JUDGE_H
#define TESTS_SIGNAL_JUDGE_H

#include "signal_run.h"

/* A temporary file of the save is in the directory. */
bool signal_judge_has_staged(const struct signal_run *run);

void signal_judge(struct signal_run *run, struct signal_verdict *ret_verdict);

#endif
