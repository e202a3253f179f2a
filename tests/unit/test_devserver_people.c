/* SPDX-License-Identifier: Apache-2.0
 *
 * The people's side of the surface: pages, forms, cookies, and the approve call.
 */
#include "devserver_fixture.h"

/* people */

START_TEST(login_approved_in_browser_gets_token_once)
{
    char bearer[128];

    start_login();
    poll_token();
    expect_problem(400, "authorization_pending");
    poll_token();
    expect_problem(400, "slow_down");
    sign_in("alice@example.test");
    open_page(user_code);
    expect_page(200, "Approve this login?");
    decide("approve");
    expect_page(200, "Login approved");
    poll_token();
    expect_json();
    ck_assert_str_eq(text_of("token_type"), "Bearer");
    (void)snprintf(bearer, sizeof bearer, "bearer %s", text_of("access_token"));
    poll_token();
    expect_problem(400, "invalid_grant");
    ask((struct request){.method = "GET", .path = "/v1/auth/whoami", .authorization = bearer});
    expect_json();
    ck_assert_str_eq(text_of("principal_type"), "user");
    ck_assert_str_eq(text_of("email"), "alice@example.test");
    fake.now_ms += 3600 * 1000;
    ask((struct request){.method = "GET", .path = "/v1/auth/whoami", .authorization = bearer});
    expect_problem(401, "token_expired");
    ck_assert_ptr_nonnull(strstr(header("WWW-Authenticate"), "invalid_token"));
}
END_TEST

static const struct {
    const char *email, *decision, *title;
    unsigned status;
    const char *code;
} decisions[] = {
    {"alice@example.test", "deny", "Login denied", 400, "access_denied"},
    {"denied@example.test", "approve", "Identity rejected", 400, "access_denied"},
    {"denied@example.test", "deny", "Login denied", 400, "access_denied"},
    {"forbidden@example.test", "approve", "Not permitted", 403, "principal_forbidden"},
    {"forbidden@example.test", "deny", "Login denied", 400, "access_denied"},
};

START_TEST(login_refused_tells_poll)
{
    start_login();
    sign_in(decisions[_i].email);
    decide(decisions[_i].decision);
    expect_page(200, decisions[_i].title);
    poll_token();
    expect_problem(decisions[_i].status, decisions[_i].code);
    open_page(user_code);
    expect_page(409, "Already decided");
    ask(approve_call(user_code));
    expect_problem(404, "device_code_not_found");
}
END_TEST

START_TEST(sign_in_sets_cookies_of_contract)
{
    size_t seen = 0;

    sign_in("alice@example.test");
    for (size_t i = 0; i < reply.header_count; i++) {
        const char *value = reply.headers[i].value;
        if (strcmp(reply.headers[i].name, "Set-Cookie") != 0)
            continue;
        seen++;
        ck_assert_ptr_nonnull(strstr(value, "; Path=/v1/;"));
        ck_assert_ptr_nonnull(strstr(value, "; SameSite=Strict; Secure"));
        ck_assert_int_eq(strstr(value, "HttpOnly") != NULL, strncmp(value, COOKIE_SESSION, 18) == 0);
    }
    ck_assert_uint_eq(seen, 2);
    plane.secure = false;
    reply_release(&reply);
    reply_set_session(&plane, &reply, "id");
    ck_assert_str_eq(header("Set-Cookie"), COOKIE_SESSION "=id; Path=/v1/; HttpOnly; SameSite=Strict");
}
END_TEST

START_TEST(sign_in_ignores_proposed_session)
{
    sign_in("alice@example.test");
    struct request form = form_to("/v1/auth/device/sign-in");
    char before[RANDOM_TEXT_SIZE];

    memcpy(before, session, sizeof before);
    (void)snprintf(form.form.identity, sizeof form.form.identity, "denied@example.test");
    ask(form);
    take_cookie(COOKIE_SESSION "=", session);
    ck_assert_str_ne(session, before);
    ck_assert_ptr_null(sessions_find(plane.sessions, before, fake.now_ms));
}
END_TEST

