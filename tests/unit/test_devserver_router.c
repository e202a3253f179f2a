/* SPDX-License-Identifier: Apache-2.0
 *
 * The program's side of the surface: refusals, device codes and tokens, discovery, faults.
 */
#include "devserver_fixture.h"

#define MEMBER_SIZE 4200

/* the surface */

static const struct {
    const char *method, *path, *host;
    unsigned status;
    const char *code, *allow;
} refusals[] = {
    {"GET", "/", NULL, 404, "path_not_found", ""},
    {"GET", "/v1/auth/device/", NULL, 404, "path_not_found", ""},
    {"GET", "/v1/auth/device-code", NULL, 405, "method_not_allowed", "POST"},
    {"HEAD", "/v1/auth/device-token", NULL, 405, "method_not_allowed", "POST"},
    {"POST", "/v1/auth/whoami", NULL, 405, "method_not_allowed", "GET, HEAD"},
    {"DELETE", "/v1/health", NULL, 405, "method_not_allowed", "GET, HEAD"},
    {"OPTIONS", "/v1/auth/device/approve", NULL, 405, "method_not_allowed", "POST"},
    {"get", "/v1/health", NULL, 405, "method_not_allowed", "GET, HEAD"},
    {"GET", "/v1/health", "evil.test:8080", 421, "host_not_served", ""},
    {"GET", "/v1/auth/whoami", NULL, 401, "bearer_missing", ""},
    {"GET", "/v1/auth/idp-bindings", NULL, 400, "invalid_request", ""},
    {"POST", "/v1/auth/device-code", NULL, 415, "unsupported_media_type", ""},
    {"POST", "/v1/auth/device-token", NULL, 415, "unsupported_media_type", ""},
    {"POST", "/v1/auth/device/approve", NULL, 401, "session_missing", ""},
};

START_TEST(router_answer_refuses_with_problem)
{
    ask((struct request){.method = refusals[_i].method, .path = refusals[_i].path, .host = refusals[_i].host});
    expect_problem(refusals[_i].status, refusals[_i].code);
    ck_assert_str_eq(header("Allow"), refusals[_i].allow);
}
END_TEST

/* RFC 9112 section 3.2: only HTTP/1.0 may leave Host out. No browser does, so that nobody's page comes in by that. */
START_TEST(router_answer_host_may_be_absent_in_http_1_0)
{
    const struct request without = {.method = "GET", .path = "/v1/health", .host = "", .body = ""};

    ask((struct request){.method = "GET", .path = "/v1/health", .is_http_1_0 = true});
    expect_json();
    ask((struct request){.method = "GET", .path = "/v1/health", .host = "evil.test", .is_http_1_0 = true});
    expect_problem(421, "host_not_served");
    ask(without);
    expect_problem(421, "host_not_served");
    reply_release(&reply);
    struct request nameless = without;
    nameless.host = NULL;
    router_answer(&plane, &nameless, &reply);
    ck_assert_uint_eq(reply.status, 421);
}
END_TEST

START_TEST(router_answer_too_large_body_is_413)
{
    ask((struct request){
        .method = "POST", .path = "/v1/auth/device-code", .content_type = "application/json", .body_too_large = true});
    expect_problem(413, "body_too_large");
}
END_TEST

static const struct {
    const char *body;
    unsigned status;
    const char *code;
} device_codes[] = {
    {"{}", 400, "selector_missing"},
    {"{\"domain_id\":\"" DOMAIN "\",\"idp_binding_id\":\"" DOMAIN "\"}", 400, "selector_mismatch"},
    {"{\"domain_id\":\"" DOMAIN "\",\"idp_binding_id\":\"" BINDING "\",\"idp_binding_alias\":\"test\"}", 400,
     "selector_conflict"},
    {"{\"domain_id\":\"" BINDING "\",\"idp_binding_id\":\"" DOMAIN "\"}", 404, "idp_binding_not_found"},
    {"{\"domain_id\":\"nonsense\"}", 400, "invalid_request"},
    {"{\"domain_id\":1}", 400, "invalid_request"},
    {"{\"domain_id\":\"" DOMAIN "\",\"client_id\":null}", 400, "invalid_request"},
    {"[]", 400, "invalid_request"},
    {"", 400, "invalid_request"},
    {"{\"domain_id\":\"" DOMAIN "\"", 400, "invalid_request"},
    {"{\"domain_id\":\"" DOMAIN "\",\"domain_id\":\"" DOMAIN "\"}", 400, "invalid_request"},
};

START_TEST(device_code_refuses_bad_selectors)
{
    ask_post("/v1/auth/device-code", device_codes[_i].body);
    expect_problem(device_codes[_i].status, device_codes[_i].code);
}
END_TEST

START_TEST(device_code_limits_client_id)
{
    char client[MEMBER_SIZE];
    char body[MEMBER_SIZE + 128];

    for (int over = 0; over <= 1; over++) {
        memset(client, 'c', sizeof client);
        client[4096 + over] = '\0';
        (void)snprintf(body, sizeof body, "{\"domain_id\":\"" DOMAIN "\",\"client_id\":\"%s\"}", client);
        ask_post("/v1/auth/device-code", body);
        ck_assert_uint_eq(reply.status, over ? 400 : 200);
    }
}
END_TEST

