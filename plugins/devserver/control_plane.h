/* SPDX-License-Identifier: Apache-2.0
 *
 * control_plane - everything the server knows, and the gate that every user code passes: looked up, counted when wrong,
 * decided once. Routes share it; there is no other state.
 */
#ifndef DEVSERVER_CONTROL_PLANE_H
#define DEVSERVER_CONTROL_PLANE_H

#include <stdbool.h>

#include "binding.h"
#include "faults.h"
#include "grants.h"
#include "guess_limit.h"
#include "sessions.h"
#include "tokens.h"

struct control_plane {
    const struct plexctl_host *host;
    bool secure;      /* TLS */
    char origin[64];  /* "https://localhost:8080" */
    char policy[256]; /* Content-Security-Policy of the pages */
    int64_t interval_s, expires_in_s, token_expires_in_s;
    struct binding binding;
    struct grants *grants;
    struct tokens *tokens;
    struct sessions *sessions;
    struct guess_limit guesses;
    struct faults faults;
};

/* Makes the empty rooms and the policy; false out of memory. Release it either way. */
bool control_plane_init(struct control_plane *plane, const struct plexctl_host *host);
void control_plane_release(struct control_plane *plane);

const char *control_plane_scheme(const struct control_plane *plane);
int64_t control_plane_now_ms(const struct control_plane *plane);

enum code_state {
    CODE_PENDING,
    CODE_NOT_FOUND, /* malformed or unknown; counted as a wrong guess */
    CODE_ALREADY,   /* decided before: look at the grant's state */
    CODE_EXPIRED,
    CODE_LOCKED, /* too many wrong guesses; guess_limit_wait_s tells for how long */
};

/* *ret_grant is set for PENDING, ALREADY and EXPIRED. `user_code` in its canonical form; NULL for a malformed one. */
enum code_state control_plane_look_up(struct control_plane *plane, const char *user_code,
                                      const struct grant **ret_grant);

/* As look_up; where that is PENDING, the grant is decided: denied, or approved as far as the identity may. The grant's
 * new state tells what came of it. */
enum code_state control_plane_decide(struct control_plane *plane, const struct grant_verdict *verdict,
                                     const struct grant **ret_grant);

/* What an approval by this identity comes to. */
enum grant_state control_plane_approval_of(const struct identity *identity);

#endif
