/* SPDX-License-Identifier: Apache-2.0
 *
 * offline - who you are by what the config file knows, without a request: the profile that --profile names, else the
 * default one, and whether its token is valid, expired, unknown or overridden.
 *
 *   valid     it expires later than now, by this machine's clock [0]
 *   expired   it does not [1, behind the result: a script logs in again then]
 *   unknown   no date is saved, or PLEXSPHERE_TOKEN holds the token that commands take, of which nothing is known [0:
 *             the server may well take it, and a login would not change what is in the environment]
 *
 *   overridden  PLEXSPHERE_URL names another server than the profile's: commands go there, and fail for want of a token
 *             where its origin is another one too [0: a login would not change that either]
 *
 * A profile that is needed and does not exist, or has no token: PLEXCTL_NO_TOKEN [3], as with a request. --server and
 * --token-file, of which it would tell nothing: PLEXCTL_USAGE.
 */
#ifndef PLUGINS_WHOAMI_OFFLINE_H
#define PLUGINS_WHOAMI_OFFLINE_H

#include <plexctl/plugin.h>

plexctl_status offline_run(const struct plexctl_host *host);

#endif
