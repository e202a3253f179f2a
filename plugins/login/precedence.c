/* SPDX-License-Identifier: Apache-2.0 */
#include "precedence.h"

#include <stdio.h>

#include "identity.h"

static void warn_of_environment(const struct login *login)
{
    const struct plexctl_host *host = login->host;
    uint32_t variables = host->settings->overridden_by(host, login->profile);
    const char *url = variables & PLEXCTL_OVERRIDDEN_URL ? "PLEXSPHERE_URL" : "";
    const char *token = variables & PLEXCTL_OVERRIDDEN_TOKEN ? "PLEXSPHERE_TOKEN" : "";
    bool are_two = url[0] && token[0];
    char text[LOGIN_TEXT_SIZE];

    if (!variables)
        return;
    (void)snprintf(text, sizeof text,
                   "%s%s%s %s set, and later commands take %s before what was saved as profile \"%s\"; run `unset "
                   "%s%s%s`",
                   url, are_two ? " and " : "", token, are_two ? "are" : "is", are_two ? "them" : "that",
                   login->profile, url, are_two ? " " : "", token);
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

void precedence_explain(const struct login *login)
{
    say_how_to_name_it(login);
    warn_of_environment(login);
}
