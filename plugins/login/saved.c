/* SPDX-License-Identifier: Apache-2.0 */
#include "saved.h"

#include <stdio.h>
#include <string.h>

#include "events.h"
#include "moment.h"

static const char *text_of(const struct login *login, const struct plexctl_json *profile, const char *key)
{
    return login->host->json->string(login->host->json->get(profile, key));
}

static plexctl_status refuse_again(const struct login *login, const struct plexctl_json *profile)
{
    const char *domain = login->domain_id ? "" : " --domain-id UUID",
               *binding = login->idp_binding_id ? "" : " --idp-binding-id UUID";
    char text[512];

    if (profile)
        (void)snprintf(text, sizeof text, "--again: profile \"%s\" does not say all that it was made with; give%s%s%s",
                       login->profile, login->server ? "" : " --server URL", domain, binding);
    else
        (void)snprintf(text, sizeof text,
                       "--again: no login has saved profile \"%s\" yet; leave --again out, and give --domain-id UUID "
                       "--idp-binding-id UUID",
                       login->profile);
    return login->host->error->fail(login->host, PLEXCTL_USAGE, text);
}

/* The server that --server names is looked at by prepare. */
static plexctl_status take_over(struct login *login, const struct plexctl_json *profile)
{
    const char *name = text_of(login, profile, "name");

    if (name)
        login->profile = name;
    if (!profile)
        return refuse_again(login, NULL);
    login->server = text_of(login, profile, "server");
    if (!login->domain_id)
        login->domain_id = text_of(login, profile, "domain_id");
    if (!login->idp_binding_id)
        login->idp_binding_id = text_of(login, profile, "idp_binding_id");
    bool has_server = login->server || login->host->settings->given_server(login->host);
    return has_server && login->domain_id && login->idp_binding_id ? PLEXCTL_OK : refuse_again(login, profile);
}

/* What is no URL is prepare's to refuse. */
static plexctl_status is_of_given_server(const struct login *login, const char *server, bool *ret_is)
{
    const struct plexctl_host *host = login->host;
    const char *given = host->settings->given_server(host);
    const struct plexctl_url *wanted = NULL, *found = NULL;

    *ret_is = !given || (server && strcmp(given, server) == 0);
    if (*ret_is || !server)
        return PLEXCTL_OK;
    plexctl_status status = host->url->parse(host, given, &wanted);
    if (status == PLEXCTL_OK)
        status = host->url->parse(host, server, &found);
    *ret_is = status == PLEXCTL_OK && strcmp(wanted->origin, found->origin) == 0;
    return status == PLEXCTL_FAILED ? PLEXCTL_OK : status;
}

static plexctl_status say_valid(const struct login *login, const struct plexctl_json *profile, int64_t lives_s)
{
    const struct plexctl_host *host = login->host;
    const char *expires_at = text_of(login, profile, "expires_at");

    events_valid(login, expires_at);
    if (host->output->format(host) == PLEXCTL_OUTPUT_TABLE) {
        char text[160];
        (void)snprintf(text, sizeof text, "Profile \"%s\" is valid until %s.", login->profile, expires_at);
        return host->output->line(host, text);
    }
    struct plexctl_json *result = host->json->object(host);
    (void)host->json->set_string(result, "profile", login->profile);
    (void)host->json->set_string(result, "server", text_of(login, profile, "server"));
    (void)host->json->set_string(result, "token_type", "Bearer");
    (void)host->json->set_integer(result, "expires_in", lives_s);
    (void)host->json->set_boolean(result, "has_token", 1);
    (void)host->json->set_string(result, "expires_at", expires_at);
    return host->output->emit(host, result);
}

static plexctl_status judge(const struct login *login, const struct plexctl_json *profile, bool *ret_is_enough)
{
    const struct plexctl_host *host = login->host;
    const char *expires_at = text_of(login, profile, "expires_at");
    int64_t expires_unix_s = 0, now_s = host->clock->unix_s(host);

    if (!text_of(login, profile, "token") || !expires_at || !moment_parse(expires_at, &expires_unix_s) ||
        expires_unix_s - now_s <= host->values->integer(host, "if-expiring") || expires_unix_s <= now_s)
        return PLEXCTL_OK;
    plexctl_status status = is_of_given_server(login, text_of(login, profile, "server"), ret_is_enough);
    return status == PLEXCTL_OK && *ret_is_enough ? say_valid(login, profile, expires_unix_s - now_s) : status;
}

/* plexctl leaves it to us where --if-expiring is given. */
static plexctl_status check_ids(const struct login *login)
{
    const char *domain = login->domain_id ? "" : "--domain-id UUID",
               *binding = login->idp_binding_id ? "" : "--idp-binding-id UUID";
    char text[160];

    if (!domain[0] && !binding[0])
        return PLEXCTL_OK;
    (void)snprintf(text, sizeof text, "login: missing %s%s%s; give it, or see --help", domain,
                   domain[0] && binding[0] ? ", " : "", binding);
    return login->host->error->fail(login->host, PLEXCTL_USAGE, text);
}

plexctl_status saved_look(struct login *login, bool *ret_is_enough)
{
    const struct plexctl_host *host = login->host;
    bool is_again = login_is_asked(host, "again");
    bool is_named = !is_again || login_is_asked(host, "profile-name");
    struct plexctl_json *profile = NULL;

    *ret_is_enough = false;
    if (!is_again && !login_is_asked(host, "if-expiring"))
        return PLEXCTL_OK;
    plexctl_status status = host->credentials->describe(host, is_named ? login->profile : NULL, &profile);
    if (status != PLEXCTL_OK && status != PLEXCTL_NO_TOKEN)
        return status;
    if (is_again)
        status = take_over(login, profile);
    else
        status = PLEXCTL_OK;
    if (status == PLEXCTL_OK && login_is_asked(host, "if-expiring"))
        status = judge(login, profile, ret_is_enough);
    return status == PLEXCTL_OK && !*ret_is_enough ? check_ids(login) : status;
}
