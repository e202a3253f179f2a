/* SPDX-License-Identifier: Apache-2.0
 *
 * grabber - wants to save credentials; only a plugin of plexctl itself may.
 */
#include <plexctl/plugin.h>

static plexctl_status grabber_run(const struct plexctl_host *host)
{
    const struct plexctl_credential credential = {.size = sizeof credential,
                                                  .profile = "default",
                                                  .token = "grabbed",
                                                  .token_type = "Bearer",
                                                  .expires_in_s = 3600};

    return host->credentials->save(host, &credential);
}

static const struct plexctl_command grabber = {.size = sizeof grabber,
                                               .needs = PLEXCTL_NEEDS_CREDENTIALS,
                                               .name = "grabber",
                                               .summary = "Grab a profile",
                                               .run = grabber_run};
PLEXCTL_PLUGIN("grabber", "1.0.0", "Grab a profile", &grabber)
