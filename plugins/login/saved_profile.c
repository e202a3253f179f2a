/* SPDX-License-Identifier: Apache-2.0 */
#include "saved_profile.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "events.h"

static const char *text_of(const struct login *login, const struct plexctl_json *profile, const char *key)
{
    return login->host->json->string(login->host->json->get(profile, key));
}

/* --list-bindings is what one finds the binding by. */
static bool needs_binding(const struct login *login)
{
    return !login->idp_binding_id && !login_is_asked(login->host, "list-bindings");
}

static plexctl_status refuse_again(const struct login *login, const struct plexctl_json *profile)
{
    const char *domain = login->domain_id ? "" : " --domain-id UUID",
               *binding = needs_binding(login) ? " --idp-binding-id UUID" : "";
    char text[512];

    if (profile)
        (void)snprintf(text, sizeof text, "--again: profile \"%s\" does not say all that it was made with; give%s%s%s",
                       login->profile, login->server ? "" : " --server URL", domain, binding);
    else
        (void)snprintf(text, sizeof text,
                       "--again: no login has saved profile \"%s\" yet; leave --again out, and give "
                       "--domain-id UUID%s",
                       login->profile, needs_binding(login) || login->idp_binding_id ? " --idp-binding-id UUID" : "");
    return login->host->error->fail(login->host, PLEXCTL_USAGE, text);
}

/* The server that --server names is looked at by prepare. */
static plexctl_status take_over(struct login *login, const struct plexctl_json *profile)
{
    const char *name = text_of(login, profile, "name"), *given = login->host->values->string(login->host, "profile");

    if (name)
        login->profile = name;
    else if (!login_is_asked(login->host, "profile-name") && given)
        login->profile = given;
    if (!profile)
        return refuse_again(login, NULL);
    login->server = text_of(login, profile, "server");
    if (!login->domain_id)
        login->domain_id = text_of(login, profile, "domain_id");
    if (!login->idp_binding_id)
        login->idp_binding_id = text_of(login, profile, "idp_binding_id");
    bool has_server = login->server || login->host->values->string(login->host, "server");
    return has_server && login->domain_id && !needs_binding(login) ? PLEXCTL_OK : refuse_again(login, profile);
}

/* Whether this login would go to the profile's server. If no server is named, it would; what is no server's URL is
 * prepare's to refuse. */
static plexctl_status judge_server(const struct login *login, const char *saved, bool *ret_is_same)
{
    const struct plexctl_host *host = login->host;
    bool is_again = login_is_asked(host, "again");
    const char *wanted = host->values->string(host, "server");
    plexctl_status status = PLEXCTL_OK;

    if (!is_again && !wanted)
        status = host->settings->foresee_server(host, &wanted);
    if (status == PLEXCTL_OK && wanted)
        *ret_is_same = host->settings->is_same_server(host, wanted, saved, is_again);
    else
        *ret_is_same = status != PLEXCTL_USAGE;
    return status == PLEXCTL_NO_SERVER || status == PLEXCTL_USAGE ? PLEXCTL_OK : status;
}

static bool is_other_id(const char *given, const char *saved)
{
    return given && (!saved || strcasecmp(given, saved) != 0);
}

static void warn_of_default(const struct login *login, const struct plexctl_json *profile)
{
    char text[192];
    int32_t is_default = 0;

    (void)login->host->json->boolean(login->host->json->get(profile, "default"), &is_default);
    if (!login->is_default_wanted || is_default)
        return;
    (void)snprintf(text, sizeof text,
                   "--set-default: nothing was saved, so profile \"%s\" was not made the default one", login->profile);
    login->host->output->warn(login->host, text);
}

static plexctl_status say_valid(const struct login *login, const struct plexctl_json *profile, int64_t lives_s)
{
    const struct plexctl_host *host = login->host;
    const char *expires_at = text_of(login, profile, "expires_at");

    warn_of_default(login, profile);
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
    (void)host->json->set_boolean(result, "changed", 0);
    return host->output->emit(host, result);
}

static plexctl_status judge(const struct login *login, const struct plexctl_json *profile, bool *ret_is_enough)
{
    const struct plexctl_host *host = login->host;
    const char *expires_at = text_of(login, profile, "expires_at");
    int64_t expires_unix_s = 0, now_s = host->clock->unix_s(host);

    if (!text_of(login, profile, "token") || !host->clock->parse(host, expires_at, &expires_unix_s) ||
        expires_unix_s - now_s <= host->values->integer(host, "if-expiring") || expires_unix_s <= now_s)
        return PLEXCTL_OK;
    if (is_other_id(login->domain_id, text_of(login, profile, "domain_id")) ||
        is_other_id(login->idp_binding_id, text_of(login, profile, "idp_binding_id")))
        return PLEXCTL_OK;
    plexctl_status status = judge_server(login, text_of(login, profile, "server"), ret_is_enough);
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

plexctl_status saved_profile_look(struct login *login, bool *ret_is_enough)
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
    if (status == PLEXCTL_OK && !*ret_is_enough && !login_is_asked(host, "list-bindings"))
        status = check_ids(login);
    return status;
}

const char *saved_profile_domain(const struct plexctl_host *host)
{
    const struct login login = {.host = host};
    const char *given = host->values->string(host, "domain-id");
    bool is_named = login_is_asked(host, "profile-name");
    struct plexctl_json *profile = NULL;
    const char *server = host->settings->server(host);

    if (given || !host->values->boolean(host, "again") || !server ||
        host->credentials->describe(host, is_named ? host->values->string(host, "profile-name") : NULL, &profile) !=
            PLEXCTL_OK)
        return given;
    bool is_same = host->settings->is_same_server(host, server, text_of(&login, profile, "server"), true);
    return is_same ? text_of(&login, profile, "domain_id") : NULL;
}

plexctl_status saved_profile_complete_domain(const struct plexctl_host *host, const char *typed)
{
    const struct plexctl_host_json *json = host->json;
    struct plexctl_json *profiles = NULL;
    plexctl_status status = host->credentials->list(host, &profiles);
    char description[96];

    (void)typed;
    for (uint64_t i = 0; status == PLEXCTL_OK && i < json->length(profiles); i++) {
        const struct plexctl_json *profile = json->at(profiles, i);
        const char *domain_id = json->string(json->get(profile, "domain_id"));
        (void)snprintf(description, sizeof description, "profile %s", json->string(json->get(profile, "name")));
        if (domain_id)
            status = host->completion->offer(host, domain_id, description);
    }
    return status;
}
