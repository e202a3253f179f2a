/* SPDX-License-Identifier: Apache-2.0
 *
 * bindings - the identity provider bindings of a domain, as the server's discovery endpoint tells them to anybody.
 */
#ifndef PLUGINS_LOGIN_BINDINGS_H
#define PLUGINS_LOGIN_BINDINGS_H

#include "login.h"

#define BINDINGS_SUGGESTION_SIZE 512

/* The columns of the table that bindings_list prints. */
extern const struct plexctl_column bindings_columns[5];

/* --list-bindings: asks, and prints the answer. The command needs a server. */
plexctl_status bindings_list(const struct plexctl_host *host);

/* "this domain's bindings: <id> (<alias>/<label>), ..." for a person who gave wrong ids, with what the server says cut
 * short; "this domain has no bindings". "" where that could not be found out quickly; what has been recorded is then
 * another failure. */
void bindings_suggest(const struct login *login, char out[static BINDINGS_SUGGESTION_SIZE]);

/* Offers them for --idp-binding-id, where --domain-id stands before the cursor. */
plexctl_complete bindings_complete;

#endif
