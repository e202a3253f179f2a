/* SPDX-License-Identifier: Apache-2.0 */
#include "../../plugins/devserver/faults.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static const struct {
    const char *script;
    const char *says; /* in the refusal; NULL: accepted */
} scripts[] = {
    {NULL, NULL},
    {"", NULL},
    {"slow_down:2,503:1,429:1,500:1,reset:1,html:1,redirect:1,truncate:1,stall:1,garbage:1", NULL},
    {"device-code/503:1,whoami/401:1,device-token/lost", NULL},
    {"reset:1000", NULL},
    {"reset:0", "reset:1"},
    {"reset:1001", "1 to 1000"},
    {"reset:99999999999999999999", "1 to 1000"},
    {"reset:", "1 to 1000"},
    {"reset:-1", "1 to 1000"},
    {"reset:1x", "1 to 1000"},
    {"reset:1:1", "1 to 1000"},
    {"reset,", "step ''"},
    {",reset", "step ''"},
    {"Reset", "'Reset' names no fault"},
    {"503 ", "names no fault"},
    {"200", "names no fault"},
    {"approve/500,idp-bindings/500,health/503,version/500,openapi/500", NULL},
    {"sign-in/503", "use device-token, device-code, whoami, approve, idp-bindings, health, version or openapi"},
    {"/503", "is unknown"},
    {"whoami/", "names no fault"},
    {"device-code/slow_down", "leave the prefix out"},
    {"whoami/invalid_grant:2", "leave the prefix out"},
};

START_TEST(faults_parse_judges_scripts)
{
    struct faults parsed;
    struct reason reason = {0};
    const char *says = scripts[_i].says;

    memset(&parsed, 0x5a, sizeof parsed);
    plexctl_status status = faults_parse(scripts[_i].script, &parsed, &reason);
    if (!says) {
        ck_assert_int_eq(status, PLEXCTL_OK);
        return;
    }
    ck_assert_int_eq(status, PLEXCTL_USAGE);
    ck_assert_int_eq(parsed.count, 0x5a5a5a5a);
    ck_assert_msg(strstr(reason.text, "--fault: ") == reason.text && strstr(reason.text, says), "%s", reason.text);
}
END_TEST

static plexctl_status parse_steps(int count, struct faults *ret_faults)
{
    char script[FAULTS_MAX * 4 + 8] = "";
    struct reason reason;

    for (int i = 0; i < count; i++)
        strcat(script, i ? ",503" : "503");
    return faults_parse(script, ret_faults, &reason);
}

START_TEST(faults_parse_limits_steps)
{
    struct faults faults;

    ck_assert_int_eq(parse_steps(FAULTS_MAX, &faults), PLEXCTL_OK);
    ck_assert_int_eq(faults.count, FAULTS_MAX);
    ck_assert_int_eq(parse_steps(FAULTS_MAX + 1, &faults), PLEXCTL_USAGE);
}
END_TEST

START_TEST(faults_take_consumes_in_order_by_call)
{
    struct faults faults;
    struct reason reason;
    static const struct {
        enum fault_call call;
        const char *name;
        enum fault_kind kind;
        unsigned status;
    } takes[] = {
        {FAULT_CALL_DEVICE_TOKEN, "slow_down", FAULT_OAUTH, 400},
        {FAULT_CALL_WHOAMI, "401", FAULT_STATUS, 401},
        {FAULT_CALL_DEVICE_TOKEN, "slow_down", FAULT_OAUTH, 400},
        {FAULT_CALL_DEVICE_TOKEN, "503", FAULT_STATUS, 503},
        {FAULT_CALL_DEVICE_TOKEN, NULL, FAULT_OAUTH, 0},
        {FAULT_CALL_WHOAMI, NULL, FAULT_OAUTH, 0},
        {FAULT_CALL_NONE, NULL, FAULT_OAUTH, 0},
        {FAULT_CALL_DEVICE_CODE, "reset", FAULT_RESET, 0},
        {FAULT_CALL_DEVICE_CODE, NULL, FAULT_OAUTH, 0},
    };

    ck_assert_int_eq(faults_parse("slow_down:2,device-code/reset,whoami/401,503", &faults, &reason), PLEXCTL_OK);
    for (size_t i = 0; i < sizeof takes / sizeof takes[0]; i++) {
        const struct fault *fault = faults_take(&faults, takes[i].call);
        ck_assert_int_eq(fault != NULL, takes[i].name != NULL);
        if (!fault)
            continue;
        ck_assert_str_eq(fault->name, takes[i].name);
        ck_assert_int_eq(fault->kind, takes[i].kind);
        ck_assert_uint_eq(fault->status, takes[i].status);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver faults");
    TCase *tests = tcase_create("faults");

    tcase_add_loop_test(tests, faults_parse_judges_scripts, 0, sizeof scripts / sizeof scripts[0]);
    tcase_add_test(tests, faults_parse_limits_steps);
    tcase_add_test(tests, faults_take_consumes_in_order_by_call);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
