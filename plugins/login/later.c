/* SPDX-License-Identifier: Apache-2.0 */
#include "later.h"

#include <stdio.h>
#include <string.h>

#include "identity.h"

static void warn_of_environment(const struct login *login)
{
    const struct plexctl_host *host = login->host;
    const char *variables = host->settings->overridden_by(host, login->profile);
    char text[LOGIN_TEXT_SIZE];

    if (!variables)
        return;
    const char *are = strchr(variables, ' ') ? "are" : "is";
    (void)snprintf(text, sizeof text,
                   "%s %s set, and later commands take %s before what was saved as profile \"%s\"; run `unset %s%s`",
                   variables, are, strchr(variables, ' ') ? "them" : "that", login->profile,
                   strstr(variables, "PLEXSPHERE_URL") ? "PLEXSPHERE_URL" : "PLEXSPHERE_TOKEN",
                   strchr(variables, ' ') ? " PLEXSPHERE_TOKEN" : "");
    host->output->warn(host, text);
}

static void say_how_to_name_it(const struct login *login)
{
    const struct plexctl_host *host = login->host;
    struct plexctl_json *profile = NULL;
    int32_t is_default = 1;
    char text[160];

    if (!identity_is_wanted(login) || host->credentials->describe(host, login->profile, &profile) != PLEXCTL_OK)
        return;
    (void)host->json->boolean(host->json->get(profile, "default"), &is_default);
    if (is_default)
        return;
    (void)snprintf(text, sizeof text, "It is not the default profile: use it with --profile %s.", login->profile);
    (void)host->output->line(host, text);
}

void later_explain(const struct login *login)
{
    say_how_to_name_it(login);
    warn_of_environment(login);
}
