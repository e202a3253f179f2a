/* SPDX-License-Identifier: Apache-2.0
 *
 * bindings - the identity provider bindings of a domain, as the server's discovery endpoint tells them to anybody.
 */
#ifndef PLUGINS_LOGIN_BINDINGS_H
#define PLUGINS_LOGIN_BINDINGS_H

#include "login.h"

#define BINDINGS_SUGGESTION_SIZE 512
#define BINDINGS_COLUMNS 6

/* The columns of the table that bindings_list prints. */
extern const struct plexctl_column bindings_columns[BINDINGS_COLUMNS];

/* --list-bindings: asks for those of login->domain_id, and prints the answer. A server is prepared. */
plexctl_status bindings_list(const struct login *login);

/* "this domain's bindings: <id> (<alias>/<label>), ..." for a person who gave wrong ids, with what the server says cut
 * short; "this domain has no bindings". "" where that could not be found out quickly; what has been recorded is then
 * another failure. */
void bindings_suggest(const struct login *login, char out[static BINDINGS_SUGGESTION_SIZE]);

/* Offers them for --idp-binding-id, where --domain-id or --again stands before the cursor. */
plexctl_complete bindings_complete;

#endif
