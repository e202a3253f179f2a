/* SPDX-License-Identifier: Apache-2.0
 *
 * authorization - the device authorization request and its response (RFC 8628 sections 3.1 and 3.2), shown to the
 * person.
 */
#ifndef PLUGINS_LOGIN_AUTHORIZATION_H
#define PLUGINS_LOGIN_AUTHORIZATION_H

#include "login.h"

/* Sends the request, judges the reply, starts `login->flow` from its receipt, keeps the device code in
 * login->poll_request and shows the prompt. Any status but PLEXCTL_OK ends the login, its reason recorded. */
plexctl_status authorization_request(struct login *login);

#endif
