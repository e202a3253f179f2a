/* SPDX-License-Identifier: Apache-2.0 */
#include "reply_fixture.h"

static const struct {
    int32_t status;
    enum device_flow_outcome outcome;
    const char *body; /* NULL: no JSON */
} outcome_rows[] = {
    {200, DEVICE_FLOW_TOKEN, "{}"},
    {204, DEVICE_FLOW_TOKEN, NULL},
    {299, DEVICE_FLOW_TOKEN, NULL},
    {200, DEVICE_FLOW_TOKEN, "{\"code\":\"authorization_pending\"}"},
    {300, DEVICE_FLOW_UNEXPECTED, "{\"code\":\"authorization_pending\"}"},
    {302, DEVICE_FLOW_UNEXPECTED, NULL},
    {199, DEVICE_FLOW_UNEXPECTED, NULL},
    {400, DEVICE_FLOW_PENDING, "{\"code\":\"authorization_pending\"}"},
    {400, DEVICE_FLOW_SLOW_DOWN, "{\"code\":\"slow_down\"}"},
    {400, DEVICE_FLOW_ACCESS_DENIED, "{\"code\":\"access_denied\"}"},
    {400, DEVICE_FLOW_EXPIRED_TOKEN, "{\"code\":\"expired_token\"}"},
    {400, DEVICE_FLOW_INVALID_GRANT, "{\"code\":\"invalid_grant\"}"},
    {400, DEVICE_FLOW_UNEXPECTED, "{\"code\":\"Slow_Down\"}"},
    {400, DEVICE_FLOW_UNEXPECTED, "{\"code\":\"slow_down \"}"},
    {400, DEVICE_FLOW_UNEXPECTED, "{\"code\":\"unsupported_grant_type\"}"},
    {400, DEVICE_FLOW_UNEXPECTED, "{\"code\":\"\"}"},
    {400, DEVICE_FLOW_UNEXPECTED, "{\"code\":7}"},
    {400, DEVICE_FLOW_UNEXPECTED, "{}"},
    {400, DEVICE_FLOW_UNEXPECTED, NULL},
    {400, DEVICE_FLOW_UNEXPECTED, "[\"authorization_pending\"]"},
    {400, DEVICE_FLOW_UNEXPECTED, "{\"title\":\"authorization_pending\"}"},
    {400, DEVICE_FLOW_PENDING, "{\"error\":\"authorization_pending\"}"},
    {400, DEVICE_FLOW_SLOW_DOWN, "{\"error\":\"slow_down\",\"error_description\":\"x\"}"},
    {400, DEVICE_FLOW_SLOW_DOWN, "{\"code\":null,\"error\":\"slow_down\"}"},
    {400, DEVICE_FLOW_ACCESS_DENIED, "{\"code\":\"access_denied\",\"error\":\"slow_down\"}"},
    {400, DEVICE_FLOW_UNEXPECTED, "{\"code\":\"bogus\",\"error\":\"slow_down\"}"},
    {400, DEVICE_FLOW_UNEXPECTED, "{\"code\":7,\"error\":\"slow_down\"}"},
    {400, DEVICE_FLOW_UNEXPECTED, "{\"details\":{\"error\":\"slow_down\"}}"},
    {401, DEVICE_FLOW_UNEXPECTED, "{\"error\":\"invalid_client\"}"},
    {404, DEVICE_FLOW_UNEXPECTED, "{\"code\":\"device_code_not_found\"}"},
    {403, DEVICE_FLOW_FORBIDDEN, "{\"code\":\"authorization_pending\"}"},
    {403, DEVICE_FLOW_FORBIDDEN, NULL},
    {429, DEVICE_FLOW_TRANSIENT, NULL},
    {429, DEVICE_FLOW_TRANSIENT, "{\"code\":\"access_denied\"}"},
    {500, DEVICE_FLOW_TRANSIENT, "{\"code\":\"access_denied\"}"},
    {501, DEVICE_FLOW_TRANSIENT, NULL},
    {502, DEVICE_FLOW_TRANSIENT, NULL},
    {503, DEVICE_FLOW_TRANSIENT, NULL},
    {599, DEVICE_FLOW_TRANSIENT, NULL},
};

START_TEST(device_reply_outcome_follows_status_and_code)
{
    struct plexctl_json *body = outcome_rows[_i].body ? parse(outcome_rows[_i].body) : NULL;
    enum device_flow_outcome outcome = device_reply_outcome(&fake.table, outcome_rows[_i].status, body);

    ck_assert_msg(outcome == outcome_rows[_i].outcome, "%d %s: %d", (int)outcome_rows[_i].status,
                  outcome_rows[_i].body ? outcome_rows[_i].body : "(none)", (int)outcome);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login/device_reply, outcome");
    TCase *tests = tcase_create("device_reply_outcome");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, device_reply_outcome_follows_status_and_code, 0,
                        (int)(sizeof outcome_rows / sizeof outcome_rows[0]));
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
