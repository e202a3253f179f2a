/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "routes.h"

static const char html_page[] = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Gateway</title></head>"
                                "<body><h1>Gateway</h1><p>A page of a load balancer.</p></body></html>\n";

/* The program that is told to slow down is held to it. */
static void slow_down(struct control_plane *plane, const struct request *request)
{
    const struct plexctl_host *host = plane->host;
    struct plexctl_json *root = NULL;

    if (host->json->parse(host, request->body, request->body_size, &root) != PLEXCTL_OK)
        return;
    const char *device_code = host->json->string(host->json->get(root, "device_code"));
    if (device_code)
        grants_slow_down(plane->grants, device_code, control_plane_now_ms(plane));
    host->json->release(host, root);
}

static void answer_status(struct control_plane *plane, const struct request *request, struct reply *reply,
                          const struct fault *fault)
{
    const char *code = fault->status == 501 ? "device_flow_not_provisioned" : "fault_injected";

    if (fault->call == FAULT_CALL_HEALTH && fault->status == 503)
        answer_health_down(plane, reply);
    else if (fault->status == 502 || fault->status == 504)
        reply_text(reply, fault->status, "text/html; charset=utf-8", html_page);
    else
        reply_problem(plane, request, reply,
                      &(struct problem){fault->status, code, "Injected fault", "the fault script asked for this"});
}

void misbehave(struct control_plane *plane, const struct request *request, struct reply *reply,
               const struct fault *fault)
{
    switch (fault->kind) {
    case FAULT_OAUTH:
        if (strcmp(fault->name, "slow_down") == 0)
            slow_down(plane, request);
        reply_problem(plane, request, reply,
                      &(struct problem){400, fault->name, "Injected fault", "the fault script asked for this"});
        break;
    case FAULT_STATUS:
        answer_status(plane, request, reply, fault);
        break;
    case FAULT_HTML:
        reply_text(reply, 200, "text/html; charset=utf-8", html_page);
        break;
    case FAULT_REDIRECT:
        reply_header(reply, "Location", "%s%s", plane->origin, request->path);
        reply_text(reply, 307, "text/plain; charset=utf-8", "Go to Location.\n");
        break;
    case FAULT_GARBAGE:
        reply_text(reply, 200, "application/json", "\x01\xff{\"access_token\": not JSON\n");
        break;
    case FAULT_TRUNCATE:
        reply_text(reply, 200, "application/json", "{\"token_type\": \"Bearer\", \"expires_in\": 3600, \"access_tok");
        reply->transport = REPLY_TRUNCATED;
        break;
    case FAULT_STALL:
        reply->transport = REPLY_STALL;
        break;
    case FAULT_RESET:
    case FAULT_LOST:
        reply->transport = REPLY_RESET;
        break;
    }
}
