/* SPDX-License-Identifier: Apache-2.0 */
#include "router.h"

#include <stdio.h>
#include <string.h>

#include "pages.h"
#include "routes/routes.h"
#include "same_origin.h"

static const struct route {
    const char *method, *path;
    enum fault_call call;
    void (*answer)(struct control_plane *plane, const struct request *request, struct reply *reply);
} routes[] = {
    {"POST", "/v1/auth/device-code", FAULT_CALL_DEVICE_CODE, route_device_code},
    {"POST", "/v1/auth/device-token", FAULT_CALL_DEVICE_TOKEN, route_device_token},
    {"GET", "/v1/auth/whoami", FAULT_CALL_WHOAMI, route_whoami},
    {"POST", "/v1/auth/device/approve", FAULT_CALL_APPROVE, route_approve},
    {"GET", "/v1/auth/idp-bindings", FAULT_CALL_IDP_BINDINGS, route_idp_bindings},
    {"GET", "/v1/health", FAULT_CALL_HEALTH, route_health},
    {"GET", "/v1/version", FAULT_CALL_VERSION, route_version},
    {"GET", "/v1/openapi.json", FAULT_CALL_OPENAPI, route_openapi},
    {"GET", PAGE_PATH_DEVICE, FAULT_CALL_NONE, route_page},
    {"POST", PAGE_PATH_SIGN_IN, FAULT_CALL_NONE, route_sign_in},
    {"POST", PAGE_PATH_SIGN_OUT, FAULT_CALL_NONE, route_sign_out},
    {"POST", PAGE_PATH_DECISION, FAULT_CALL_NONE, route_decision},
};

static const struct route *find_path(const char *path)
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (strcmp(routes[i].path, path) == 0)
            return &routes[i];
    }
    return NULL;
}

static bool method_fits(const struct route *route, const char *method)
{
    return strcmp(route->method, method) == 0 || (strcmp(route->method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

static bool refuse(struct control_plane *plane, const struct request *request, struct reply *reply,
                   const struct route *route)
{
    struct problem problem = {0};

    if (!host_is_loopback(request->host) && (request->host || !request->is_http_1_0)) {
        problem = (struct problem){421, "host_not_served", "Misdirected request",
                                   "this development server answers only to localhost, 127.0.0.1 and [::1]"};
    } else if (!route) {
        problem = (struct problem){404, "path_not_found", "Not found",
                                   "this development server has the auth surface only; see /v1/openapi.json"};
    } else if (!method_fits(route, request->method)) {
        reply_header(reply, "Allow", "%s", strcmp(route->method, "GET") == 0 ? "GET, HEAD" : route->method);
        problem = (struct problem){405, "method_not_allowed", "Method not allowed",
                                   "this path has another method; see the header Allow"};
    } else if (request->body_too_large) {
        problem = (struct problem){413, "body_too_large", "Content too large", "a request body holds 64 KiB at most"};
    } else {
        return false;
    }
    reply_problem(plane, request, reply, &problem);
    return true;
}

void router_answer(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    const struct route *route = find_path(request->path);

    if (refuse(plane, request, reply, route))
        return;
    const struct fault *fault = faults_take(&plane->faults, route->call);
    if (fault && fault->kind != FAULT_LOST) {
        misbehave(plane, request, reply, fault);
        return;
    }
    route->answer(plane, request, reply);
    if (fault)
        reply->transport = REPLY_RESET;
}
