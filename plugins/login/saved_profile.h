/* SPDX-License-Identifier: Apache-2.0
 *
 * saved_profile - what an earlier login left: ids and server for --again, and how long its token lives, for
 * --if-expiring. Reads the config file, and sends nothing.
 */
#ifndef PLUGINS_LOGIN_SAVED_PROFILE_H
#define PLUGINS_LOGIN_SAVED_PROFILE_H

#include "login.h"

/* --again: the profile of --profile-name, else of --profile, else the default one, becomes the one to save under; its
 * server, and the ids that no flag gives, are taken over. PLEXCTL_USAGE, naming the flags, where it lacks one.
 *
 * --if-expiring: *ret_is_enough is true, and that is said, where the profile's token outlives the given time. It does
 * not where its expiry is unknown, or where a login would be made with another server, domain or binding than it was.
 * Where it does not, and neither flag nor profile gives an id, that is PLEXCTL_USAGE in the words that plexctl has for
 * it. */
plexctl_status saved_profile_look(struct login *login, bool *ret_is_enough);

/* For Tab. The domain of --domain-id, else, with --again, that of the profile, if it is of the resolved server; NULL.
 */
const char *saved_profile_domain(const struct plexctl_host *host);

/* Offers those of the saved profiles. */
plexctl_complete saved_profile_complete_domain;

#endif
