/* SPDX-License-Identifier: Apache-2.0
 *
 * pending - a login that one process began (--no-wait) and another finishes (--resume): what the server said, with the
 * device code, kept as state under the profile's name until the code expires. There is one a profile.
 *
 *     pending_reserve, pending_keep              where it is begun: before the request, and before the prompt
 *     pending_open, pending_read, pending_close  where it is finished
 *
 * Processes share no clock but the wall's. So the deadline is the wall clock's, but that a clock set back gains
 * nothing: from the last time that anybody looked no more is left than was left then. And the first poll waits a whole
 * interval, as the last process may have polled just now.
 */
#ifndef PLUGINS_LOGIN_PENDING_H
#define PLUGINS_LOGIN_PENDING_H

#include "login.h"

/* Keeps others away from the profile's pending login, until the run ends. PLEXCTL_UNREACHABLE where another process is
 * finishing it; PLEXCTL_FAILED where the wall clock is so wrong that nothing could be kept. */
plexctl_status pending_reserve(const struct login *login);

/* Keeps it; a note says so where it takes another one's place. */
plexctl_status pending_keep(struct login *login, const struct device_code_reply *code);

/* Finds and holds the pending login of the profile that --profile-name or --profile names, else that of login->profile,
 * else the only one; takes the ids, login->server and whether the profile is to be the default one from it.
 * PLEXCTL_FAILED, with the command that begins one and those that are pending, where there is none; PLEXCTL_USAGE where
 * it is damaged. */
plexctl_status pending_open(struct login *login);

/* What it asks to approve, with the interval as slow_down has made it and the time that is left. */
plexctl_status pending_read(struct login *login, struct device_code_reply *ret_code);

/* After a poll: whoever finishes it later keeps to the longer interval, and to the wait that the server asked for. */
void pending_keep_pace(const struct login *login);

/* After a login that was not pending has been saved: one that is pending for its profile is removed, with a note,
 * unless a process is at it. A failure is PLEXCTL_NO_MEMORY. */
plexctl_status pending_give_up(const struct login *login);

/* What has expired, and what killed processes left, goes. A failure is PLEXCTL_NO_MEMORY. */
plexctl_status pending_sweep(const struct login *login);

/* Removes it where login->is_code_spent; else it stays, so that it can be resumed again. */
void pending_close(const struct login *login);

/* The wall clock's deadline of what pending_keep kept. */
int64_t pending_expires_unix_s(const struct login *login);

#endif
