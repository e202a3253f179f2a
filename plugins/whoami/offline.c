/* SPDX-License-Identifier: Apache-2.0 */
#include "offline.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 64

struct offline {
    const struct plexctl_host *host;
    uint32_t overridden;             /* PLEXCTL_OVERRIDDEN_... */
    bool is_environments;            /* the token that commands take */
    const struct plexctl_json *file; /* the profile; NULL for none */
    bool is_dated;
    int64_t left_s; /* where it is; 0 and less: expired */
};

static const char *file_text(const struct offline *offline, const char *key)
{
    return offline->host->json->string(offline->host->json->get(offline->file, key));
}

static plexctl_status look(struct offline *offline)
{
    const struct plexctl_host *host = offline->host;
    struct plexctl_json *profile = NULL;
    int64_t expires_s;

    offline->overridden = host->settings->overridden_by(host, NULL);
    offline->is_environments = (offline->overridden & PLEXCTL_OVERRIDDEN_TOKEN) != 0;
    bool is_needed = offline->overridden != (PLEXCTL_OVERRIDDEN_URL | PLEXCTL_OVERRIDDEN_TOKEN);
    plexctl_status status = host->credentials->describe(host, NULL, &profile);
    if (status != PLEXCTL_OK && (status != PLEXCTL_NO_TOKEN || is_needed))
        return status;
    offline->file = profile;
    if (offline->is_environments)
        return PLEXCTL_OK;
    if (!file_text(offline, "token"))
        return host->error->fail(host, PLEXCTL_NO_TOKEN, "the profile has no token; run `plexctl login`");
    offline->is_dated = host->clock->parse(host, file_text(offline, "expires_at"), &expires_s) != 0;
    if (offline->is_dated)
        offline->left_s = expires_s - host->clock->unix_s(host);
    return PLEXCTL_OK;
}

static const char *state_of(const struct offline *offline)
{
    if (!offline->is_environments && offline->overridden)
        return "overridden";
    if (!offline->is_dated)
        return "unknown";
    return offline->left_s > 0 ? "valid" : "expired";
}

/* Seconds for a program, words for a person. */
static void set_span(const struct offline *offline, struct plexctl_json *result)
{
    const struct plexctl_host *host = offline->host;
    char span[64];

    if (!offline->is_dated) {
        (void)host->json->set_string(result, "expires_in", NULL);
    } else if (host->output->format(host) == PLEXCTL_OUTPUT_TABLE) {
        (void)snprintf(span, sizeof span, "%s%s", host->clock->span(host, offline->left_s),
                       offline->left_s > 0 ? "" : " ago");
        (void)host->json->set_string(result, offline->left_s > 0 ? "expires_in" : "expired", span);
    } else {
        (void)host->json->set_integer(result, "expires_in", offline->left_s);
    }
}

static const char *names_of(const struct offline *offline)
{
    static const char *const names[] = {[0] = NULL,
                                        [PLEXCTL_OVERRIDDEN_URL] = "PLEXSPHERE_URL",
                                        [PLEXCTL_OVERRIDDEN_TOKEN] = "PLEXSPHERE_TOKEN",
                                        [PLEXCTL_OVERRIDDEN_URL | PLEXCTL_OVERRIDDEN_TOKEN] =
                                            "PLEXSPHERE_URL and PLEXSPHERE_TOKEN"};

    return names[offline->overridden & (PLEXCTL_OVERRIDDEN_URL | PLEXCTL_OVERRIDDEN_TOKEN)];
}

static plexctl_status show(const struct offline *offline)
{
    const struct plexctl_host *host = offline->host;
    struct plexctl_json *result = host->json->object(host);

    (void)host->json->set_string(result, "profile", file_text(offline, "name"));
    (void)host->json->set_string(result, "server", file_text(offline, "server"));
    (void)host->json->set_string(result, "subject", offline->is_environments ? NULL : file_text(offline, "subject"));
    (void)host->json->set_string(result, "state", state_of(offline));
    (void)host->json->set_string(result, "expires_at", offline->is_dated ? file_text(offline, "expires_at") : NULL);
    set_span(offline, result);
    (void)host->json->set_string(result, "overridden_by", names_of(offline));
    return host->output->emit(host, result);
}

static void warn_of_environment(const struct offline *offline)
{
    const struct plexctl_host *host = offline->host;
    bool are_two = offline->overridden == (PLEXCTL_OVERRIDDEN_URL | PLEXCTL_OVERRIDDEN_TOKEN);
    char text[256];

    if (!offline->overridden)
        return;
    (void)snprintf(
        text, sizeof text, "%s in the environment come%s before the profile; %s", names_of(offline), are_two ? "" : "s",
        offline->is_environments ? "of that token nothing is known here"
                                 : "commands ask the server that it names, and send the profile's token to no "
                                   "other origin than the profile's");
    host->output->warn(host, text);
}

/* A foreign file may have names that are none on a command line. */
static const char *name_to_type(const char *name)
{
    static const char fit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = strspn(name, fit);

    return len > 0 && len <= NAME_MAX_BYTES && !name[len] && name[0] != '.' && name[0] != '-' ? name : "NAME";
}

static plexctl_status fail_expired(const struct offline *offline)
{
    const struct plexctl_host *host = offline->host;
    const char *name = file_text(offline, "name"), *typed = name_to_type(name);
    bool is_whole = typed == name && file_text(offline, "server") && file_text(offline, "domain_id") &&
                    file_text(offline, "idp_binding_id");
    char text[512];

    (void)snprintf(text, sizeof text,
                   "the token of profile \"%.64s\" expired %s ago; run `plexctl login %s--profile-name %s%s`", name,
                   host->clock->span(host, offline->left_s), is_whole ? "--again " : "", typed,
                   is_whole ? "" : " --server URL --domain-id UUID --idp-binding-id UUID");
    return host->error->fail(host, PLEXCTL_FAILED, text);
}

plexctl_status offline_run(const struct plexctl_host *host)
{
    struct offline offline = {.host = host};

    if (host->values->given(host, "server") || host->values->given(host, "token-file"))
        return host->error->fail(host, PLEXCTL_USAGE,
                                 "--offline tells what the config file knows of a profile; leave --server and "
                                 "--token-file out");
    plexctl_status status = look(&offline);
    if (status != PLEXCTL_OK)
        return status;
    warn_of_environment(&offline);
    status = show(&offline);
    if (status == PLEXCTL_OK && strcmp(state_of(&offline), "expired") == 0)
        return fail_expired(&offline);
    return status;
}
