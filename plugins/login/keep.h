/* SPDX-License-Identifier: Apache-2.0
 *
 * keep - saves the token that an approval has brought. It cannot be had a second time, so a save that fails is tried
 * again as a whole, every KEEP_PAUSE_MS: a person may make room, mend the file or end what holds the lock meanwhile.
 *
 * The first failure is said as a warning, with how to mend it and for how long plexctl tries. The last try begins
 * KEEP_MAX_MS after the first at the latest, and while the token lives for a second at least.
 */
#ifndef PLUGINS_LOGIN_KEEP_H
#define PLUGINS_LOGIN_KEEP_H

#include "login.h"

#define KEEP_MAX_MS INT64_C(30000)
#define KEEP_PAUSE_MS INT64_C(1000)

/* Notes the time in login->token_ms, and saves login->token under login->profile; called as soon as the token has come,
 * from when on its lifetime counts. OK; CANCELLED, of which a warning says what it cost; else FAILED, recorded with
 * what is wrong, how to mend it, and what was lost. Lack of memory does not pass, and is not tried again. */
plexctl_status keep_token(struct login *login);

/* How long the token lives from now on: whole seconds, rounded down, so that a saved date of expiry is not too late. */
int64_t keep_left_s(const struct login *login);

#endif
