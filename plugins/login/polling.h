/* SPDX-License-Identifier: Apache-2.0
 *
 * polling - the device access token requests (RFC 8628 sections 3.4 and 3.5), one after another as device_flow times
 * them.
 */
#ifndef PLUGINS_LOGIN_POLLING_H
#define PLUGINS_LOGIN_POLLING_H

#include "login.h"

/* After authorization_request. On PLEXCTL_OK login->token is set, and belongs to login->token_body. Trouble that may
 * pass is said once; any other status ends the login, its reason recorded. */
plexctl_status polling_run(struct login *login);

#endif
