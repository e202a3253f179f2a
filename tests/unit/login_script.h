/* SPDX-License-Identifier: Apache-2.0
 *
 * login_script - what the tests of a whole login share: replies to script, the prompt they lead to, and a fixture that
 * looks for secrets in every output when a test ends. For one test program each.
 */
#ifndef TESTS_LOGIN_SCRIPT_H
#define TESTS_LOGIN_SCRIPT_H

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../plugins/login/jitter.h"
#include "fake_host.h"

#define DOMAIN_ID "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0"
#define BINDING_ID "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0"
#define DEVICE_CODE "canary-device-code-0123456789"
#define ACCESS_TOKEN "canary.access-token"
#define EXPIRED "device-code session expired before approval; restart with `plexctl login`"

#define CODE_BODY(interval, expires_in) \
    "{\"device_code\":\"" DEVICE_CODE "\",\"user_code\":\"ABCD-2345\"," \
    "\"verification_uri\":\"https://cp.example.com/device\"," \
    "\"verification_uri_complete\":\"https://cp.example.com/device?user_code=ABCD-2345\"," \
    "\"expires_in\":" #expires_in ",\"interval\":" #interval "}"
#define PROBLEM(code) "{\"type\":\"about:blank\",\"title\":\"T\",\"status\":400,\"code\":\"" code "\"}"

#define CODE \
    { \
        .http = 200, .body = CODE_BODY(5, 600) \
    }
#define PENDING \
    { \
        .http = 400, .body = PROBLEM("authorization_pending") \
    }
#define SLOW_DOWN \
    { \
        .http = 400, .body = PROBLEM("slow_down") \
    }
#define TOKEN \
    { \
        .http = 200, .body = "{\"access_token\":\"" ACCESS_TOKEN \
                             "\",\"token_type\":\"bearer\",\"expires_in\":3600,\"scope\":\"x\"}" \
    }
#define LOST \
    { \
        .status = PLEXCTL_UNREACHABLE, .body = "connection reset" \
    }

static const struct fake_value values[] = {
    {"domain-id", DOMAIN_ID}, {"idp-binding-id", BINDING_ID}, {"profile-name", "staging"}, {NULL, NULL}};

static struct fake_host fake;

/* In the place of login's own, so that each poll's moment is known. */
static int64_t jitter_ms;

int64_t jitter_draw_ms(int64_t interval_s)
{
    ck_assert_int_ge(interval_s, 1);
    return jitter_ms;
}

static void set_up(void)
{
    fake_host_init(&fake);
    jitter_ms = 0;
    fake.values = values;
    ck_assert_int_eq(setenv("TZ", "UTC0", 1), 0);
    tzset();
}

/* No secret on any output, whatever the test was about. */
static void tear_down(void)
{
    const char *const outputs[] = {buf_text(&fake.out), buf_text(&fake.err), buf_text(&fake.trace), fake.failure.text};

    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++)
        ck_assert_msg(!strstr(outputs[i], "canary"), "a secret in: %s", outputs[i]);
    fake_host_release(&fake);
}

static plexctl_status run(const struct fake_reply *replies, size_t count)
{
    fake.replies = replies;
    fake.reply_count = count;
    return fake_host_run(&fake, plexctl_plugin_v1()->command);
}

#define RUN(replies) run((replies), sizeof(replies) / sizeof((replies)[0]))

static const char prompt[] = "To log in to https://cp.example.com, open this page in a browser:\n"
                             "https://cp.example.com/device\n"
                             "and enter this code:\n"
                             "ABCD-2345\n"
                             "or open this link, which carries the code:\n"
                             "https://cp.example.com/device?user_code=ABCD-2345\n"
                             "The code expires in 10 minutes, at 12:10:00 UTC.\n"
                             "Go on only if you started this login yourself.\n";

#define ROWS(array) (int)(sizeof(array) / sizeof((array)[0]))

#endif
