/* SPDX-License-Identifier: Apache-2.0
 *
 * devserver_fixture - a control plane below the HTTP library: requests in, replies out, the clock in our hands.
 * Included once by each test program of the routes.
 */
#ifndef TESTS_DEVSERVER_FIXTURE_H
#define TESTS_DEVSERVER_FIXTURE_H

#include "../../plugins/devserver/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"
#include "unit.h"

#define DOMAIN "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0"
#define BINDING "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0"
#define SELECTOR "{\"domain_id\":\"" DOMAIN "\",\"idp_binding_id\":\"" BINDING "\"}"
#define ORIGIN "https://localhost:8080"

static struct fake_host fake;
static struct control_plane plane;
static struct reply reply;
static struct plexctl_json *answer; /* of the last reply; NULL where that is no JSON */
static char session[RANDOM_TEXT_SIZE], csrf[RANDOM_TEXT_SIZE];
static char device_code[RANDOM_TEXT_SIZE], user_code[USER_CODE_SIZE];

static inline void set_up(void)
{
    fake_host_init(&fake);
    fake_host_running = &fake;
    fake.now_ms = 1000000;
    ck_assert(control_plane_init(&plane, &fake.table));
    plane.secure = true;
    (void)snprintf(plane.origin, sizeof plane.origin, ORIGIN);
    plane.interval_s = 5;
    plane.expires_in_s = 600;
    plane.token_expires_in_s = 3600;
    plane.binding = (struct binding){DOMAIN, BINDING};
}

static inline void tear_down(void)
{
    json_free(answer);
    answer = NULL;
    reply_release(&reply);
    control_plane_release(&plane);
    /* Every request handed its trees back. */
    ck_assert_uint_eq(fake.root_count, 0);
    fake_host_release(&fake);
}

static inline const char *header(const char *name)
{
    for (size_t i = 0; i < reply.header_count; i++) {
        if (strcmp(reply.headers[i].name, name) == 0)
            return reply.headers[i].value;
    }
    return "";
}

static inline void ask(struct request request)
{
    struct error err = {0};

    json_free(answer);
    answer = NULL;
    reply_release(&reply);
    if (!request.host && !request.is_http_1_0)
        request.host = "localhost:8080";
    if (!request.peer)
        request.peer = "127.0.0.1";
    if (!request.body)
        request.body = "";
    request.body_size = strlen(request.body);
    router_answer(&plane, &request, &reply);
    if (reply.body && strstr(header("Content-Type"), "json"))
        ck_assert_int_eq(json_parse(reply.body, strlen(reply.body), &answer, &err), PLEXCTL_OK);
}

static inline void ask_get(const char *path)
{
    ask((struct request){.method = "GET", .path = path});
}

static inline void ask_post(const char *path, const char *body)
{
    ask((struct request){
        .method = "POST", .path = path, .content_type = "application/json; charset=utf-8", .body = body});
}

static inline const char *text_of(const char *key)
{
    const char *text = json_string(json_get(answer, key));
    return text ? text : "";
}

/* A reply with all that RFC 9457 and the contract demand. */
static inline void expect_problem(unsigned status, const char *code)
{
    int64_t number = 0;

    ck_assert_msg(reply.status == status, "%u instead of %u: %s", reply.status, status, reply.body);
    ck_assert_str_eq(header("Content-Type"), "application/problem+json");
    ck_assert_str_eq(header("Cache-Control"), "no-store");
    ck_assert_str_eq(text_of("code"), code);
    ck_assert(*text_of("type") && *text_of("title") && *text_of("detail") && *text_of("instance"));
    ck_assert(json_integer(json_get(answer, "status"), &number));
    ck_assert_uint_eq((unsigned)number, status);
}

static inline void expect_json(void)
{
    ck_assert_msg(reply.status == 200, "%u: %s", reply.status, reply.body);
    ck_assert_str_eq(header("Content-Type"), "application/json");
    ck_assert_str_eq(header("Cache-Control"), "no-store");
}