START_TEST(device_code_answers_all_members)
{
    int64_t number = 0;
    char complete[160];

    start_login();
    ck_assert_uint_eq(strlen(device_code), RANDOM_TEXT_SIZE - 1);
    ck_assert_str_eq(text_of("verification_uri"), ORIGIN "/v1/auth/device");
    (void)snprintf(complete, sizeof complete, ORIGIN "/v1/auth/device?user_code=%s", user_code);
    ck_assert_str_eq(text_of("verification_uri_complete"), complete);
    ck_assert(json_integer(json_get(answer, "expires_in"), &number) && number == 600);
    ck_assert(json_integer(json_get(answer, "interval"), &number) && number == 5);
}
END_TEST

START_TEST(device_code_table_full_is_503)
{
    for (int i = 0; i < GRANTS_MAX; i++)
        ck_assert_ptr_nonnull(grants_add(plane.grants, &(struct grant_request){.device_code = "d",
                                                                               .user_code = "AAAA-2222",
                                                                               .client = "c",
                                                                               .peer = "p",
                                                                               .now_ms = fake.now_ms,
                                                                               .lifetime_ms = 1000}));
    ask_post("/v1/auth/device-code", SELECTOR);
    expect_problem(503, "too_many_grants");
    ck_assert_str_eq(header("Retry-After"), "1");
    fake.now_ms += 1000;
    start_login();
}
END_TEST

START_TEST(device_token_needs_device_code)
{
    ask_post("/v1/auth/device-token", "{}");
    expect_problem(400, "invalid_request");
    ask_post("/v1/auth/device-token", "{\"device_code\":7}");
    expect_problem(400, "invalid_request");
    ask_post("/v1/auth/device-token", "{\"device_code\":\"\"}");
    expect_problem(400, "invalid_grant");
}
END_TEST

START_TEST(device_token_expires)
{
    start_login();
    fake.now_ms += 600 * 1000;
    poll_token();
    expect_problem(400, "expired_token");
    sign_in("alice@example.test");
    open_page(user_code);
    expect_page(409, "Code expired");
    ask(approve_call(user_code));
    expect_problem(409, "device_code_expired");
}
END_TEST

/* discovery */

START_TEST(discovery_answers_contract)
{
    ask((struct request){.method = "GET", .path = "/v1/auth/idp-bindings", .query_domain_id = DOMAIN});
    expect_json();
    ck_assert_uint_eq(json_length(answer), 1);
    ck_assert_str_eq(json_string(json_get(json_at(answer, 0), "id")), BINDING);
    ask((struct request){.method = "GET", .path = "/v1/auth/idp-bindings", .query_domain_id = BINDING});
    expect_json();
    ck_assert_uint_eq(json_length(answer), 0);
    ask_get("/v1/health");
    expect_json();
    ck_assert_str_eq(text_of("status"), "ok");
    ask_get("/v1/version");
    expect_json();
    ck_assert(*text_of("version") && *text_of("commit") && *text_of("date"));
}
END_TEST

static bool count_schema(void *context, const char *key, struct plexctl_json *value)
{
    (void)key;
    ck_assert_int_eq(json_type(value), PLEXCTL_JSON_OBJECT);
    ++*(int *)context;
    return true;
}

START_TEST(openapi_describes_every_contract_call)
{
    static const char *const calls[][2] = {{"/v1/auth/device-code", "post"}, {"/v1/auth/device-token", "post"},
                                           {"/v1/auth/whoami", "get"},       {"/v1/auth/device/approve", "post"},
                                           {"/v1/auth/idp-bindings", "get"}, {"/v1/health", "get"},
                                           {"/v1/version", "get"},           {"/v1/openapi.json", "get"}};
    int schemas = 0;

    ask_get("/v1/openapi.json");
    expect_json();
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        struct plexctl_json *call = json_get(json_get(json_get(answer, "paths"), calls[i][0]), calls[i][1]);
        ck_assert_msg(json_get(json_get(call, "responses"), "200") != NULL, "%s", calls[i][0]);
        ck_assert_msg(json_get(json_get(call, "responses"), "500") != NULL, "%s", calls[i][0]);
    }
    ck_assert(json_each(json_get(json_get(answer, "components"), "schemas"), count_schema, &schemas));
    ck_assert_int_eq(schemas, 12);
    ck_assert_ptr_nonnull(json_get(answer, "info"));
    ck_assert_ptr_nonnull(strstr(reply.body, "csrf_origin_not_configured"));
    ck_assert_ptr_nonnull(json_get(json_get(answer, "components"), "securitySchemes"));
}
END_TEST

/* faults */

