/* SPDX-License-Identifier: Apache-2.0
 *
 * The OpenAPI document of the surface that router.c serves: a row an operation, a row a schema.
 */
#include <stdio.h>
#include <string.h>

#include "../pages.h"
#include "routes.h"

#define SCHEMA_REF "#/components/schemas/"
#define STATUSES_MAX 10

static const struct operation {
    const char *path, *method, *id, *summary;
    const char *body;     /* schema of the request; NULL for none */
    const char *result;   /* schema of the 200 */
    const char *down;     /* schema of a 503 that is no Problem; NULL for none */
    const char *security; /* JSON; NULL for none */
    const char *query;    /* a query parameter; NULL for none */
    int problems[STATUSES_MAX];
} operations[] = {
    {.path = "/v1/auth/device-code",
     .method = "post",
     .id = "PostAuthDeviceCode",
     .summary = "Start a device authorisation grant (RFC 8628 section 3.1)",
     .body = "DeviceCodeRequest",
     .result = "DeviceCodeResponse",
     .problems = {400, 404, 413, 415, 500, 503}},
    {.path = "/v1/auth/device-token",
     .method = "post",
     .id = "PostAuthDeviceToken",
     .summary =
         "Exchange an approved device code for a token (RFC 8628 section 3.4, without grant_type). 400 with code "
         "authorization_pending, slow_down, access_denied, expired_token or invalid_grant; 403 with code "
         "principal_forbidden",
     .body = "DeviceTokenRequest",
     .result = "ServiceTokenResponse",
     .problems = {400, 403, 413, 415, 500}},
    {.path = "/v1/auth/whoami",
     .method = "get",
     .id = "GetAuthWhoami",
     .summary = "Who the bearer is",
     .result = "Principal",
     .security = "[{\"bearer\":[]}]",
     .problems = {401, 500}},
    {.path = "/v1/auth/device/approve",
     .method = "post",
     .id = "PostAuthDeviceApprove",
     .summary =
         "Approve a login from a signed-in browser. 403 with code csrf_token_mismatch, csrf_origin_mismatch, "
         "csrf_origin_not_configured (a request of HTTP/1.0 without Host), access_denied or principal_forbidden; "
         "409 with code device_code_already_approved or "
         "device_code_expired",
     .body = "ApproveRequest",
     .result = "Approved",
     .security = "[{\"session\":[],\"csrf\":[]}]",
     .problems = {400, 401, 403, 404, 409, 413, 415, 429, 500}},
    {.path = "/v1/auth/idp-bindings",
     .method = "get",
     .id = "GetAuthIdpBindings",
     .summary = "The identity provider bindings of a domain; none for an unknown domain",
     .result = "IdpBindings",
     .query = "domain_id",
     .problems = {400, 500}},
    {.path = "/v1/health",
     .method = "get",
     .id = "GetHealth",
     .summary = "Health; 503 when down",
     .result = "Health",
     .down = "Health",
     .problems = {500}},
    {.path = "/v1/version",
     .method = "get",
     .id = "GetVersion",
     .summary = "Version",
     .result = "Version",
     .problems = {500}},
    {.path = "/v1/openapi.json",
     .method = "get",
     .id = "GetOpenapi",
     .summary = "This document",
     .result = "Document",
     .problems = {500}},
};

#define TEXT "{\"type\":\"string\"}"
#define LONG_TEXT "{\"type\":\"string\",\"maxLength\":4096}"
#define UUID "{\"type\":\"string\",\"format\":\"uuid\"}"
#define URI "{\"type\":\"string\",\"format\":\"uri\"}"
#define COUNT "{\"type\":\"integer\",\"minimum\":1}"
#define TRUTH "{\"type\":\"boolean\"}"
#define OBJECT(required, properties) "{\"type\":\"object\",\"required\":[" required "],\"properties\":{" properties "}}"

