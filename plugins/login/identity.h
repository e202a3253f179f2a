/* SPDX-License-Identifier: Apache-2.0
 *
 * identity - who a login turned out to be, for a person at a terminal: asked of the server on the connection that is
 * open, said in a line behind the sentence, and kept in the profile. Nobody else is told, and no request goes out.
 *
 * The login stands whatever comes of it: what fails is a warning.
 */
#ifndef PLUGINS_LOGIN_IDENTITY_H
#define PLUGINS_LOGIN_IDENTITY_H

#include "login.h"

#define IDENTITY_TIMEOUT_MS INT64_C(5000)

/* Whether a person reads along: standard output is a terminal, and shows a table. */
bool identity_is_wanted(const struct login *login);

/* Before the save, which knows nobody: whom the profile belonged to. */
void identity_remember(struct login *login);

/* After the save, and after it was said. A profile that belonged to somebody else is a warning too. */
void identity_confirm(const struct login *login);

#endif
