/* SPDX-License-Identifier: Apache-2.0
 *
 * plexctl whoami - who the resolved token speaks for, as the control plane sees it.
 */
#include <plexctl/plugin.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "offline.h"

#define SUMMARY "Show who you are logged in as"

static plexctl_status whoami_run(const struct plexctl_host *host);

static const struct plexctl_flag whoami_flags[] = {
    {.name = "offline", .help = "Ask nobody: tell what the config file knows", .type = PLEXCTL_BOOL}};

static const struct plexctl_command whoami_command = {
    .size = sizeof whoami_command,
    .needs = PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN | PLEXCTL_NEEDS_LATER,
    .inert = PLEXCTL_INERT_YES | PLEXCTL_INERT_REVEAL_SECRETS,
    .name = "whoami",
    .summary = SUMMARY,
    .description = "Asks the control plane whom the token speaks for, and shows its answer with the server that gave\n"
                   "it and the profile that was used. Takes server and token from the flags, the environment or a\n"
                   "profile, as every command does.\n"
                   "\n"
                   "With --offline it sends nothing, and shows what the config file knows of a profile: whose it is,\n"
                   "and whether its token is valid, expired (exit 1), unknown, or overridden by the environment.\n",
    .examples = "plexctl whoami --profile staging --output json\n"
                "plexctl whoami --offline\n",
    .flags = PLEXCTL_ROWS(whoami_flags),
    .run = whoami_run,
};

PLEXCTL_PLUGIN("whoami", PACKAGE_VERSION, SUMMARY, &whoami_command)

#define AMR_MAX 16

struct member {
    const char *key;
    bool is_required;
    const char *choices[2]; /* NULL: any text */
};

/* The texts of the reply, in the order they are shown. */
static const struct member members[] = {
    {"principal_type", true, {"user", "service"}},
    {"subject", true, {NULL, NULL}},
    {"principal_scope", false, {"domain", "platform"}},
    {"domain_id", false, {NULL, NULL}},
    {"email", false, {NULL, NULL}},
    {"acr", false, {NULL, NULL}},
};

static plexctl_status refuse(const struct plexctl_host *host, const char *key, const char *wanted)
{
    char text[160];

    (void)snprintf(text, sizeof text, "`%s` must be %s", key, wanted);
    return host->error->fail(host, PLEXCTL_FAILED, text);
}

static bool is_absent(const struct plexctl_host *host, const struct plexctl_json *value)
{
    int32_t type = host->json->type(value);
    return type == PLEXCTL_JSON_ABSENT || type == PLEXCTL_JSON_NULL;
}

static plexctl_status copy_text(const struct plexctl_host *host, const struct plexctl_json *body,
                                const struct member *member, struct plexctl_json *result)
{
    const struct plexctl_json *value = host->json->get(body, member->key);
    const char *text = host->json->string(value);
    char wanted[64] = "a text";

    if (!member->is_required && is_absent(host, value))
        return PLEXCTL_OK;
    if (member->choices[0])
        (void)snprintf(wanted, sizeof wanted, "%s or %s", member->choices[0], member->choices[1]);
    bool is_fit = text && (text[0] || !member->is_required);
    if (is_fit && member->choices[0])
        is_fit = strcmp(text, member->choices[0]) == 0 || strcmp(text, member->choices[1]) == 0;
    if (!is_fit)
        return refuse(host, member->key, wanted);
    (void)host->json->set_string(result, member->key, text);
    return PLEXCTL_OK;
}

static plexctl_status copy_amr(const struct plexctl_host *host, const struct plexctl_json *body,
                               struct plexctl_json *result)
{
    const struct plexctl_json *amr = host->json->get(body, "amr");
    uint64_t length = host->json->length(amr);

    if (is_absent(host, amr))
        return PLEXCTL_OK;
    if (host->json->type(amr) != PLEXCTL_JSON_ARRAY || length > AMR_MAX)
        return refuse(host, "amr", "a list of at most 16 texts");
    struct plexctl_json *copy = host->json->array(host);
    for (uint64_t i = 0; i < length; i++) {
        const char *text = host->json->string(host->json->at(amr, i));
        if (!text)
            return refuse(host, "amr", "a list of at most 16 texts");
        (void)host->json->append_string(copy, text);
    }
    (void)host->json->set(result, "amr", copy);
    return PLEXCTL_OK;
}

static plexctl_status copy_members(const struct plexctl_host *host, const struct plexctl_json *body,
                                   struct plexctl_json *result)
{
    plexctl_status status = PLEXCTL_OK;

    if (host->json->type(body) != PLEXCTL_JSON_OBJECT)
        return host->error->fail(host, PLEXCTL_FAILED, "the body must be a JSON object");
    for (size_t i = 0; i < sizeof members / sizeof members[0] && status == PLEXCTL_OK; i++)
        status = copy_text(host, body, &members[i], result);
    return status == PLEXCTL_OK ? copy_amr(host, body, result) : status;
}

static plexctl_status show(const struct plexctl_host *host, struct plexctl_json *result)
{
    const char *profile = host->settings->profile(host);

    (void)host->json->set_string(result, "server", host->settings->server(host));
    if (profile)
        (void)host->json->set_string(result, "profile", profile);
    return host->output->emit(host, result);
}

static plexctl_status ask(const struct plexctl_host *host)
{
    const struct plexctl_http_request request = {
        .size = sizeof request, .flags = PLEXCTL_HTTP_BEARER, .method = "GET", .path = "/v1/auth/whoami"};
    const struct plexctl_http_reply *reply = NULL;
    struct plexctl_json *body = NULL, *result = host->json->object(host);

    plexctl_status status = host->http->send(host, &request, &reply);
    if (status == PLEXCTL_OK && reply->status != 200)
        status = host->http->problem(host, reply);
    if (status != PLEXCTL_OK) {
        host->error->prefix(host, "whoami request");
        return status;
    }
    status = host->json->parse(host, reply->body, reply->body_size, &body);
    if (status == PLEXCTL_OK)
        status = copy_members(host, body, result);
    if (status == PLEXCTL_FAILED)
        return host->http->malformed(host, reply, "whoami response");
    return status == PLEXCTL_OK ? show(host, result) : status;
}

static plexctl_status whoami_run(const struct plexctl_host *host)
{
    if (host->values->boolean(host, "offline"))
        return offline_run(host);
    plexctl_status status = host->settings->prepare(host, PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN, NULL);
    return status == PLEXCTL_OK ? ask(host) : status;
}
