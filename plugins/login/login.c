/* SPDX-License-Identifier: Apache-2.0
 *
 * plexctl login - the device authorization grant (RFC 8628) against the control plane: ask for a code, show it, poll
 * until it is approved, save the token.
 */
#include <plexctl/plugin.h>

#include <stdio.h>
#include <string.h>

#include "authorization.h"
#include "bindings.h"
#include "events.h"
#include "identity.h"
#include "keep.h"
#include "login.h"
#include "pending.h"
#include "polling.h"
#include "precedence.h"
#include "saved_profile.h"

#define SUMMARY "Log in through a browser and save the token in a profile"

static plexctl_status login_run(const struct plexctl_host *host);

static const struct plexctl_flag login_flags[] = {
    {.name = "domain-id",
     .value_name = "UUID",
     .help = "Domain that owns the binding",
     .type = PLEXCTL_UUID,
     .attributes = PLEXCTL_REQUIRED,
     .complete = saved_profile_complete_domain},
    {.name = "idp-binding-id",
     .value_name = "UUID",
     .help = "Identity provider binding, within that Domain, to sign in with",
     .type = PLEXCTL_UUID,
     .attributes = PLEXCTL_REQUIRED,
     .complete = bindings_complete},
    {.name = "profile-name",
     .value_name = "NAME",
     .help = "Profile to save the token under; the first one saved becomes the default",
     .default_value = "default",
     .type = PLEXCTL_PROFILE},
    {.name = "set-default", .help = "Make it the default profile as well", .type = PLEXCTL_BOOL},
    {.name = "again",
     .help = "Use the profile's own server and ids",
     .type = PLEXCTL_BOOL,
     .attributes = PLEXCTL_WAIVES_REQUIRED},
    {.name = "if-expiring",
     .value_name = "TIME",
     .help = "Do nothing if the token lives longer",
     .type = PLEXCTL_DURATION,
     .attributes = PLEXCTL_WAIVES_REQUIRED},
    {.name = "no-wait", .help = "Ask for the code, and leave the waiting", .type = PLEXCTL_BOOL},
    {.name = "resume",
     .help = "Finish the login that --no-wait began",
     .type = PLEXCTL_BOOL,
     .attributes = PLEXCTL_WAIVES_REQUIRED},
    {.name = "list-bindings",
     .help = "Show the Domain's bindings, and end",
     .type = PLEXCTL_BOOL,
     .attributes = PLEXCTL_WAIVES_REQUIRED},
    {.name = "events",
     .value_name = "FILE|fd:N",
     .help = "Tell a program what happens, in JSON",
     .type = PLEXCTL_STRING},
    {.name = "qr", .help = "Show the link as a QR code as well", .type = PLEXCTL_BOOL},
    {.name = "copy", .help = "Put the code on the terminal's clipboard", .type = PLEXCTL_BOOL},
    {.name = "open", .help = "Open the link in your browser", .type = PLEXCTL_BOOL},
};

#define LOGIN_NEEDS (PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_CREDENTIALS)

static const struct plexctl_command login_command = {
    .size = sizeof login_command,
    .needs = LOGIN_NEEDS | PLEXCTL_NEEDS_LATER,
    .inert = PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_YES | PLEXCTL_INERT_REVEAL_SECRETS,
    .name = "login",
    .summary = SUMMARY,
    .description = "Asks the control plane for a short code, prints it with the address of the page to enter it on,\n"
                   "and waits until someone approves it there, in a browser on any machine. The token goes to the\n"
                   "config file under the profile's name, readable by you alone, and is never printed. Later\n"
                   "commands take server and token from that profile.\n",
    .examples = "plexctl login --server https://localhost:8080 --domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0 "
                "--idp-binding-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0\n"
                "plexctl login --again --if-expiring 30m\n",
    .flags = PLEXCTL_ROWS(login_flags),
    .columns = PLEXCTL_ROWS(bindings_columns),
    .run = login_run,
};

PLEXCTL_PLUGIN("login", PACKAGE_VERSION, SUMMARY, &login_command)

plexctl_status login_fail_around(const struct login *login, plexctl_status status, const char *before,
                                 const char *after)
{
    char text[LOGIN_TEXT_SIZE];

    (void)snprintf(text, sizeof text, "%s%s%s", before, login->host->error->text(login->host), after);
    return login->host->error->fail(login->host, status, text);
}

