/* SPDX-License-Identifier: Apache-2.0
 *
 * bad_http - a plugin that sends one request and looks at each end of it but one, at which it crashes, or is content.
 */
#ifndef TESTS_PLUGINS_CHECK_BAD_HTTP_H
#define TESTS_PLUGINS_CHECK_BAD_HTTP_H

#include "bad.h"

#define CRASH reply->status
#define PRINT host->output->line(host, "fine")

/* `is_forgotten` may look at status, and at http, the reply's status or 0; `then` is CRASH or PRINT. */
#define BAD_HTTP(word, is_forgotten, then) \
    static plexctl_status run(const struct plexctl_host *host) \
    { \
        const struct plexctl_http_request request = {.size = sizeof request, .method = "GET", .path = "/v1/things"}; \
        const struct plexctl_http_reply *volatile reply = NULL; \
        const struct plexctl_http_reply *given = NULL; \
        plexctl_status status = host->http->send(host, &request, &given); \
        const int http = given ? given->status : 0; \
        if (is_forgotten) \
            return then; \
        if (status == PLEXCTL_OK && http != 200) \
            status = host->http->problem(host, given); \
        return status == PLEXCTL_OK ? PRINT : status; \
    } \
    BAD(word, .needs = PLEXCTL_NEEDS_SERVER, .run = run)

#endif
