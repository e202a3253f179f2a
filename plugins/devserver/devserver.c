/* SPDX-License-Identifier: Apache-2.0
 *
 * plexctl devserver - a control plane for development, tests and the demo: the auth surface in memory, on loopback.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control_plane.h"
#include "http_server.h"
#include "tls_files.h"

#define SUMMARY "Run a control plane for development and tests"

static plexctl_status devserver_run(const struct plexctl_host *host);

static const struct plexctl_flag flags[] = {
    {.name = "port",
     .type = PLEXCTL_INT,
     .value_name = "N",
     .default_value = "8080",
     .minimum = 0,
     .maximum = 65535,
     .help = "Port on 127.0.0.1; 0 takes any free one"},
    {.name = "tls-dir",
     .type = PLEXCTL_PATH,
     .value_name = "DIR",
     .help = "Serve https with DIR/cert.pem and DIR/key.pem, made when missing or expired together with DIR/ca.pem to "
             "trust; without it plain http"},
    {.name = "interval",
     .type = PLEXCTL_DURATION,
     .value_name = "SECONDS",
     .default_value = "5",
     .minimum = 1,
     .maximum = 3600,
     .help = "Least time between two polls"},
    {.name = "expires-in",
     .type = PLEXCTL_DURATION,
     .default_value = "600",
     .minimum = 1,
     .maximum = 86400,
     .help = "Lifetime of a device code"},
    {.name = "token-expires-in",
     .type = PLEXCTL_DURATION,
     .default_value = "3600",
     .minimum = 1,
     .maximum = 31536000,
     .help = "Lifetime of a bearer token"},
    {.name = "fault",
     .type = PLEXCTL_STRING,
     .value_name = "SCRIPT",
     .help = "Misbehave in this order, then behave: a list like slow_down:2,whoami/401"},
    {.name = "domain-id",
     .type = PLEXCTL_UUID,
     .default_value = "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0",
     .help = "The one domain that there is"},
    {.name = "idp-binding-id",
     .type = PLEXCTL_UUID,
     .default_value = "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0",
     .help = "Its one identity provider binding"},
};

/* One paragraph a line: help breaks them to the terminal's width. */
static const char description[] =
    "Runs a plexsphere control plane for development and tests until it is interrupted. It serves the auth surface: "
    "device login, the pages to sign in and approve, whoami, health, version, openapi.json. Nothing is kept when it "
    "ends. It is not for production: whoever reaches it signs in as whom they like. That is why it listens on "
    "127.0.0.1 only.\n"
    "\n"
    "Test identities to choose in the browser: alice@example.test is admitted, denied@example.test is rejected by the "
    "identity provider (access_denied), forbidden@example.test is forbidden (HTTP 403).\n"
    "\n"
    "--fault rehearses bad days: a comma list of [CALL/]NAME[:COUNT], taken in order, one step a request. CALL is "
    "device-token (the poll; if left out), device-code, whoami, approve, idp-bindings, health, version or openapi. "
    "NAME is "
    "one of:\n"
    "\n"
    "  400 401 403 404 429 500 501 502 503 504: that HTTP status\n"
    "  slow_down authorization_pending access_denied expired_token invalid_grant: 400 with that code (device-token)\n"
    "  reset: the connection is reset and nothing was done\n"
    "  lost: the call is carried out and the connection is reset before the reply\n"
    "  stall: no reply comes\n"
    "  truncate: the reply ends early\n"
    "  html: 200 with a page of HTML\n"
    "  garbage: 200 with bytes that are no JSON\n"
    "  redirect: 307 to the same call\n"
    "\n"
    "With --tls-dir, DIR/ca.pem is the certificate of an authority that signed this one server certificate and whose "
    "private key was never stored. A cert.pem and key.pem of your own are served as they are.\n";

static const char examples[] = "plexctl devserver\n"
                               "plexctl devserver --port 0 --tls-dir ./tls\n"
                               "plexctl devserver --interval 1 --fault slow_down:2,503:1,reset:1\n"
                               "plexctl devserver --fault device-code/503,whoami/401:2\n";

static const struct plexctl_command devserver = {
    .size = sizeof devserver,
    .inert = PLEXCTL_INERT_SERVER | PLEXCTL_INERT_PROFILE | PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_OUTPUT |
             PLEXCTL_INERT_YES | PLEXCTL_INERT_REVEAL_SECRETS,
    .name = "devserver",
    .summary = SUMMARY,
    .description = description,
    .examples = examples,
    .flags = PLEXCTL_ROWS(flags),
    .run = devserver_run,
};