static const struct schema {
    const char *name, *json;
} schemas[] = {
    {"Problem", OBJECT("\"type\",\"title\",\"status\",\"detail\",\"instance\"",
                       "\"type\":" TEXT ",\"title\":" TEXT ",\"status\":" COUNT ",\"detail\":" TEXT
                       ",\"instance\":" TEXT ",\"code\":" TEXT)},
    {"DeviceCodeRequest", "{\"type\":\"object\",\"properties\":{\"domain_id\":" UUID ",\"idp_binding_id\":" UUID
                          ",\"idp_binding_alias\":" LONG_TEXT ",\"client_id\":" LONG_TEXT "}}"},
    {"DeviceCodeResponse",
     OBJECT("\"device_code\",\"user_code\",\"verification_uri\",\"verification_uri_complete\",\"expires_in\","
            "\"interval\"",
            "\"device_code\":" TEXT ",\"user_code\":" TEXT ",\"verification_uri\":" URI
            ",\"verification_uri_complete\":" URI ",\"expires_in\":" COUNT ",\"interval\":" COUNT)},
    {"DeviceTokenRequest", OBJECT("\"device_code\"", "\"device_code\":" LONG_TEXT ",\"client_id\":" LONG_TEXT)},
    {"ServiceTokenResponse",
     OBJECT("\"access_token\",\"token_type\",\"expires_in\"",
            "\"access_token\":" TEXT ",\"token_type\":{\"type\":\"string\",\"enum\":[\"Bearer\"]},\"expires_in\":" COUNT
            ",\"scope\":" TEXT)},
    {"Principal",
     OBJECT("\"principal_type\",\"subject\"",
            "\"principal_type\":{\"type\":\"string\",\"enum\":[\"user\",\"service\"]},\"subject\":" TEXT
            ",\"principal_scope\":{\"type\":\"string\",\"enum\":[\"domain\",\"platform\"]},\"domain_id\":" UUID
            ",\"email\":" TEXT ",\"acr\":" TEXT ",\"amr\":{\"type\":\"array\",\"maxItems\":16,\"items\":" TEXT "}")},
    {"ApproveRequest",
     OBJECT("\"user_code\"", "\"user_code\":{\"type\":\"string\",\"pattern\":\"^[A-Z2-7]{4}-?[A-Z2-7]{4}$\"}")},
    {"Approved", OBJECT("\"status\"", "\"status\":{\"type\":\"string\",\"enum\":[\"approved\"]}")},
    {"IdpBindings", "{\"type\":\"array\",\"items\":" OBJECT(
                        "\"id\",\"alias\",\"label\",\"issuer_host\",\"primary\",\"platform_scoped\"",
                        "\"id\":" UUID ",\"alias\":" TEXT ",\"label\":" TEXT ",\"issuer_host\":" TEXT
                        ",\"primary\":" TRUTH ",\"platform_scoped\":" TRUTH) "}"},
    {"Health",
     OBJECT("\"status\",\"checks\"",
            "\"status\":{\"type\":\"string\",\"enum\":[\"ok\",\"degraded\",\"down\"]},\"checks\":{\"type\":\"array\","
            "\"items\":" OBJECT("\"name\",\"status\",\"detail\"",
                                "\"name\":" TEXT ",\"status\":" TEXT ",\"detail\":" TEXT) "}")},
    {"Version", OBJECT("\"version\",\"commit\",\"date\"", "\"version\":" TEXT ",\"commit\":" TEXT ",\"date\":" TEXT)},
    {"Document", "{\"type\":\"object\"}"},
};

static const char info[] = "{\"title\":\"plexsphere auth surface, development server\",\"version\":\"v1\","
                           "\"description\":\"What plexctl devserver answers. For development and tests, not for "
                           "production. Besides: 404 for an unknown path, 405 with Allow for another method, 413 for a "
                           "body over 64 KiB, 421 for a foreign Host. People approve at " PAGE_PATH_DEVICE ".\"}";

static const char security_schemes[] =
    "{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
    "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"" COOKIE_SESSION "\"},"
    "\"csrf\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"" HEADER_CSRF "\"}}";

