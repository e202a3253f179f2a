/* SPDX-License-Identifier: Apache-2.0
 *
 * login_pending - a pending login, for the tests of what becomes of it.
 */
#ifndef TESTS_LOGIN_PENDING_H
#define TESTS_LOGIN_PENDING_H

#include "login_script.h"

static const struct fake_value resume_values[] = {{"profile-name", "staging"}, {"resume", "true"}, {NULL, NULL}};

#define UNIX_S "1795521600" /* of the fake host's start */
#define PENDING_LOGIN(more) \
    "{\"server\":\"https://old.example.com\",\"domain_id\":\"" DOMAIN_ID "\",\"idp_binding_id\":\"" BINDING_ID \
    "\",\"device_code\":\"" DEVICE_CODE "\",\"user_code\":\"ABCD-2345\"," \
    "\"verification_uri\":\"https://cp.example.com/device\"," \
    "\"verification_uri_complete\":\"https://cp.example.com/device?user_code=ABCD-2345\"," more "}"
#define AT_BEGIN(interval_added) \
    PENDING_LOGIN("\"expires_in\":600,\"interval\":5,\"interval_added\":" #interval_added ",\"received_at\":" UNIX_S \
                  ",\"seen_at\":" UNIX_S)

static void keep(const char *pending)
{
    fake.values = resume_values;
    fake.state = strdup(pending);
    fake.state_name = strdup("staging");
    ck_assert(fake.state && fake.state_name);
}

static int64_t kept_number(const char *key)
{
    struct plexctl_json *root = NULL;
    int64_t number = -1;

    ck_assert_ptr_nonnull(fake.state);
    ck_assert_int_eq(json_parse(fake.state, strlen(fake.state), &root, &fake.failure), PLEXCTL_OK);
    ck_assert(json_integer(json_get(root, key), &number));
    json_free(root);
    return number;
}

#endif