START_TEST(sign_in_needs_known_identity)
{
    sign_in("alice@example.test");
    struct request form = form_to("/v1/auth/device/sign-in");

    (void)snprintf(form.form.identity, sizeof form.form.identity, "mallory@example.test");
    ask(form);
    expect_page(400, "Unknown identity");
}
END_TEST

START_TEST(sign_out_ends_session)
{
    sign_in("alice@example.test");
    (void)snprintf(user_code, sizeof user_code, "ABCD-2345");
    ask(form_to("/v1/auth/device/sign-out"));
    ck_assert_uint_eq(reply.status, 303);
    ck_assert_str_eq(header("Location"), "/v1/auth/device?user_code=ABCD-2345");
    for (size_t i = 0; i < reply.header_count; i++) {
        const char *value = reply.headers[i].value;
        if (strcmp(reply.headers[i].name, "Set-Cookie") == 0)
            ck_assert_msg(strstr(value, "=; Path=/v1/;") && strstr(value, "; Max-Age=0"), "%s", value);
    }
    take_cookie(COOKIE_SESSION "=", session);
    take_cookie(COOKIE_CSRF "=", csrf);
    open_page(NULL);
    expect_page(200, "Sign in");
}
END_TEST

/* Each form with one thing wrong: nothing may happen. */
enum forgery {
    FOREIGN_ORIGIN,
    NULL_ORIGIN,
    NO_ORIGIN,
    NO_HOST,
    WRONG_CSRF,
    NO_CSRF,
    WRONG_TYPE,
    BROKEN_FORM,
    FORGERIES,
};

static const char *const forms[] = {"/v1/auth/device/decision", "/v1/auth/device/sign-in", "/v1/auth/device/sign-out"};

static void forge(struct request *form, enum forgery forgery)
{
    switch (forgery) {
    case FOREIGN_ORIGIN:
        form->origin = "https://evil.test";
        break;
    case NULL_ORIGIN:
        form->origin = "null";
        break;
    case NO_ORIGIN:
        form->origin = NULL;
        break;
    case NO_HOST:
        form->is_http_1_0 = true;
        break;
    case WRONG_CSRF:
        form->form.csrf[0] = form->form.csrf[0] == 'x' ? 'y' : 'x';
        break;
    case NO_CSRF:
        form->form.csrf[0] = '\0';
        break;
    case WRONG_TYPE:
        form->content_type = "text/plain";
        break;
    case BROKEN_FORM:
        form->form.broken = true;
        break;
    case FORGERIES:
        break;
    }
}

START_TEST(forms_refuse_forgeries)
{
    enum forgery forgery = (enum forgery)(_i % FORGERIES);

    start_login();
    sign_in("alice@example.test");
    struct request form = form_to(forms[_i / FORGERIES]);
    (void)snprintf(form.form.decision, sizeof form.form.decision, "approve");
    (void)snprintf(form.form.identity, sizeof form.form.identity, "alice@example.test");
    forge(&form, forgery);
    ask(form);
    expect_page(forgery >= WRONG_TYPE ? 400 : 403, "Request refused");
    ck_assert_int_eq(grants_find(plane.grants, user_code)->state, GRANT_PENDING);
    ck_assert_ptr_nonnull(sessions_find(plane.sessions, session, fake.now_ms));
}
END_TEST

START_TEST(decision_without_session_decides_nothing)
{
    start_login();
    session[0] = '\0';
    decide("approve");
    expect_page(401, "Signed out");
    ck_assert_ptr_nonnull(strstr(header("WWW-Authenticate"), "Cookie realm="));
    sign_in("alice@example.test");
    decide("");
    expect_page(400, "Nothing decided");
    ck_assert_int_eq(grants_find(plane.grants, user_code)->state, GRANT_PENDING);
}
END_TEST

