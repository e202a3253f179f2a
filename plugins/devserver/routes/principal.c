/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>

#include "../same_origin.h"
#include "routes.h"

/* whoami */

/* NULL where the request carries no bearer token (RFC 6750 section 2.1). */
static const char *bearer_of(const struct request *request)
{
    static const char scheme[] = "Bearer ";
    const char *value = request->authorization;

    if (!value || strncasecmp(value, scheme, sizeof scheme - 1) != 0)
        return NULL;
    value += sizeof scheme - 1;
    return value + strspn(value, " ");
}

static void answer_principal(struct control_plane *plane, struct reply *reply, const struct identity *identity)
{
    const struct plexctl_host_json *json = plane->host->json;
    struct plexctl_json *root = json->object(plane->host);
    struct plexctl_json *methods = json->array(plane->host);

    (void)json->append_string(methods, "pwd");
    (void)json->set_string(root, "principal_type", "user");
    (void)json->set_string(root, "subject", identity->subject);
    (void)json->set_string(root, "principal_scope", "domain");
    (void)json->set_string(root, "domain_id", plane->binding.domain_id);
    (void)json->set_string(root, "email", identity->email);
    (void)json->set_string(root, "acr", "urn:plexsphere:acr:development");
    (void)json->set(root, "amr", methods);
    reply_json(plane, reply, root);
}

void route_whoami(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    const struct identity *identity = NULL;
    const char *token = bearer_of(request);
    struct problem problem = {401, "bearer_missing", "Unauthorized", "send a bearer token"};

    if (token) {
        switch (tokens_check(plane->tokens, token, control_plane_now_ms(plane), &identity)) {
        case TOKEN_VALID:
            answer_principal(plane, reply, identity);
            return;
        case TOKEN_EXPIRED:
            problem = (struct problem){401, "token_expired", "Unauthorized", "the bearer token has expired"};
            break;
        case TOKEN_UNKNOWN:
            problem = (struct problem){401, "token_invalid", "Unauthorized", "the bearer token is unknown"};
            break;
        }
        /* RFC 6750 section 3.1: the error is named only where a token came. */
        reply_header(reply, "WWW-Authenticate", "Bearer realm=\"plexsphere\", error=\"invalid_token\"");
    }
    reply_problem(plane, request, reply, &problem);
}

/* approve */

static bool is_ours(struct control_plane *plane, const struct request *request, struct reply *reply,
                    const struct session *session)
{
    struct problem problem = {0};

    if (!session) {
        reply_challenge_session(reply);
        problem = (struct problem){401, "session_missing", "Unauthorized", "sign in at /v1/auth/device first"};
    } else if (!request->host) {
        problem = (struct problem){403, "csrf_origin_not_configured", "Forbidden",
                                   "without the header Host this server does not know the origin of its pages"};
    } else if (!same_origin(control_plane_scheme(plane), request->host, request->origin, request->referer)) {
        problem = (struct problem){403, "csrf_origin_mismatch", "Forbidden",
                                   "the request does not come from a page of this server"};
    } else if (!secret_equal(session->csrf, request->csrf_header) ||
               !secret_equal(session->csrf, request->csrf_cookie)) {
        problem = (struct problem){403, "csrf_token_mismatch", "Forbidden",
                                   "send the value of the cookie " COOKIE_CSRF " in the header " HEADER_CSRF};
    } else {
        return true;
    }
    reply_problem(plane, request, reply, &problem);
    return false;
}

static void answer_code_state(struct control_plane *plane, const struct request *request, struct reply *reply,
                              enum code_state state)
{
    struct problem problem = {404, "device_code_not_found", "Not found", "there is no login with that user code"};

    if (state == CODE_EXPIRED)
        problem = (struct problem){409, "device_code_expired", "Conflict", "the code of this login has expired"};
    if (state == CODE_ALREADY)
        problem = (struct problem){409, "device_code_already_approved", "Conflict", "this login was approved already"};
    if (state == CODE_LOCKED) {
        long long wait_s = guess_limit_wait_s(&plane->guesses, control_plane_now_ms(plane));
        reply_header(reply, "Retry-After", "%lld", wait_s);
        problem =
            (struct problem){429, "too_many_attempts", "Too many requests", "too many wrong codes; wait a minute"};
    }
    reply_problem(plane, request, reply, &problem);
}

static void answer_decided(struct control_plane *plane, const struct request *request, struct reply *reply,
                           const struct grant *grant)
{
    if (grant->state == GRANT_FORBIDDEN) {
        reply_problem(
            plane, request, reply,
            &(struct problem){403, "principal_forbidden", "Forbidden", "this identity may not log in to this domain"});
    } else if (grant->state == GRANT_DENIED) {
        reply_problem(
            plane, request, reply,
            &(struct problem){403, "access_denied", "Forbidden", "the identity provider rejected this identity"});
    } else {
        struct plexctl_json *root = plane->host->json->object(plane->host);
        (void)plane->host->json->set_string(root, "status", "approved");
        reply_json(plane, reply, root);
    }
}

static void approve(struct control_plane *plane, const struct request *request, struct reply *reply,
                    const struct identity *identity, const char *typed)
{
    char user_code[USER_CODE_SIZE];
    const struct grant *grant = NULL;

    if (!user_code_read(typed, user_code)) {
        reply_problem(plane, request, reply,
                      &(struct problem){400, "invalid_request", "Bad request",
                                        "user_code must match ^[A-Z2-7]{4}-?[A-Z2-7]{4}$"});
        return;
    }
    const struct grant_verdict verdict = {user_code, control_plane_approval_of(identity), identity};
    enum code_state state = control_plane_decide(plane, &verdict, &grant);
    /* The contract has no word for a login that was denied: to its approver it is gone. */
    if (state == CODE_ALREADY && (grant->state == GRANT_DENIED || grant->state == GRANT_FORBIDDEN))
        state = CODE_NOT_FOUND;
    if (state == CODE_PENDING)
        answer_decided(plane, request, reply, grant);
    else
        answer_code_state(plane, request, reply, state);
}

void route_approve(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    const struct session *session =
        sessions_find(plane->sessions, request->session_cookie, control_plane_now_ms(plane));
    const char *user_code = NULL;
    const struct member members[] = {{"user_code", &user_code}, {NULL, NULL}};

    if (!is_ours(plane, request, reply, session))
        return;
    struct plexctl_json *root = body_read(plane, request, reply);
    if (!root)
        return;
    if (body_strings(plane, request, reply, root, members))
        approve(plane, request, reply, session->identity, user_code);
    plane->host->json->release(plane->host, root);
}
