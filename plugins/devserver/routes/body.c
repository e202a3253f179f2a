/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "routes.h"

static void refuse(struct control_plane *plane, const struct request *request, struct reply *reply, const char *detail)
{
    reply_problem(plane, request, reply, &(struct problem){400, "invalid_request", "Bad request", detail});
}

struct plexctl_json *body_read(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    const struct plexctl_host *host = plane->host;
    struct plexctl_json *root = NULL;

    if (!request_has_type(request, "application/json")) {
        reply_problem(plane, request, reply,
                      &(struct problem){415, "unsupported_media_type", "Unsupported media type",
                                        "the body must be application/json"});
        return NULL;
    }
    if (host->json->parse(host, request->body, request->body_size, &root) != PLEXCTL_OK) {
        refuse(plane, request, reply, "the body is not one strict JSON document");
        return NULL;
    }
    if (host->json->type(root) != PLEXCTL_JSON_OBJECT) {
        host->json->release(host, root);
        refuse(plane, request, reply, "the body must be a JSON object");
        return NULL;
    }
    return root;
}

bool body_strings(struct control_plane *plane, const struct request *request, struct reply *reply,
                  const struct plexctl_json *root, const struct member *members)
{
    const struct plexctl_host_json *json = plane->host->json;

    for (; members->name; members++) {
        const struct plexctl_json *value = json->get(root, members->name);
        const char *text = json->string(value);
        char detail[128];

        *members->ret_text = text;
        if (!value || (text && strlen(text) <= MEMBER_MAX_BYTES))
            continue;
        (void)snprintf(detail, sizeof detail, "%s must be a string of at most %d bytes", members->name,
                       MEMBER_MAX_BYTES);
        refuse(plane, request, reply, detail);
        return false;
    }
    return true;
}
