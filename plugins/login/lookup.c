/* SPDX-License-Identifier: Apache-2.0 */
#include "lookup.h"

plexctl_status lookup_send(const struct plexctl_host *host, const struct lookup *lookup, void *result)
{
    const struct plexctl_http_request request = {.size = sizeof request,
                                                 .flags = lookup->flags,
                                                 .method = "GET",
                                                 .path = lookup->path,
                                                 .timeout_ms = lookup->timeout_ms};
    const struct plexctl_http_reply *reply = NULL;
    struct plexctl_json *body = NULL;

    plexctl_status status = host->http->send(host, &request, &reply);
    if (status == PLEXCTL_OK && reply->status != 200)
        status = host->http->problem(host, reply);
    if (status != PLEXCTL_OK)
        return status;
    status = host->json->parse(host, reply->body, reply->body_size, &body);
    if (status == PLEXCTL_OK)
        status = lookup->read(host, body, result);
    return status == PLEXCTL_FAILED ? host->http->malformed(host, reply, lookup->what) : status;
}