plexctl_status login_fail_in(const struct login *login, plexctl_status status, const char *phase)
{
    login->host->error->prefix(login->host, phase);
    return status;
}

void login_advise_besides(const struct login *login, const char *text)
{
    const struct plexctl_host_error *error = login->host->error;

    if (!error->advice(login->host)[0])
        error->advise(login->host, text);
}

static plexctl_status show_summary(const struct login *login)
{
    const struct plexctl_host *host = login->host;

    if (host->output->format(host) == PLEXCTL_OUTPUT_TABLE) {
        char text[128];
        (void)snprintf(text, sizeof text, "Logged in. Saved profile \"%s\".", login->profile);
        return host->output->line(host, text);
    }
    struct plexctl_json *summary = host->json->object(host);
    (void)host->json->set_string(summary, "profile", login->profile);
    (void)host->json->set_string(summary, "server", host->settings->server(host));
    (void)host->json->set_string(summary, "token_type", "Bearer");
    (void)host->json->set_integer(summary, "expires_in", login->token.expires_in_s);
    (void)host->json->set_boolean(summary, "has_token", 1);
    return host->output->emit(host, summary);
}

bool login_is_asked(const struct plexctl_host *host, const char *flag)
{
    return host->values->boolean(host, flag) || (host->values->given(host, flag) && host->values->string(host, flag));
}

/* Flags that cannot be combined, in the order in which they are reported. */
static plexctl_status check_flags(const struct plexctl_host *host)
{
    static const struct {
        const char *flag, *others[6];
    } rows[] = {
        {"resume", {"no-wait", "again", "if-expiring", "domain-id", "idp-binding-id"}},
        {"list-bindings", {"resume", "no-wait", "if-expiring", "events", "idp-binding-id"}},
    };
    char text[160];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t k = 0; k < 6 && rows[i].others[k] && login_is_asked(host, rows[i].flag); k++) {
            if (!login_is_asked(host, rows[i].others[k]))
                continue;
            (void)snprintf(text, sizeof text, "--%s and --%s exclude each other; leave one of them out", rows[i].flag,
                           rows[i].others[k]);
            return host->error->fail(host, PLEXCTL_USAGE, text);
        }
    }
    return PLEXCTL_OK;
}

void login_format_command(const struct login *login, const char *words, char *out, size_t out_size)
{
    bool is_default = strcmp(login->profile, "default") == 0;

    (void)snprintf(out, out_size, "plexctl login %s%s%s", words, is_default ? "" : " --profile-name ",
                   is_default ? "" : login->profile);
}

static plexctl_status show_pending(const struct login *login)
{
    const struct plexctl_host *host = login->host;
    const struct plexctl_host_json *json = host->json;
    char resume[128], text[192];
    int64_t interval_s = 0;

    login_format_command(login, "--resume", resume, sizeof resume);
    events_pending(login, pending_expires_unix_s(login));
    if (host->output->format(host) == PLEXCTL_OUTPUT_TABLE) {
        (void)snprintf(text, sizeof text, "Then finish the login, in any shell, with: %s", resume);
        return host->output->line(host, text);
    }
    static const char *const copied[] = {"user_code", "verification_uri", "verification_uri_complete"};
    struct plexctl_json *result = json->object(host);
    (void)json->set_string(result, "profile", login->profile);
    (void)json->set_string(result, "server", host->settings->server(host));
    for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++)
        (void)json->set_string(result, copied[i], json->string(json->get(login->pending, copied[i])));
    (void)json->set_string(result, "expires_at", host->clock->format(host, pending_expires_unix_s(login)));
    if (json->integer(json->get(login->pending, "interval"), &interval_s))
        (void)json->set_integer(result, "interval", interval_s);
    (void)json->set_string(result, "resume", resume);
    return host->output->emit(host, result);
}

/* The token is on the disk. */
static plexctl_status tell(struct login *login)
{
    events_saved(login);
    plexctl_status status = show_summary(login);
    if (status != PLEXCTL_OK)
        return login_fail_around(login, status, "saved, but ", "");
    identity_confirm(login);
    precedence_explain(login);
    status = pending_give_up(login);
    return status == PLEXCTL_OK ? status : login_fail_around(login, status, "saved, but ", "");
}

