/* SPDX-License-Identifier: Apache-2.0
 *
 * routes - what the control plane answers; see router.h.
 */
#ifndef DEVSERVER_ROUTES_H
#define DEVSERVER_ROUTES_H

#include "../exchange.h"

/* device_flow.c: the program's side (RFC 8628 sections 3.1 to 3.5) */
void route_device_code(struct control_plane *plane, const struct request *request, struct reply *reply);
void route_device_token(struct control_plane *plane, const struct request *request, struct reply *reply);

/* principal.c */
void route_whoami(struct control_plane *plane, const struct request *request, struct reply *reply);
void route_approve(struct control_plane *plane, const struct request *request, struct reply *reply);

/* discovery.c */
void route_idp_bindings(struct control_plane *plane, const struct request *request, struct reply *reply);
void route_health(struct control_plane *plane, const struct request *request, struct reply *reply);
void answer_health_down(const struct control_plane *plane, struct reply *reply); /* 503 with the same body */
void route_version(struct control_plane *plane, const struct request *request, struct reply *reply);

/* openapi.c */
void route_openapi(struct control_plane *plane, const struct request *request, struct reply *reply);

/* people.c: the pages and their forms (RFC 8628 section 3.3) */
void route_page(struct control_plane *plane, const struct request *request, struct reply *reply);
void route_sign_in(struct control_plane *plane, const struct request *request, struct reply *reply);
void route_sign_out(struct control_plane *plane, const struct request *request, struct reply *reply);
void route_decision(struct control_plane *plane, const struct request *request, struct reply *reply);

/* misbehave.c: the reply of a fault that replaces the route's own; FAULT_LOST is not one. */
void misbehave(struct control_plane *plane, const struct request *request, struct reply *reply,
               const struct fault *fault);

/* body.c: the JSON object that a call carries. NULL when it does not; the reply is then made: 415 or 400. The caller
 * releases the root. */
struct plexctl_json *body_read(struct control_plane *plane, const struct request *request, struct reply *reply);

#define MEMBER_MAX_BYTES 4096

/* A string member. false, with the reply made, for another type or more than MEMBER_MAX_BYTES; *ret_text is NULL where
 * it is absent. */
struct member {
    const char *name;
    const char **ret_text;
};
bool body_strings(struct control_plane *plane, const struct request *request, struct reply *reply,
                  const struct plexctl_json *root, const struct member *members);

#endif
