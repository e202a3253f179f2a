/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "../pages.h"
#include "../same_origin.h"
#include "routes.h"

#define MS_PER_S 1000

static const struct session *session_of(const struct control_plane *plane, const struct request *request)
{
    return sessions_find(plane->sessions, request->session_cookie, control_plane_now_ms(plane));
}

static void show_result(const struct control_plane *plane, struct reply *reply, unsigned status,
                        const struct page_result *view)
{
    reply_page(plane, reply, status, page_result(view));
}

/* sign in */

static bool csrf_value_is_wellformed(const char *text)
{
    return text && strlen(text) == RANDOM_TEXT_SIZE - 1 &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == RANDOM_TEXT_SIZE - 1;
}

/* Before there is a session the cookie and the form carry the same random value. One that the browser has already is
 * kept, so that two tabs do not shut each other out. */
static void show_sign_in(const struct control_plane *plane, const struct request *request, struct reply *reply,
                         const char *user_code)
{
    char csrf[RANDOM_TEXT_SIZE];

    if (csrf_value_is_wellformed(request->csrf_cookie))
        memcpy(csrf, request->csrf_cookie, sizeof csrf);
    else if (!random_text(csrf))
        return;
    reply_set_csrf(plane, reply, csrf);
    reply_page(plane, reply, 200, page_sign_in(&(struct page_sign_in){.csrf = csrf, .user_code = user_code}));
}

/* `csrf` is what the form must carry. */
static bool is_ours(const struct control_plane *plane, const struct request *request, struct reply *reply,
                    const char *csrf)
{
    struct page_result view = {.mood = PAGE_BAD,
                               .title = "Request refused",
                               .next =
                                   "Open the link from your terminal again. Cookies must be allowed for this page."};
    unsigned status = 403;

    if (!request_has_type(request, "application/x-www-form-urlencoded") || request->form.broken) {
        status = 400;
        view.text = "This is not a form of these pages.";
    } else if (!request->host) {
        view.text = "Without the header Host this server does not know its own origin (csrf_origin_not_configured).";
    } else if (!same_origin(control_plane_scheme(plane), request->host, request->origin, request->referer)) {
        view.text = "The request does not come from a page of this server (csrf_origin_mismatch).";
    } else if (!secret_equal(csrf, request->form.csrf)) {
        view.text = "The page was out of date (csrf_token_mismatch).";
    } else {
        return true;
    }
    show_result(plane, reply, status, &view);
    return false;
}

static void go_to_device(struct reply *reply, const char *typed)
{
    char user_code[USER_CODE_SIZE];
    char location[64];

    if (user_code_read_typed(typed, user_code))
        (void)snprintf(location, sizeof location, PAGE_PATH_DEVICE "?user_code=%s", user_code);
    else
        (void)snprintf(location, sizeof location, PAGE_PATH_DEVICE);
    reply_see_other(reply, location);
}

void route_sign_in(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    struct session fresh = {.identity = identity_find(request->form.identity)};

    if (!is_ours(plane, request, reply, request->csrf_cookie))
        return;
    if (!fresh.identity) {
        show_result(plane, reply, 400,
                    &(struct page_result){.mood = PAGE_BAD,
                                          .title = "Unknown identity",
                                          .text = "There is no such test identity.",
                                          .next = "Open the link from your terminal again and choose one."});
        return;
    }
    if (!random_text(fresh.id) || !random_text(fresh.csrf))
        return;
    sessions_close(plane->sessions, request->session_cookie);
    const struct session *session = sessions_open(plane->sessions, &fresh, control_plane_now_ms(plane));
    reply_set_session(plane, reply, session->id);
    reply_set_csrf(plane, reply, session->csrf);
    go_to_device(reply, request->form.user_code);
    explicit_bzero(&fresh, sizeof fresh);
}

void route_sign_out(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    const struct session *session = session_of(plane, request);

    if (session && !is_ours(plane, request, reply, session->csrf))
        return;
    sessions_close(plane->sessions, request->session_cookie);
    reply_set_session(plane, reply, NULL);
    reply_set_csrf(plane, reply, NULL);
    go_to_device(reply, request->form.user_code);
}

/* the code and the decision */

static void show_code_entry(const struct control_plane *plane, struct reply *reply, const struct session *session,
                            const char *typed)
{
    struct page_code_entry view = {.csrf = session->csrf, .email = session->identity->email, .user_code = typed};

    if (typed)
        view.fault = "No login has this code. Check it against your terminal.";
    reply_page(plane, reply, typed ? 404 : 200, page_code_entry(&view));
}

static void show_already(const struct control_plane *plane, struct reply *reply, const struct grant *grant)
{
    bool approved = grant->state == GRANT_APPROVED || grant->state == GRANT_CONSUMED;

    show_result(
        plane, reply, 409,
        &(struct page_result){.mood = PAGE_BAD,
                              .title = "Already decided",
                              .text = approved ? "This login was approved before." : "This login was denied before.",
                              .next = "A code works once. If you need another login, start it in your terminal."});
}

