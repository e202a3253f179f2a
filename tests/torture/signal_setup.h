/* SPDX-License-Identifier: Apache-2.0
 *
 * signal_setup - the surroundings of one login, in the order of their making: home, terminal, process.
 */
#ifndef TESTS_SIGNAL_SETUP_H
#define TESTS_SIGNAL_SETUP_H

#include "signal_run.h"

void signal_setup_make_home(struct signal_run *run);

/* As another process that saves. */
/* In place, as a person's tool that fails half-way: what stands there is run->config_now from then on. */
void signal_setup_damage_config(struct signal_run *run);

void signal_setup_take_lock(struct signal_run *run);

void signal_setup_open_terminal(struct signal_run *run);

void signal_setup_start_login(struct signal_run *run);

#endif
