/* SPDX-License-Identifier: Apache-2.0
 *
 * authorization - the device authorization request and its response (RFC 8628 sections 3.1 and 3.2), shown to the
 * person.
 */
#ifndef PLUGINS_LOGIN_AUTHORIZATION_H
#define PLUGINS_LOGIN_AUTHORIZATION_H

#include "login.h"

/* Sends the request, judges the reply, keeps it (pending.h) where login->is_unattended, then does what
 * authorization_begin does. Any status but PLEXCTL_OK ends the login, its reason recorded. */
plexctl_status authorization_request(struct login *login);

/* Starts `login->flow` from `received_ms`, keeps the device code in login->poll_request and shows the prompt. There is
 * no jitter on a terminal, nor where a login is resumed: persons do that, each in a moment of his own. */
plexctl_status authorization_begin(struct login *login, const struct device_code_reply *code, int64_t received_ms);

#endif
