/* SPDX-License-Identifier: Apache-2.0 */
#include "keep.h"

#include <stdbool.h>
#include <stdio.h>

#define SECOND_MS INT64_C(1000)
#define LOST "the approval was used and the token was not kept"

struct keep {
    const struct plexctl_host *host;
    const struct login *login;
    int64_t end_ms;
};

static bool may_pass(plexctl_status status)
{
    /* USAGE: the file is not what preflight saw, and may be mended. */
    return status == PLEXCTL_FAILED || status == PLEXCTL_USAGE;
}

int64_t keep_left_s(const struct login *login)
{
    int64_t spent_ms = login->host->clock->now_ms(login->host) - login->token_ms;

    return login->token.expires_in_s - (spent_ms + SECOND_MS - 1) / SECOND_MS;
}

static plexctl_status save(const struct login *login, int64_t expires_in_s)
{
    const struct plexctl_host *host = login->host;
    const struct plexctl_credential credential = {.size = sizeof credential,
                                                  .flags = login->is_default_wanted ? PLEXCTL_CREDENTIAL_DEFAULT : 0,
                                                  .profile = login->profile,
                                                  .token = login->token.access_token,
                                                  .token_type = "Bearer",
                                                  .domain_id = login->domain_id,
                                                  .idp_binding_id = login->idp_binding_id,
                                                  .expires_in_s = expires_in_s};

    return host->credentials->save(host, &credential);
}

static void say_trying(const struct keep *keep, int64_t left_ms)
{
    char text[LOGIN_TEXT_SIZE];

    (void)snprintf(text, sizeof text, "the token could not be saved: %s; plexctl tries again for %lld s",
                   keep->host->error->text(keep->host), (long long)(left_ms / SECOND_MS));
    keep->host->output->warn(keep->host, text);
}

static plexctl_status try_again(const struct keep *keep, plexctl_status status)
{
    const struct plexctl_host_clock *clock = keep->host->clock;
    bool is_said = false;

    while (may_pass(status)) {
        int64_t now_ms = clock->now_ms(keep->host);
        if (now_ms + KEEP_PAUSE_MS > keep->end_ms)
            return status;
        if (!is_said)
            say_trying(keep, keep->end_ms - now_ms);
        is_said = true;
        plexctl_status slept = clock->sleep_until_ms(keep->host, now_ms + KEEP_PAUSE_MS);
        if (slept != PLEXCTL_OK)
            return slept;
        int64_t expires_in_s = keep_left_s(keep->login);
        if (expires_in_s < 1)
            return status;
        status = save(keep->login, expires_in_s);
    }
    return status;
}

/* What was lost comes first: a long line is cut at its end. */
static plexctl_status say_lost(const struct plexctl_host *host)
{
    char text[LOGIN_TEXT_SIZE];

    (void)snprintf(text, sizeof text, LOST ": %s; then run `plexctl login` again", host->error->text(host));
    /* Whatever the store calls it: the operator's command line and files were found fit before. */
    return host->error->fail(host, PLEXCTL_FAILED, text);
}

plexctl_status keep_token(struct login *login)
{
    const struct plexctl_host *host = login->host;
    const struct device_token_reply *token = &login->token;
    struct keep keep = {.host = host, .login = login};
    int64_t most_ms =
        token->expires_in_s > KEEP_MAX_MS / SECOND_MS ? KEEP_MAX_MS : (token->expires_in_s - 1) * SECOND_MS;

    login->token_ms = host->clock->now_ms(host);
    keep.end_ms = login->token_ms + most_ms;
    plexctl_status status = try_again(&keep, save(login, token->expires_in_s));
    if (status == PLEXCTL_CANCELLED)
        host->output->warn(host, LOST "; run `plexctl login` again");
    return status == PLEXCTL_OK || status == PLEXCTL_CANCELLED ? status : say_lost(host);
}