static const struct {
    const char *script;
    unsigned status;
    const char *type; /* of the reply; NULL for none */
    enum reply_transport transport;
} faults[] = {
    {"503", 503, "application/problem+json", REPLY_WHOLE},
    {"429", 429, "application/problem+json", REPLY_WHOLE},
    {"501", 501, "application/problem+json", REPLY_WHOLE},
    {"502", 502, "text/html; charset=utf-8", REPLY_WHOLE},
    {"invalid_grant", 400, "application/problem+json", REPLY_WHOLE},
    {"html", 200, "text/html; charset=utf-8", REPLY_WHOLE},
    {"redirect", 307, "text/plain; charset=utf-8", REPLY_WHOLE},
    {"truncate", 200, NULL, REPLY_TRUNCATED},
    {"reset", 0, NULL, REPLY_RESET},
    {"stall", 0, NULL, REPLY_STALL},
};

START_TEST(fault_replaces_one_reply)
{
    struct reason reason;

    start_login();
    ck_assert_int_eq(faults_parse(faults[_i].script, &plane.faults, &reason), PLEXCTL_OK);
    /* Not parsed: a fault need not be JSON. */
    reply_release(&reply);
    struct request request = {.method = "POST", .path = "/v1/auth/device-token", .host = "localhost", .body = ""};
    router_answer(&plane, &request, &reply);
    ck_assert_uint_eq(reply.status, faults[_i].status);
    ck_assert_int_eq(reply.transport, faults[_i].transport);
    if (faults[_i].type)
        ck_assert_str_eq(header("Content-Type"), faults[_i].type);
    if (reply.status == 503 || reply.status == 429)
        ck_assert_str_eq(header("Retry-After"), "1");
    poll_token();
    expect_problem(400, "authorization_pending");
}
END_TEST

START_TEST(fault_health_503_carries_health)
{
    struct reason reason;

    ck_assert_int_eq(faults_parse("health/503,health/500", &plane.faults, &reason), PLEXCTL_OK);
    ask_get("/v1/health");
    ck_assert_uint_eq(reply.status, 503);
    ck_assert_str_eq(header("Content-Type"), "application/json");
    ck_assert_str_eq(header("Retry-After"), "1");
    ck_assert_str_eq(text_of("status"), "down");
    ck_assert_uint_eq(json_length(json_get(answer, "checks")), 1);
    ask_get("/v1/health");
    expect_problem(500, "fault_injected");
    ask_get("/v1/health");
    expect_json();
}
END_TEST

START_TEST(fault_garbage_is_no_json)
{
    struct request request = {.method = "GET", .path = "/v1/auth/whoami", .host = "localhost", .body = ""};
    struct reason reason;
    struct error err = {0};

    ck_assert_int_eq(faults_parse("whoami/garbage", &plane.faults, &reason), PLEXCTL_OK);
    reply_release(&reply);
    router_answer(&plane, &request, &reply);
    ck_assert_uint_eq(reply.status, 200);
    ck_assert_int_ne(json_parse(reply.body, strlen(reply.body), &answer, &err), PLEXCTL_OK);
}
END_TEST

START_TEST(fault_lost_carries_the_call_out)
{
    struct reason reason;

    start_login();
    sign_in("alice@example.test");
    decide("approve");
    ck_assert_int_eq(faults_parse("lost", &plane.faults, &reason), PLEXCTL_OK);
    poll_token();
    ck_assert_int_eq(reply.transport, REPLY_RESET);
    poll_token();
    expect_problem(400, "invalid_grant");
}
END_TEST

START_TEST(fault_slow_down_is_enforced)
{
    struct reason reason;

    start_login();
    ck_assert_int_eq(faults_parse("slow_down", &plane.faults, &reason), PLEXCTL_OK);
    poll_token();
    expect_problem(400, "slow_down");
    fake.now_ms += 9999;
    poll_token();
    expect_problem(400, "slow_down");
    fake.now_ms += 15000;
    poll_token();
    expect_problem(400, "authorization_pending");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver router");
    TCase *tests = tcase_create("router");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, router_answer_refuses_with_problem, 0, sizeof refusals / sizeof refusals[0]);
    tcase_add_test(tests, router_answer_host_may_be_absent_in_http_1_0);
    tcase_add_test(tests, router_answer_too_large_body_is_413);
    tcase_add_loop_test(tests, device_code_refuses_bad_selectors, 0, sizeof device_codes / sizeof device_codes[0]);
    tcase_add_test(tests, device_code_limits_client_id);
    tcase_add_test(tests, device_code_answers_all_members);
    tcase_add_test(tests, device_code_table_full_is_503);
    tcase_add_test(tests, device_token_needs_device_code);
    tcase_add_test(tests, device_token_expires);
    tcase_add_test(tests, discovery_answers_contract);
    tcase_add_test(tests, openapi_describes_every_contract_call);
    tcase_add_loop_test(tests, fault_replaces_one_reply, 0, sizeof faults / sizeof faults[0]);
    tcase_add_test(tests, fault_health_503_carries_health);
    tcase_add_test(tests, fault_garbage_is_no_json);
    tcase_add_test(tests, fault_lost_carries_the_call_out);
    tcase_add_test(tests, fault_slow_down_is_enforced);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
