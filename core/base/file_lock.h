/* SPDX-License-Identifier: Apache-2.0
 *
 * file_lock - processes that take turns, by a lock on a file that stays empty.
 *
 * Who waits keeps its place: the kernel's queue decides who is next, and whoever has just let go joins at its end. Only
 * who has to wait pays for that, with a process of its own that waits in its place and ends with the wait.
 */
#ifndef CORE_BASE_FILE_LOCK_H
#define CORE_BASE_FILE_LOCK_H

#include "base/error.h"

/* Takes an exclusive flock(2), which the kernel lets go of when the descriptor closes, however the process ends, on the
 * file `name` in `dir_fd`, made with 0600 if missing and never removed. PLEXCTL_FAILED after `wait_ms`; gives up early
 * with PLEXCTL_CANCELLED when `cancel_fd` (-1 for none) becomes readable. The caller closes *ret_fd. */
plexctl_status file_lock(int dir_fd, const char *name, int wait_ms, int cancel_fd, int *ret_fd, struct error *err);

#endif
