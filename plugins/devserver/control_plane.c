/* SPDX-License-Identifier: Apache-2.0 */
#include "control_plane.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "pages.h"

/* The pages' policy names the style by its hash (CSP level 3 section 2.3.1), so that no other style can slip in. */
static bool write_policy(char *ret_policy, size_t size)
{
    unsigned char digest[32];
    const gnutls_datum_t raw = {.data = digest, .size = sizeof digest};
    gnutls_datum_t base64 = {0};

    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, pages_style(), strlen(pages_style()), digest) < 0 ||
        gnutls_base64_encode2(&raw, &base64) < 0)
        return false;
    int length = snprintf(ret_policy, size,
                          "default-src 'none'; style-src 'sha256-%.*s'; form-action 'self'; frame-ancestors 'none'; "
                          "base-uri 'none'",
                          (int)base64.size, (const char *)base64.data);
    gnutls_free(base64.data);
    return length > 0 && (size_t)length < size;
}

bool control_plane_init(struct control_plane *plane, const struct plexctl_host *host)
{
    *plane = (struct control_plane){
        .host = host, .grants = grants_new(), .tokens = tokens_new(), .sessions = sessions_new()};
    return plane->grants && plane->tokens && plane->sessions && write_policy(plane->policy, sizeof plane->policy);
}

void control_plane_release(struct control_plane *plane)
{
    grants_free(plane->grants);
    tokens_free(plane->tokens);
    sessions_free(plane->sessions);
    *plane = (struct control_plane){0};
}

const char *control_plane_scheme(const struct control_plane *plane)
{
    return plane->secure ? "https" : "http";
}

int64_t control_plane_now_ms(const struct control_plane *plane)
{
    return plane->host->clock->now_ms(plane->host);
}

enum code_state control_plane_look_up(struct control_plane *plane, const char *user_code,
                                      const struct grant **ret_grant)
{
    int64_t now_ms = control_plane_now_ms(plane);

    if (guess_limit_wait_s(&plane->guesses, now_ms) > 0)
        return CODE_LOCKED;
    const struct grant *grant = user_code ? grants_find(plane->grants, user_code) : NULL;
    if (!grant) {
        guess_limit_count(&plane->guesses, now_ms);
        return CODE_NOT_FOUND;
    }
    *ret_grant = grant;
    if (grant->state != GRANT_PENDING)
        return CODE_ALREADY;
    return grant_is_live(grant, now_ms) ? CODE_PENDING : CODE_EXPIRED;
}

enum code_state control_plane_decide(struct control_plane *plane, const struct grant_verdict *verdict,
                                     const struct grant **ret_grant)
{
    enum code_state state = control_plane_look_up(plane, verdict->user_code, ret_grant);

    if (state != CODE_PENDING)
        return state;
    switch (grants_decide(plane->grants, verdict, control_plane_now_ms(plane))) {
    case GRANT_DECIDED:
        return CODE_PENDING;
    case GRANT_ALREADY:
        return CODE_ALREADY;
    case GRANT_TOO_LATE:
        return CODE_EXPIRED;
    case GRANT_NOT_FOUND:
        break;
    }
    return CODE_NOT_FOUND;
}

enum grant_state control_plane_approval_of(const struct identity *identity)
{
    switch (identity->outcome) {
    case IDENTITY_ADMITTED:
        return GRANT_APPROVED;
    case IDENTITY_FORBIDDEN:
        return GRANT_FORBIDDEN;
    case IDENTITY_REJECTED:
        break;
    }
    return GRANT_DENIED;
}