/* From the prompt on. */
static plexctl_status finish(struct login *login)
{
    const struct plexctl_host *host = login->host;
    plexctl_status status = polling_run(login);

    host->json->release(host, login->poll_request);
    if (status == PLEXCTL_OK) {
        events_approved(login);
        identity_remember(login);
        status = keep_token(login);
        login->reason = status == PLEXCTL_OK || status == PLEXCTL_CANCELLED ? NULL : "save_failed";
    }
    pending_close(login);
    if (status == PLEXCTL_OK)
        status = tell(login);
    host->json->release(host, login->token_body);
    return status;
}

/* Resolves login->server; `whose` says in messages where that server came from, since no flag named it. */
static plexctl_status prepare(const struct login *login, uint32_t needs, const char *whose)
{
    const struct plexctl_host *host = login->host;
    const struct plexctl_url *url = NULL;
    char before[160];

    plexctl_status status = login->server ? host->url->parse(host, login->server, &url) : PLEXCTL_OK;
    if (status == PLEXCTL_OK && url && url->query)
        status = host->error->fail(host, PLEXCTL_FAILED, "a server's URL has no query");
    if (status == PLEXCTL_OK)
        return host->settings->prepare(host, needs, login->server);
    (void)snprintf(before, sizeof before, "%s: ", whose);
    return status == PLEXCTL_FAILED ? login_fail_around(login, PLEXCTL_USAGE, before, "") : status;
}

static plexctl_status prepare_saved(const struct login *login, uint32_t needs)
{
    char whose[96];

    (void)snprintf(whose, sizeof whose, "profile \"%s\"", login->profile);
    return prepare(login, needs, whose);
}

static plexctl_status resume(struct login *login)
{
    struct device_code_reply code;
    plexctl_status status = pending_open(login);

    if (status == PLEXCTL_OK)
        status = prepare(login, LOGIN_NEEDS, "the pending login");
    if (status == PLEXCTL_OK)
        status = pending_read(login, &code);
    if (status == PLEXCTL_OK)
        status = authorization_begin(login, &code, login->host->clock->now_ms(login->host));
    return status == PLEXCTL_OK ? finish(login) : status;
}

static plexctl_status begin(struct login *login)
{
    bool is_enough = false;
    plexctl_status status = pending_sweep(login);

    if (status == PLEXCTL_OK)
        status = saved_profile_look(login, &is_enough);
    if (status != PLEXCTL_OK || is_enough)
        return status;
    login->is_unattended = login_is_asked(login->host, "no-wait");
    status = prepare_saved(login, LOGIN_NEEDS);
    if (status == PLEXCTL_OK && login->is_unattended)
        status = pending_reserve(login);
    if (status == PLEXCTL_OK)
        status = authorization_request(login);
    if (status == PLEXCTL_OK)
        status = login->is_unattended ? show_pending(login) : finish(login);
    return status;
}

static plexctl_status list(struct login *login)
{
    bool is_enough = false;
    plexctl_status status = saved_profile_look(login, &is_enough);

    if (status == PLEXCTL_OK && !login->domain_id)
        status = login->host->error->fail(login->host, PLEXCTL_USAGE,
                                          "login: missing --domain-id UUID; give it, or --again, or see --help");
    if (status == PLEXCTL_OK)
        status = prepare_saved(login, PLEXCTL_NEEDS_SERVER);
    return status == PLEXCTL_OK ? bindings_list(login) : status;
}

static plexctl_status login_run(const struct plexctl_host *host)
{
    struct login login = {.host = host,
                          .profile = host->values->string(host, "profile-name"),
                          .domain_id = host->values->string(host, "domain-id"),
                          .idp_binding_id = host->values->string(host, "idp-binding-id"),
                          .is_default_wanted = host->values->boolean(host, "set-default")};

    plexctl_status status = events_open(&login);
    if (status == PLEXCTL_OK)
        status = check_flags(host);
    if (status == PLEXCTL_OK && login_is_asked(host, "list-bindings"))
        return list(&login);
    if (status == PLEXCTL_OK)
        status = login_is_asked(host, "resume") ? resume(&login) : begin(&login);
    if (status != PLEXCTL_OK)
        events_failed(&login, status);
    return status;
}
