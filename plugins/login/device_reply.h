/* SPDX-License-Identifier: Apache-2.0
 *
 * device_reply - what the control plane's replies say, judged member by member, nothing converted. It sends and prints
 * nothing; of the host it uses json, url and error.
 *
 * A refusal is PLEXCTL_FAILED and names the member and what it must be, never its value: that may be a secret.
 */
#ifndef PLUGINS_LOGIN_DEVICE_REPLY_H
#define PLUGINS_LOGIN_DEVICE_REPLY_H

#include <plexctl/plugin.h>

#include "device_flow.h"

/* Texts belong to the body they were read from. */
struct device_code_reply {
    const char *device_code; /* secret */
    const char *user_code;
    const char *verification_uri;
    const char *verification_uri_complete; /* NULL where absent, or not to be shown: another origin, without the code */
    int64_t interval_s;                    /* 1 to 3,600; 5 where absent */
    int64_t expires_in_s;                  /* 1 to 86,400; larger ones are cut to that */
};

struct device_token_reply {
    const char *access_token; /* secret */
    int64_t expires_in_s;     /* at least 1 */
};

plexctl_status device_reply_read_code(const struct plexctl_host *host, const struct plexctl_json *body,
                                      struct device_code_reply *ret_code);

plexctl_status device_reply_read_token(const struct plexctl_host *host, const struct plexctl_json *body,
                                       struct device_token_reply *ret_token);

/* What a reply of the token endpoint means, by its status and, for 4xx, by `code` or, where that is absent, `error`
 * (RFC 6749 section 5.2). A 2xx counts as DEVICE_FLOW_TOKEN, yet to be read. `body` is NULL where it is no JSON. */
enum device_flow_outcome device_reply_outcome(const struct plexctl_host *host, int32_t status,
                                              const struct plexctl_json *body);

#endif
