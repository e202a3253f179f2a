/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <strings.h>

#include "routes.h"

void route_idp_bindings(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    const struct plexctl_host_json *json = plane->host->json;

    if (!uuid_is_valid(request->query_domain_id)) {
        reply_problem(plane, request, reply,
                      &(struct problem){400, "invalid_request", "Bad request", "the query needs domain_id, a UUID"});
        return;
    }
    struct plexctl_json *list = json->array(plane->host);
    if (strcasecmp(request->query_domain_id, plane->binding.domain_id) == 0) {
        struct plexctl_json *row = json->object(plane->host);
        (void)json->set_string(row, "id", plane->binding.binding_id);
        (void)json->set_string(row, "alias", BINDING_ALIAS);
        (void)json->set_string(row, "label", BINDING_LABEL);
        (void)json->set_string(row, "issuer_host", BINDING_ISSUER_HOST);
        (void)json->set_boolean(row, "primary", 1);
        (void)json->set_boolean(row, "platform_scoped", 0);
        (void)json->append(list, row);
    }
    reply_json(plane, reply, list);
}

static void answer_health(const struct control_plane *plane, struct reply *reply, int live, const char *status)
{
    const struct plexctl_host_json *json = plane->host->json;
    char detail[64];

    (void)snprintf(detail, sizeof detail, "%d of %d logins are waiting", live, GRANTS_MAX);
    struct plexctl_json *root = json->object(plane->host);
    struct plexctl_json *checks = json->array(plane->host);
    struct plexctl_json *row = json->object(plane->host);
    (void)json->set_string(row, "name", "grants");
    (void)json->set_string(row, "status", status);
    (void)json->set_string(row, "detail", detail);
    (void)json->append(checks, row);
    (void)json->set_string(root, "status", status);
    (void)json->set(root, "checks", checks);
    reply_json(plane, reply, root);
}

void route_health(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    int live = grants_count_live(plane->grants, control_plane_now_ms(plane));

    (void)request;
    answer_health(plane, reply, live, live < GRANTS_MAX ? "ok" : "degraded");
}

void answer_health_down(const struct control_plane *plane, struct reply *reply)
{
    answer_health(plane, reply, grants_count_live(plane->grants, control_plane_now_ms(plane)), "down");
    reply_header(reply, "Retry-After", "1");
    reply->status = 503;
}

void route_version(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    const struct plexctl_host_json *json = plane->host->json;
    struct plexctl_json *root = json->object(plane->host);

    (void)request;
    (void)json->set_string(root, "version", PACKAGE_VERSION "-devserver");
    (void)json->set_string(root, "commit", "none");
    (void)json->set_string(root, "date", "unknown");
    reply_json(plane, reply, root);
}
