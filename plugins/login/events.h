/* SPDX-License-Identifier: Apache-2.0
 *
 * events - what happens in a login, for another program (--events): one JSON object a line, plexctl-login(1) lists
 * them.
 *
 * Nothing here ends a login: what cannot be told is not told. All but events_open do nothing where nobody asked.
 */
#ifndef PLUGINS_LOGIN_EVENTS_H
#define PLUGINS_LOGIN_EVENTS_H

#include "login.h"

#define EVENTS_VERSION 1

/* Before the first request. A sink that cannot be written is PLEXCTL_USAGE. */
plexctl_status events_open(struct login *login);

void events_prompt(const struct login *login, const struct device_code_reply *code);

/* The login was kept, and nobody waits. */
void events_pending(const struct login *login, int64_t expires_unix_s);

/* What the last poll came to, by login->wait. */
void events_poll(const struct login *login);

void events_approved(const struct login *login);
void events_saved(const struct login *login);

/* --if-expiring had nothing to do. */
void events_valid(const struct login *login, const char *expires_at);

/* With what has been recorded. */
void events_failed(const struct login *login, plexctl_status status);

#endif