__attribute__((format(printf, 2, 3))) static plexctl_status say(const struct plexctl_host *host, const char *format,
                                                                ...)
{
    char *line;
    va_list arguments;

    va_start(arguments, format);
    int length = vasprintf(&line, format, arguments);
    va_end(arguments);
    if (length < 0)
        return PLEXCTL_NO_MEMORY;
    plexctl_status status = host->output->line(host, line);
    free(line);
    return status;
}

static plexctl_status say_identities(const struct plexctl_host *host)
{
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; status == PLEXCTL_OK && i < IDENTITIES_COUNT; i++)
        status = say(host, "Test identity: %s %s", identities[i].email, identities[i].effect);
    return status;
}

/* Tests and script/demo read the lines "Listening on" and "CA certificate:". */
static plexctl_status announce(const struct control_plane *plane, const char *ca_dir)
{
    const struct plexctl_host *host = plane->host;

    plexctl_status status = say(
        host, "A control plane for development and tests, NOT for production: anybody on this machine can sign in.");
    if (status == PLEXCTL_OK)
        status = say(host, "Listening on %s", plane->origin);
    if (status == PLEXCTL_OK && ca_dir)
        status = say(host, "CA certificate: %s/ca.pem", ca_dir);
    if (status == PLEXCTL_OK)
        status = say_identities(host);
    if (status == PLEXCTL_OK)
        status = say(host, "Domain id: %s", plane->binding.domain_id);
    if (status == PLEXCTL_OK)
        status = say(host, "IdP binding id: %s", plane->binding.binding_id);
    return status == PLEXCTL_OK ? say(host, "Stop it with Ctrl-C.") : status;
}

static plexctl_status serve(struct control_plane *plane, const struct tls_pem *tls, struct reason *reason)
{
    const struct plexctl_host *host = plane->host;
    struct http_server *server = NULL;
    const struct http_server_options options = {.port = (uint16_t)host->values->integer(host, "port"), .tls = tls};

    plane->secure = tls != NULL;
    plexctl_status status = http_server_start(plane, &options, &server, reason);
    if (status != PLEXCTL_OK)
        return host->error->fail(host, status, reason->text);
    (void)snprintf(plane->origin, sizeof plane->origin, "%s://localhost:%u", control_plane_scheme(plane),
                   (unsigned)http_server_port(server));
    status = announce(plane, tls && tls->ca ? host->values->string(host, "tls-dir") : NULL);
    if (status == PLEXCTL_OK) {
        status = http_server_run(server, reason);
        (void)host->error->fail(host, status, reason->text);
    }
    http_server_stop(server);
    return status;
}

static plexctl_status prepare(struct control_plane *plane, struct tls_pem *tls, struct reason *reason)
{
    const struct plexctl_host *host = plane->host;
    const char *tls_dir = host->values->string(host, "tls-dir");

    plane->interval_s = host->values->integer(host, "interval");
    plane->expires_in_s = host->values->integer(host, "expires-in");
    plane->token_expires_in_s = host->values->integer(host, "token-expires-in");
    plane->binding =
        (struct binding){host->values->string(host, "domain-id"), host->values->string(host, "idp-binding-id")};
    plexctl_status status = faults_parse(host->values->string(host, "fault"), &plane->faults, reason);
    if (status == PLEXCTL_OK && tls_dir)
        status = tls_files_prepare(tls_dir, host->clock->unix_s(host), tls, reason);
    return status == PLEXCTL_OK ? PLEXCTL_OK : host->error->fail(host, status, reason->text);
}

static plexctl_status devserver_run(const struct plexctl_host *host)
{
    struct control_plane plane;
    struct tls_pem tls = {0};
    struct reason reason = {0};
    plexctl_status status;

    if (!control_plane_init(&plane, host)) {
        status = host->error->fail(host, PLEXCTL_NO_MEMORY, "out of memory");
    } else {
        status = prepare(&plane, &tls, &reason);
        if (status == PLEXCTL_OK)
            status = serve(&plane, tls.certificate ? &tls : NULL, &reason);
    }
    tls_pem_release(&tls);
    control_plane_release(&plane);
    return status;
}

PLEXCTL_PLUGIN("devserver", PACKAGE_VERSION, SUMMARY, &devserver)
