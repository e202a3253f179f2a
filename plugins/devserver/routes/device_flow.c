/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "../pages.h"
#include "routes.h"

#define MS_PER_S 1000

/* device-code */

static bool judge_selector(struct control_plane *plane, const struct request *request, struct reply *reply,
                           const struct selector *selector)
{
    static const struct problem problems[] = {
        [SELECTOR_MALFORMED] = {400, "invalid_request", "Bad request", "domain_id and idp_binding_id must be UUIDs"},
        [SELECTOR_MISSING] = {400, "selector_missing", "Bad request",
                              "name the identity provider: domain_id with idp_binding_id or idp_binding_alias"},
        [SELECTOR_CONFLICT] = {400, "selector_conflict", "Bad request",
                               "idp_binding_id and idp_binding_alias exclude each other"},
        [SELECTOR_MISMATCH] = {400, "selector_mismatch", "Bad request",
                               "the domain does not own that identity provider binding"},
        [SELECTOR_UNKNOWN] = {404, "idp_binding_not_found", "Not found",
                              "there is no such active identity provider binding"},
    };
    enum selector_verdict verdict = selector_judge(&plane->binding, selector);

    if (verdict != SELECTOR_OK)
        reply_problem(plane, request, reply, &problems[verdict]);
    return verdict == SELECTOR_OK;
}

/* NULL, with the reply made, where it cannot be. */
static const struct grant *add_grant(struct control_plane *plane, const struct request *request, struct reply *reply,
                                     const char *client_id)
{
    char device_code[RANDOM_TEXT_SIZE];
    char user_code[USER_CODE_SIZE];
    const char *client = client_id && *client_id ? client_id : request->user_agent;

    do {
        if (!random_text(device_code) || !user_code_random(user_code)) {
            reply_problem(
                plane, request, reply,
                &(struct problem){500, "internal_error", "Internal error", "the kernel gave no random bytes"});
            return NULL;
        }
    } while (grants_find(plane->grants, user_code));

    const struct grant *grant =
        grants_add(plane->grants, &(struct grant_request){.device_code = device_code,
                                                          .user_code = user_code,
                                                          .client = client && *client ? client : "unnamed",
                                                          .peer = request->peer,
                                                          .asked_unix_s = plane->host->clock->unix_s(plane->host),
                                                          .now_ms = control_plane_now_ms(plane),
                                                          .lifetime_ms = plane->expires_in_s * MS_PER_S,
                                                          .interval_ms = plane->interval_s * MS_PER_S});
    if (!grant)
        reply_problem(plane, request, reply,
                      &(struct problem){503, "too_many_grants", "Service unavailable",
                                        "too many logins are waiting; try again when some have expired"});
    return grant;
}

static void answer_grant(struct control_plane *plane, struct reply *reply, const struct grant *grant)
{
    const struct plexctl_host_json *json = plane->host->json;
    struct plexctl_json *root = json->object(plane->host);
    char uri[128];
    char complete[160];

    (void)snprintf(uri, sizeof uri, "%s%s", plane->origin, PAGE_PATH_DEVICE);
    (void)snprintf(complete, sizeof complete, "%s?user_code=%s", uri, grant->user_code);
    (void)json->set_string(root, "device_code", grant->device_code);
    (void)json->set_string(root, "user_code", grant->user_code);
    (void)json->set_string(root, "verification_uri", uri);
    (void)json->set_string(root, "verification_uri_complete", complete);
    (void)json->set_integer(root, "expires_in", plane->expires_in_s);
    (void)json->set_integer(root, "interval", plane->interval_s);
    reply_json(plane, reply, root);
}

void route_device_code(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    struct selector selector = {0};
    const char *client_id = NULL;
    const struct member members[] = {{"domain_id", &selector.domain_id},
                                     {"idp_binding_id", &selector.binding_id},
                                     {"idp_binding_alias", &selector.alias},
                                     {"client_id", &client_id},
                                     {NULL, NULL}};

    struct plexctl_json *root = body_read(plane, request, reply);
    if (!root)
        return;
    if (body_strings(plane, request, reply, root, members) && judge_selector(plane, request, reply, &selector)) {
        const struct grant *grant = add_grant(plane, request, reply, client_id);
        if (grant)
            answer_grant(plane, reply, grant);
    }
    plane->host->json->release(plane->host, root);
}

/* device-token */

static void answer_token(struct control_plane *plane, const struct request *request, struct reply *reply,
                         const struct identity *identity)
{
    const struct plexctl_host_json *json = plane->host->json;
    char random[RANDOM_TEXT_SIZE];

    if (!random_text(random)) {
        reply_problem(plane, request, reply,
                      &(struct problem){500, "internal_error", "Internal error", "the kernel gave no random bytes"});
        return;
    }
    const char *token =
        tokens_add(plane->tokens, random, identity, control_plane_now_ms(plane) + plane->token_expires_in_s * MS_PER_S);
    struct plexctl_json *root = json->object(plane->host);
    (void)json->set_string(root, "access_token", token);
    (void)json->set_string(root, "token_type", "Bearer");
    (void)json->set_integer(root, "expires_in", plane->token_expires_in_s);
    reply_json(plane, reply, root);
    explicit_bzero(random, sizeof random);
}

static void answer_poll(struct control_plane *plane, const struct request *request, struct reply *reply,
                        const char *device_code)
{
    static const struct problem problems[] = {
        [GRANT_POLL_PENDING] = {400, "authorization_pending", "Authorization pending",
                                "nobody has decided on this login yet"},
        [GRANT_POLL_SLOW_DOWN] = {400, "slow_down", "Slow down",
                                  "this poll came before the interval was over; it is five seconds longer from now on"},
        [GRANT_POLL_DENIED] = {400, "access_denied", "Access denied", "this login was denied"},
        [GRANT_POLL_FORBIDDEN] = {403, "principal_forbidden", "Forbidden",
                                  "this identity may not log in to this domain"},
        [GRANT_POLL_EXPIRED] = {400, "expired_token", "Expired", "the device code has expired; start a new login"},
        [GRANT_POLL_INVALID] = {400, "invalid_grant", "Invalid grant",
                                "the device code is unknown or was used already"},
    };
    const struct identity *identity = NULL;
    enum grant_poll outcome = grants_poll(plane->grants, device_code, control_plane_now_ms(plane), &identity);

    if (outcome == GRANT_POLL_TOKEN)
        answer_token(plane, request, reply, identity);
    else
        reply_problem(plane, request, reply, &problems[outcome]);
}

void route_device_token(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    const char *device_code = NULL;
    const char *client_id = NULL;
    const struct member members[] = {{"device_code", &device_code}, {"client_id", &client_id}, {NULL, NULL}};

    struct plexctl_json *root = body_read(plane, request, reply);
    if (!root)
        return;
    if (body_strings(plane, request, reply, root, members)) {
        if (device_code)
            answer_poll(plane, request, reply, device_code);
        else
            reply_problem(plane, request, reply,
                          &(struct problem){400, "invalid_request", "Bad request", "device_code is missing"});
    }
    plane->host->json->release(plane->host, root);
}