/* Puts JSON text under a key; text that does not parse is left out, which the tests see. */
static void set_text(const struct plexctl_host *host, struct plexctl_json *object, const char *key, const char *text)
{
    struct plexctl_json *value = NULL;

    if (text && host->json->parse(host, text, strlen(text), &value) == PLEXCTL_OK)
        (void)host->json->set(object, key, value);
}

static struct plexctl_json *content_of(const struct plexctl_host *host, const char *media_type, const char *schema)
{
    const struct plexctl_host_json *json = host->json;
    struct plexctl_json *content = json->object(host);
    struct plexctl_json *media = json->object(host);
    struct plexctl_json *reference = json->object(host);
    char target[96];

    (void)snprintf(target, sizeof target, SCHEMA_REF "%s", schema);
    (void)json->set_string(reference, "$ref", target);
    (void)json->set(media, "schema", reference);
    (void)json->set(content, media_type, media);
    return content;
}

static void add_response(const struct plexctl_host *host, struct plexctl_json *responses, const char *status,
                         const char *schema)
{
    const struct plexctl_host_json *json = host->json;
    struct plexctl_json *response = json->object(host);
    bool is_problem = strcmp(schema, "Problem") == 0;

    (void)json->set_string(response, "description", is_problem ? "Problem (RFC 9457)" : schema);
    (void)json->set(response, "content",
                    content_of(host, is_problem ? "application/problem+json" : "application/json", schema));
    (void)json->set(responses, status, response);
}

static struct plexctl_json *responses_of(const struct plexctl_host *host, const struct operation *row)
{
    struct plexctl_json *responses = host->json->object(host);
    char status[16];

    add_response(host, responses, "200", row->result);
    for (size_t i = 0; i < STATUSES_MAX && row->problems[i]; i++) {
        (void)snprintf(status, sizeof status, "%d", row->problems[i]);
        add_response(host, responses, status, "Problem");
    }
    if (row->down)
        add_response(host, responses, "503", row->down);
    return responses;
}

static struct plexctl_json *path_of(const struct plexctl_host *host, const struct operation *row)
{
    const struct plexctl_host_json *json = host->json;
    struct plexctl_json *path = json->object(host);
    struct plexctl_json *operation = json->object(host);
    char parameters[160];

    (void)json->set_string(operation, "operationId", row->id);
    (void)json->set_string(operation, "summary", row->summary);
    if (row->query) {
        (void)snprintf(parameters, sizeof parameters,
                       "[{\"name\":\"%s\",\"in\":\"query\",\"required\":true,\"schema\":" UUID "}]", row->query);
        set_text(host, operation, "parameters", parameters);
    }
    if (row->body) {
        struct plexctl_json *body = json->object(host);
        (void)json->set_boolean(body, "required", 1);
        (void)json->set(body, "content", content_of(host, "application/json", row->body));
        (void)json->set(operation, "requestBody", body);
    }
    set_text(host, operation, "security", row->security);
    (void)json->set(operation, "responses", responses_of(host, row));
    (void)json->set(path, row->method, operation);
    return path;
}

void route_openapi(struct control_plane *plane, const struct request *request, struct reply *reply)
{
    const struct plexctl_host *host = plane->host;
    const struct plexctl_host_json *json = host->json;
    struct plexctl_json *root = json->object(host);
    struct plexctl_json *paths = json->object(host);
    struct plexctl_json *components = json->object(host);
    struct plexctl_json *known = json->object(host);

    (void)request;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
        (void)json->set(paths, operations[i].path, path_of(host, &operations[i]));
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++)
        set_text(host, known, schemas[i].name, schemas[i].json);
    (void)json->set_string(root, "openapi", "3.0.3");
    set_text(host, root, "info", info);
    (void)json->set(root, "paths", paths);
    (void)json->set(components, "schemas", known);
    set_text(host, components, "securitySchemes", security_schemes);
    (void)json->set(root, "components", components);
    reply_json(plane, reply, root);
}
