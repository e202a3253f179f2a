/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange - one request and its reply as the routes see them; nothing of the HTTP library shows here.
 */
#ifndef DEVSERVER_EXCHANGE_H
#define DEVSERVER_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "control_plane.h"

#define BODY_MAX_BYTES 65536
#define COOKIE_SESSION "plexsphere_session"
#define COOKIE_CSRF "plexsphere_csrf"
#define HEADER_CSRF "X-Plexsphere-CSRF"

/* The members that the pages' forms send, decoded; "" where absent. */
struct form {
    char csrf[64];
    char identity[64];
    char user_code[64];
    char decision[16];
    bool broken; /* a member was too long or held a NUL */
};

/* Texts are NULL where absent. */
struct request {
    const char *method, *path;
    const char *host, *origin, *referer, *content_type, *authorization, *user_agent;
    const char *csrf_header, *session_cookie, *csrf_cookie;
    const char *query_user_code, *query_domain_id;
    const char *peer; /* "127.0.0.1" */
    const char *body;
    size_t body_size;
    bool is_http_1_0;    /* which may come without Host */
    bool body_too_large; /* over BODY_MAX_BYTES; `body` is then empty */
    struct form form;    /* read where the body is application/x-www-form-urlencoded */
};

enum reply_transport {
    REPLY_WHOLE,
    REPLY_TRUNCATED, /* twice the length is announced */
    REPLY_RESET,     /* TCP RST, no reply */
    REPLY_STALL,     /* no reply, connection kept */
};

#define REPLY_HEADERS_MAX 10

struct reply {
    enum reply_transport transport;
    unsigned status;
    char *body; /* malloc'd, with NUL; NULL: the connection is closed (memory was short) */
    struct reply_header {
        const char *name; /* constant */
        char value[384];
    } headers[REPLY_HEADERS_MAX];
    size_t header_count;
};

void reply_release(struct reply *reply);

/* Adds a header; silently nothing when there are too many (a fault of this plugin, seen by its tests). */
__attribute__((format(printf, 3, 4))) void reply_header(struct reply *reply, const char *name, const char *format, ...);

/* Each of these makes the whole reply, in place of what it was, but keeps headers that were added. */
void reply_text(struct reply *reply, unsigned status, const char *content_type, const char *text);
void reply_json(const struct control_plane *plane, struct reply *reply,
                struct plexctl_json *root); /* 200; takes root */
void reply_page(const struct control_plane *plane, struct reply *reply, unsigned status, char *page); /* takes page */
void reply_see_other(struct reply *reply, const char *location);

struct problem {
    unsigned status;
    const char *code;
    const char *title;
    const char *detail;
};

/* application/problem+json (RFC 9457) with all five members and code; 429 and 503 get Retry-After: 1 unless there is
 * one, 401 its WWW-Authenticate. */
void reply_problem(const struct control_plane *plane, const struct request *request, struct reply *reply,
                   const struct problem *problem);

/* Whether the content type is `wanted`, parameters aside. */
bool request_has_type(const struct request *request, const char *wanted);

/* What a 401 of a call that a session authenticates says: RFC 9110 section 15.5.2 wants a challenge, and no registered
 * scheme speaks of cookies. */
void reply_challenge_session(struct reply *reply);

/* The cookie attributes of the contract: Path=/v1/; SameSite=Strict; HttpOnly for the session; Secure over TLS. NULL
 * removes the cookie. */
void reply_set_session(const struct control_plane *plane, struct reply *reply, const char *id);
void reply_set_csrf(const struct control_plane *plane, struct reply *reply, const char *csrf);

#endif
