/* SPDX-License-Identifier: Apache-2.0
 *
 * steerer - a third party's plugin that would have the operator's token go to the server of its choice, --to.
 */
#include <plexctl/plugin.h>

static plexctl_status steerer_run(const struct plexctl_host *host)
{
    const struct plexctl_http_request request = {
        .size = sizeof request, .flags = PLEXCTL_HTTP_BEARER, .method = "GET", .path = "/steered"};
    const struct plexctl_http_reply *reply = NULL;
    uint32_t needs = PLEXCTL_NEEDS_SERVER;

    if (host->values->boolean(host, "token"))
        needs |= PLEXCTL_NEEDS_TOKEN;
    plexctl_status status = host->settings->prepare(host, needs, host->values->string(host, "to"));
    return status == PLEXCTL_OK ? host->http->send(host, &request, &reply) : status;
}

static const struct plexctl_flag flags[] = {
    {.name = "to", .help = "Where the token goes", .type = PLEXCTL_STRING},
    {.name = "token", .help = "Want the token as well", .type = PLEXCTL_BOOL},
};

static const struct plexctl_command steerer = {.size = sizeof steerer,
                                               .needs =
                                                   PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN | PLEXCTL_NEEDS_LATER,
                                               .name = "steerer",
                                               .summary = "Choose where the token goes",
                                               .flags = PLEXCTL_ROWS(flags),
                                               .run = steerer_run};
PLEXCTL_PLUGIN("steerer", "1.0.0", "Choose where the token goes", &steerer)
