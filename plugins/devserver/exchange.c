/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pages.h"

void reply_release(struct reply *reply)
{
    if (reply->body)
        explicit_bzero(reply->body, strlen(reply->body));
    free(reply->body);
    *reply = (struct reply){0};
}

void reply_header(struct reply *reply, const char *name, const char *format, ...)
{
    va_list arguments;

    if (reply->header_count == REPLY_HEADERS_MAX)
        return;
    struct reply_header *header = &reply->headers[reply->header_count++];
    header->name = name;
    va_start(arguments, format);
    (void)vsnprintf(header->value, sizeof header->value, format, arguments);
    va_end(arguments);
}

static bool has_header(const struct reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        if (strcasecmp(reply->headers[i].name, name) == 0)
            return true;
    }
    return false;
}

static void take_body(struct reply *reply, unsigned status, const char *content_type, char *body)
{
    free(reply->body);
    reply->status = status;
    reply->body = body;
    reply_header(reply, "Content-Type", "%s", content_type);
    reply_header(reply, "Cache-Control", "no-store");
    reply_header(reply, "X-Content-Type-Options", "nosniff");
}

void reply_text(struct reply *reply, unsigned status, const char *content_type, const char *text)
{
    take_body(reply, status, content_type, strdup(text));
}

static void send_json(const struct control_plane *plane, struct reply *reply, struct plexctl_json *root,
                      const char *content_type)
{
    const struct plexctl_host *host = plane->host;
    const char *text = NULL;
    char *body = NULL;

    if (host->json->serialise(host, root, &text) == PLEXCTL_OK)
        body = strdup(text);
    host->json->release(host, root);
    take_body(reply, reply->status, content_type, body);
}

void reply_json(const struct control_plane *plane, struct reply *reply, struct plexctl_json *root)
{
    reply->status = 200;
    send_json(plane, reply, root, "application/json");
}

void reply_page(const struct control_plane *plane, struct reply *reply, unsigned status, char *page)
{
    take_body(reply, status, "text/html; charset=utf-8", page);
    reply_header(reply, "Content-Security-Policy", "%s", plane->policy);
    /* Not "no-referrer": with that a browser sends "Origin: null" with the pages' own forms (Fetch section 3.2). */
    reply_header(reply, "Referrer-Policy", "same-origin");
}

void reply_see_other(struct reply *reply, const char *location)
{
    reply_header(reply, "Location", "%s", location);
    reply_text(reply, 303, "text/plain; charset=utf-8", "See the page named by Location.\n");
}

void reply_problem(const struct control_plane *plane, const struct request *request, struct reply *reply,
                   const struct problem *problem)
{
    const struct plexctl_host_json *json = plane->host->json;
    struct plexctl_json *root = json->object(plane->host);
    char type[96];

    (void)snprintf(type, sizeof type, "urn:plexsphere:problem:%s", problem->code);
    (void)json->set_string(root, "type", type);
    (void)json->set_string(root, "title", problem->title);
    (void)json->set_integer(root, "status", problem->status);
    (void)json->set_string(root, "detail", problem->detail);
    (void)json->set_string(root, "instance", request->path);
    (void)json->set_string(root, "code", problem->code);
    if ((problem->status == 429 || problem->status == 503) && !has_header(reply, "Retry-After"))
        reply_header(reply, "Retry-After", "1");
    if (problem->status == 401 && !has_header(reply, "WWW-Authenticate"))
        reply_header(reply, "WWW-Authenticate", "Bearer realm=\"plexsphere\"");
    reply->status = problem->status;
    send_json(plane, reply, root, "application/problem+json");
}

bool request_has_type(const struct request *request, const char *wanted)
{
    size_t length = strlen(wanted);

    if (!request->content_type || strncasecmp(request->content_type, wanted, length) != 0)
        return false;
    const char *rest = request->content_type + length;
    rest += strspn(rest, " \t");
    return *rest == '\0' || *rest == ';';
}

void reply_challenge_session(struct reply *reply)
{
    reply_header(reply, "WWW-Authenticate",
                 "Cookie realm=\"plexsphere\", form-action=\"%s\", cookie-name=\"" COOKIE_SESSION "\"",
                 PAGE_PATH_DEVICE);
}

void reply_set_session(const struct control_plane *plane, struct reply *reply, const char *id)
{
    reply_header(reply, "Set-Cookie", COOKIE_SESSION "=%s; Path=/v1/; HttpOnly; SameSite=Strict%s%s", id ? id : "",
                 plane->secure ? "; Secure" : "", id ? "" : "; Max-Age=0");
}

void reply_set_csrf(const struct control_plane *plane, struct reply *reply, const char *csrf)
{
    reply_header(reply, "Set-Cookie", COOKIE_CSRF "=%s; Path=/v1/; SameSite=Strict%s%s", csrf ? csrf : "",
                 plane->secure ? "; Secure" : "", csrf ? "" : "; Max-Age=0");
}