/* For every state but PENDING. */
static void show_code_state(struct control_plane *plane, const struct request *request, struct reply *reply,
                            enum code_state state, const struct grant *grant)
{
    const struct session *session = session_of(plane, request);

    if (state == CODE_ALREADY) {
        show_already(plane, reply, grant);
    } else if (state == CODE_EXPIRED) {
        show_result(plane, reply, 409,
                    &(struct page_result){.mood = PAGE_BAD,
                                          .title = "Code expired",
                                          .text = "The time for this login is over.",
                                          .next = "Start the login again in your terminal."});
    } else if (state == CODE_LOCKED) {
        long long wait_s = guess_limit_wait_s(&plane->guesses, control_plane_now_ms(plane));
        reply_header(reply, "Retry-After", "%lld", wait_s);
        show_result(plane, reply, 429,
                    &(struct page_result){.mood = PAGE_BAD,
                                          .title = "Too many wrong codes",
                                          .text = "For a minute no code is looked at.",
                                          .next = "Wait a minute, then open the link from your terminal again."});
    } else {
        show_code_entry(plane, reply, session,
                        *request->form.user_code ? request->form.user_code : request->query_user_code);
    }
}

void route_page(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    const struct session *session = session_of(plane, request);
    const struct grant *grant = NULL;
    const char *typed = request->query_user_code && *request->query_user_code ? request->query_user_code : NULL;
    char user_code[USER_CODE_SIZE];
    bool readable = user_code_read_typed(typed, user_code);

    if (!session) {
        show_sign_in(plane, request, reply, readable ? user_code : NULL);
        return;
    }
    reply_set_csrf(plane, reply, session->csrf);
    if (!typed) {
        show_code_entry(plane, reply, session, NULL);
        return;
    }
    enum code_state state = control_plane_look_up(plane, readable ? user_code : NULL, &grant);
    if (state != CODE_PENDING) {
        show_code_state(plane, request, reply, state, grant);
        return;
    }
    reply_page(plane, reply, 200,
               page_approval(&(struct page_approval){.csrf = session->csrf,
                                                     .email = session->identity->email,
                                                     .grant = grant,
                                                     .domain_id = plane->binding.domain_id,
                                                     .binding_id = plane->binding.binding_id,
                                                     .binding_label = BINDING_LABEL,
                                                     .expires_in_s = (grant->expires_ms - control_plane_now_ms(plane)) /
                                                                     MS_PER_S}));
}

static void show_decided(const struct control_plane *plane, struct reply *reply, const struct grant *grant,
                         bool approve)
{
    struct page_result view = {.mood = PAGE_BAD, .next = "You can close this page and go back to your terminal."};

    if (!approve) {
        view.mood = PAGE_PLAIN;
        view.title = "Login denied";
        view.text = "The program in the terminal gets no access.";
    } else if (grant->state == GRANT_APPROVED) {
        view.mood = PAGE_GOOD;
        view.title = "Login approved";
        view.text = "The program in the terminal goes on by itself.";
    } else if (grant->state == GRANT_FORBIDDEN) {
        view.title = "Not permitted";
        view.text = "The control plane does not permit this identity to log in (HTTP 403).";
    } else {
        view.title = "Identity rejected";
        view.text = "The identity provider rejected this identity (access_denied).";
    }
    show_result(plane, reply, 200, &view);
}

void route_decision(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    const struct session *session = session_of(plane, request);
    const struct grant *grant = NULL;
    char user_code[USER_CODE_SIZE];
    bool approve = strcmp(request->form.decision, "approve") == 0;

    if (!session) {
        reply_challenge_session(reply);
        show_result(plane, reply, 401,
                    &(struct page_result){.mood = PAGE_BAD,
                                          .title = "Signed out",
                                          .text = "Nothing was decided: nobody is signed in.",
                                          .next = "Open the link from your terminal again and sign in."});
        return;
    }
    if (!is_ours(plane, request, reply, session->csrf))
        return;
    if (!approve && strcmp(request->form.decision, "deny") != 0) {
        show_result(plane, reply, 400,
                    &(struct page_result){.mood = PAGE_BAD,
                                          .title = "Nothing decided",
                                          .text = "The form said neither approve nor deny.",
                                          .next = "Open the link from your terminal again."});
        return;
    }
    bool readable = user_code_read_typed(request->form.user_code, user_code);
    const struct grant_verdict verdict = {.user_code = readable ? user_code : NULL,
                                          .state =
                                              approve ? control_plane_approval_of(session->identity) : GRANT_DENIED,
                                          .identity = session->identity};
    enum code_state state = control_plane_decide(plane, &verdict, &grant);
    if (state == CODE_PENDING)
        show_decided(plane, reply, grant, approve);
    else
        show_code_state(plane, request, reply, state, grant);
}