static inline void expect_page(unsigned status, const char *title)
{
    char h1[128];

    (void)snprintf(h1, sizeof h1, "<h1>%s</h1>", title);
    ck_assert_msg(reply.status == status, "%u instead of %u: %s", reply.status, status, reply.body);
    ck_assert_str_eq(header("Content-Type"), "text/html; charset=utf-8");
    ck_assert_msg(strstr(reply.body, h1) != NULL, "%s", reply.body);
    ck_assert_ptr_nonnull(strstr(header("Content-Security-Policy"), "default-src 'none'; style-src 'sha256-"));
    ck_assert_ptr_nonnull(strstr(header("Content-Security-Policy"), "frame-ancestors 'none'"));
    ck_assert_str_eq(header("X-Content-Type-Options"), "nosniff");
    ck_assert_str_eq(header("Cache-Control"), "no-store");
    ck_assert_str_eq(header("Referrer-Policy"), "same-origin");
}

static inline void start_login(void)
{
    ask_post("/v1/auth/device-code", SELECTOR);
    expect_json();
    (void)snprintf(device_code, sizeof device_code, "%s", text_of("device_code"));
    (void)snprintf(user_code, sizeof user_code, "%s", text_of("user_code"));
}

static inline void poll_token(void)
{
    char body[128];

    (void)snprintf(body, sizeof body, "{\"device_code\":\"%s\"}", device_code);
    ask_post("/v1/auth/device-token", body);
}

static inline void take_cookie(const char *name, char *ret_value)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < reply.header_count; i++) {
        const char *value = reply.headers[i].value;
        if (strcmp(reply.headers[i].name, "Set-Cookie") == 0 && strncmp(value, name, length) == 0) {
            (void)snprintf(ret_value, RANDOM_TEXT_SIZE, "%.*s", (int)strcspn(value + length, ";"), value + length);
            return;
        }
    }
    ck_abort_msg("no cookie %s", name);
}

/* A form of the pages, sent as their browser sends it. */
static inline struct request form_to(const char *path)
{
    struct request request = {.method = "POST",
                              .path = path,
                              .content_type = "application/x-www-form-urlencoded",
                              .origin = ORIGIN,
                              .csrf_cookie = csrf,
                              .session_cookie = *session ? session : NULL};

    (void)snprintf(request.form.csrf, sizeof request.form.csrf, "%s", csrf);
    (void)snprintf(request.form.user_code, sizeof request.form.user_code, "%s", user_code);
    return request;
}

static inline void sign_in(const char *email)
{
    session[0] = '\0';
    ask((struct request){.method = "GET", .path = "/v1/auth/device"});
    expect_page(200, "Sign in");
    take_cookie(COOKIE_CSRF "=", csrf);
    struct request form = form_to("/v1/auth/device/sign-in");
    (void)snprintf(form.form.identity, sizeof form.form.identity, "%s", email);
    ask(form);
    ck_assert_uint_eq(reply.status, 303);
    take_cookie(COOKIE_SESSION "=", session);
    take_cookie(COOKIE_CSRF "=", csrf);
}

static inline void decide(const char *decision)
{
    struct request form = form_to("/v1/auth/device/decision");

    (void)snprintf(form.form.decision, sizeof form.form.decision, "%s", decision);
    ask(form);
}

/* As script of a page would call it. */
static inline struct request approve_call(const char *code)
{
    static char body[128];

    (void)snprintf(body, sizeof body, "{\"user_code\":\"%s\"}", code);
    return (struct request){.method = "POST",
                            .path = "/v1/auth/device/approve",
                            .content_type = "application/json",
                            .origin = ORIGIN,
                            .session_cookie = session,
                            .csrf_cookie = csrf,
                            .csrf_header = csrf,
                            .body = body};
}

static inline void open_page(const char *code)
{
    ask((struct request){.method = "GET",
                         .path = "/v1/auth/device",
                         .session_cookie = session,
                         .csrf_cookie = csrf,
                         .query_user_code = code});
}

#endif
