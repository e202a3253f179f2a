/* SPDX-License-Identifier: Apache-2.0
 *
 * asker - asks with a query that holds a secret, which plexctl must show in no message.
 */
#include <plexctl/plugin.h>

static plexctl_status asker_run(const struct plexctl_host *host)
{
    const struct plexctl_http_request request = {
        .size = sizeof request, .method = "GET", .path = "/v1/things?key=canary-of-the-query"};
    const struct plexctl_http_reply *reply = NULL;
    plexctl_status status = host->http->send(host, &request, &reply);

    return status == PLEXCTL_OK ? host->http->problem(host, reply) : status;
}

static const struct plexctl_command asker = {.size = sizeof asker,
                                             .needs = PLEXCTL_NEEDS_SERVER,
                                             .name = "asker",
                                             .summary = "Ask with a query",
                                             .run = asker_run};

PLEXCTL_PLUGIN("asker", "1.0.0", "Ask with a query", &asker)
