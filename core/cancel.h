/* SPDX-License-Identifier: Apache-2.0
 *
 * cancel - SIGINT, SIGTERM, SIGHUP and SIGQUIT become one flag and one readable descriptor; a second one kills at once.
 * A signal that was ignored when plexctl started (nohup) stays ignored.
 */
#ifndef CORE_CANCEL_H
#define CORE_CANCEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

plexctl_status cancel_install(struct error *err);

/* The signal that asked to stop; 0 for none. */
int cancel_signal(void);

/* Readable once a signal has asked to stop, and from then on. -1 before cancel_install. */
int cancel_fd(void);

/* Gives the signal its default effect and raises it: does not return when one was caught. */
void cancel_die(void);

/* The same with a signal of the caller's choice. */
_Noreturn void cancel_die_by(int number);

/* Milliseconds on CLOCK_BOOTTIME: counts suspended time, ignores the wall clock (RFC 8628 lifetimes are elapsed time).
 */
int64_t cancel_now_ms(void);

/* PLEXCTL_OK at `when_ms`, PLEXCTL_CANCELLED when a signal comes before. Wakes after a suspend that went past it. */
plexctl_status cancel_sleep_until_ms(int64_t when_ms, struct error *err);

#endif