START_TEST(page_wrong_codes_are_limited)
{
    start_login();
    sign_in("alice@example.test");
    for (int i = 0; i < GUESS_LIMIT_WRONG; i++) {
        open_page(i % 2 ? "AAAA-AAAA" : "<b>");
        expect_page(404, "Enter the code");
        ck_assert_ptr_null(strstr(reply.body, "<b>"));
    }
    open_page(user_code);
    expect_page(429, "Too many wrong codes");
    ck_assert_str_eq(header("Retry-After"), "60");
    decide("approve");
    expect_page(429, "Too many wrong codes");
    ask(approve_call(user_code));
    expect_problem(429, "too_many_attempts");
    fake.now_ms += GUESS_LIMIT_WINDOW_MS;
    open_page(user_code);
    expect_page(200, "Approve this login?");
}
END_TEST

/* approve */

START_TEST(approve_call_approves_once)
{
    start_login();
    sign_in("alice@example.test");
    ask(approve_call(user_code));
    expect_json();
    ck_assert_str_eq(text_of("status"), "approved");
    ask(approve_call(user_code));
    expect_problem(409, "device_code_already_approved");
    ask(approve_call("AAAA-AAAA"));
    expect_problem(404, "device_code_not_found");
    ask(approve_call("abcd-efgh"));
    expect_problem(400, "invalid_request");
    poll_token();
    expect_json();
}
END_TEST

START_TEST(approve_call_needs_session_origin_and_csrf)
{
    start_login();
    sign_in("alice@example.test");
    struct request call = approve_call(user_code);

    call.session_cookie = NULL;
    call.authorization = "Bearer x";
    ask(call);
    expect_problem(401, "session_missing");
    ck_assert_str_eq(header("WWW-Authenticate"), "Cookie realm=\"plexsphere\", form-action=\"/v1/auth/device\", "
                                                 "cookie-name=\"plexsphere_session\"");
    call = approve_call(user_code);
    call.origin = "https://localhost:9999";
    ask(call);
    expect_problem(403, "csrf_origin_mismatch");
    /* HTTP/1.0 may leave Host out: which origin is ours is then unknown. */
    call = approve_call(user_code);
    call.is_http_1_0 = true;
    ask(call);
    expect_problem(403, "csrf_origin_not_configured");
    call = approve_call(user_code);
    call.csrf_header = NULL;
    ask(call);
    expect_problem(403, "csrf_token_mismatch");
    call = approve_call(user_code);
    call.csrf_cookie = NULL;
    ask(call);
    expect_problem(403, "csrf_token_mismatch");
    /* A cookie that somebody planted together with a fitting header is not the session's. */
    call = approve_call(user_code);
    call.csrf_cookie = call.csrf_header = "planted";
    ask(call);
    expect_problem(403, "csrf_token_mismatch");
    ck_assert_int_eq(grants_find(plane.grants, user_code)->state, GRANT_PENDING);
}
END_TEST

START_TEST(approve_call_tells_refused_identity)
{
    start_login();
    sign_in("denied@example.test");
    ask(approve_call(user_code));
    expect_problem(403, "access_denied");
    start_login();
    sign_in("forbidden@example.test");
    ask(approve_call(user_code));
    expect_problem(403, "principal_forbidden");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver people");
    TCase *tests = tcase_create("people");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, login_approved_in_browser_gets_token_once);
    tcase_add_loop_test(tests, login_refused_tells_poll, 0, sizeof decisions / sizeof decisions[0]);
    tcase_add_test(tests, sign_in_sets_cookies_of_contract);
    tcase_add_test(tests, sign_in_ignores_proposed_session);
    tcase_add_test(tests, sign_in_needs_known_identity);
    tcase_add_test(tests, sign_out_ends_session);
    tcase_add_loop_test(tests, forms_refuse_forgeries, 0, FORGERIES * (int)(sizeof forms / sizeof forms[0]));
    tcase_add_test(tests, decision_without_session_decides_nothing);
    tcase_add_test(tests, page_wrong_codes_are_limited);
    tcase_add_test(tests, approve_call_approves_once);
    tcase_add_test(tests, approve_call_needs_session_origin_and_csrf);
    tcase_add_test(tests, approve_call_tells_refused_identity);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
