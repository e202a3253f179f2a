/* SPDX-License-Identifier: Apache-2.0
 *
 * plexctl login - the device authorization grant (RFC 8628) against the control plane: ask for a code, show it, poll
 * until it is approved, save the token.
 */
#include <plexctl/plugin.h>

#include <stdio.h>

#include "authorization.h"
#include "identity.h"
#include "keep.h"
#include "later.h"
#include "login.h"
#include "polling.h"

static plexctl_status login_run(const struct plexctl_host *host);

static const struct plexctl_flag login_flags[] = {
    {.name = "domain-id",
     .value_name = "UUID",
     .help = "Domain that owns the identity provider binding",
     .type = PLEXCTL_UUID,
     .attributes = PLEXCTL_REQUIRED},
    {.name = "idp-binding-id",
     .value_name = "UUID",
     .help = "Identity provider binding, within that Domain, to sign in with",
     .type = PLEXCTL_UUID,
     .attributes = PLEXCTL_REQUIRED},
    {.name = "profile-name",
     .value_name = "NAME",
     .help = "Profile to save the token under; the first one saved becomes the default",
     .default_value = "default",
     .type = PLEXCTL_PROFILE},
    {.name = "set-default", .help = "Make it the default profile as well", .type = PLEXCTL_BOOL},
    {.name = "qr", .help = "Show the link as a QR code as well", .type = PLEXCTL_BOOL},
    {.name = "copy", .help = "Put the code on the terminal's clipboard", .type = PLEXCTL_BOOL},
    {.name = "open", .help = "Open the link in your browser", .type = PLEXCTL_BOOL},
};

static const struct plexctl_command login_command = {
    .size = sizeof login_command,
    .needs = PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_CREDENTIALS,
    .inert = PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_YES | PLEXCTL_INERT_REVEAL_SECRETS,
    .name = "login",
    .summary = "Log in through a browser and save the token in a profile",
    .description = "Asks the control plane for a short code, prints it with the address of the page to enter it on,\n"
                   "and waits until someone approves it there, in a browser on any machine. The token goes to the\n"
                   "config file under the profile's name, readable by you alone, and is never printed. Later\n"
                   "commands take server and token from that profile.\n",
    .examples = "plexctl login --server https://localhost:8080 --domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0 "
                "--idp-binding-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0\n"
                "plexctl login --domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0 "
                "--idp-binding-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0 --profile-name staging --output json\n",
    .flags = PLEXCTL_ROWS(login_flags),
    .run = login_run,
};

PLEXCTL_PLUGIN("login", PACKAGE_VERSION, "Log in through a browser and save the token in a profile", &login_command)

plexctl_status login_fail_around(const struct login *login, plexctl_status status, const char *before,
                                 const char *after)
{
    char text[LOGIN_TEXT_SIZE];

    (void)snprintf(text, sizeof text, "%s%s%s", before, login->host->error->text(login->host), after);
    return login->host->error->fail(login->host, status, text);
}

plexctl_status login_fail_in(const struct login *login, plexctl_status status, const char *phase)
{
    login->host->error->prefix(login->host, phase);
    return status;
}

void login_advise_besides(const struct login *login, const char *text)
{
    const struct plexctl_host_error *error = login->host->error;

    if (!error->advice(login->host)[0])
        error->advise(login->host, text);
}

static plexctl_status show_summary(const struct login *login)
{
    const struct plexctl_host *host = login->host;

    if (host->output->format(host) == PLEXCTL_OUTPUT_TABLE) {
        char text[128];
        (void)snprintf(text, sizeof text, "Logged in. Saved profile \"%s\".", login->profile);
        return host->output->line(host, text);
    }
    struct plexctl_json *summary = host->json->object(host);
    (void)host->json->set_string(summary, "profile", login->profile);
    (void)host->json->set_string(summary, "server", host->settings->server(host));
    (void)host->json->set_string(summary, "token_type", "Bearer");
    (void)host->json->set_integer(summary, "expires_in", login->token.expires_in_s);
    (void)host->json->set_boolean(summary, "has_token", 1);
    return host->output->emit(host, summary);
}

/* The token has come. */
static plexctl_status finish(struct login *login)
{
    identity_remember(login);
    plexctl_status status = keep_token(login);
    if (status != PLEXCTL_OK)
        return status;
    status = show_summary(login);
    if (status != PLEXCTL_OK)
        return login_fail_around(login, status, "saved, but ", "");
    identity_confirm(login);
    later_explain(login);
    return PLEXCTL_OK;
}

static plexctl_status login_run(const struct plexctl_host *host)
{
    struct login login = {.host = host,
                          .profile = host->values->string(host, "profile-name"),
                          .domain_id = host->values->string(host, "domain-id"),
                          .idp_binding_id = host->values->string(host, "idp-binding-id"),
                          .is_default_wanted = host->values->boolean(host, "set-default")};

    plexctl_status status = authorization_request(&login);
    if (status == PLEXCTL_OK)
        status = polling_run(&login);
    host->json->release(host, login.poll_request);
    if (status == PLEXCTL_OK)
        status = finish(&login);
    host->json->release(host, login.token_body);
    return status;
}
