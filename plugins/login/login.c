/* SPDX-License-Identifier: Apache-2.0
 *
 * plexctl login - the device authorization grant (RFC 8628) against the control plane: ask for a code, show it, poll
 * until it is approved, save the token. device_flow decides when to poll and when to stop.
 */
#include <plexctl/plugin.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "device_flow.h"
#include "device_reply.h"
#include "keep.h"
#include "phase.h"
#include "prompt.h"
#include "wait.h"

static plexctl_status login_run(const struct plexctl_host *host);

static const struct plexctl_flag login_flags[] = {
    {.name = "domain-id",
     .value_name = "UUID",
     .help = "Domain that owns the identity provider binding",
     .type = PLEXCTL_UUID,
     .attributes = PLEXCTL_REQUIRED},
    {.name = "idp-binding-id",
     .value_name = "UUID",
     .help = "Identity provider binding, within that Domain, to sign in with",
     .type = PLEXCTL_UUID,
     .attributes = PLEXCTL_REQUIRED},
    {.name = "profile-name",
     .value_name = "NAME",
     .help = "Profile to save the token under; the first one saved becomes the default",
     .default_value = "default",
     .type = PLEXCTL_PROFILE},
};

static const struct plexctl_command login_command = {
    .size = sizeof login_command,
    .needs = PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_CREDENTIALS,
    .inert = PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_YES | PLEXCTL_INERT_REVEAL_SECRETS,
    .name = "login",
    .summary = "Log in through a browser and save the token in a profile",
    .description = "Asks the control plane for a short code, prints it with the address of the page to enter it on,\n"
                   "and waits until someone approves it there, in a browser on any machine. The token goes to the\n"
                   "config file under the profile's name, readable by you alone, and is never printed. Later\n"
                   "commands take server and token from that profile.\n",
    .examples = "plexctl login --server https://localhost:8080 --domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0 "
                "--idp-binding-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0\n"
                "plexctl login --domain-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0 "
                "--idp-binding-id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0 --profile-name staging --output json\n",
    .flags = PLEXCTL_ROWS(login_flags),
    .run = login_run,
};

PLEXCTL_PLUGIN("login", PACKAGE_VERSION, "Log in through a browser and save the token in a profile", &login_command)

#define RESTART "restart with `plexctl login`"
#define EXPIRED "device-code session expired before approval; " RESTART
#define MAYBE_USED "a reply was lost before, so the approval may have been used"

struct login {
    const struct plexctl_host *host;
    struct device_flow flow;
    struct wait wait;
    const char *poll_body;
    struct plexctl_json *poll_request;
    struct device_token_reply token; /* in `token_body` */
    struct plexctl_json *token_body;
    bool is_in_trouble;  /* said, and no good reply since */
    bool has_lost_reply; /* a poll may have taken the token without our seeing it: no good reply since */
};

/* Says `before`, what has been recorded, and `after`. */
static plexctl_status fail_around(const struct login *login, plexctl_status status, const char *before,
                                  const char *after)
{
    char text[LOGIN_TEXT_SIZE];

    (void)snprintf(text, sizeof text, "%s%s%s", before, login->host->error->text(login->host), after);
    return login->host->error->fail(login->host, status, text);
}

static plexctl_status fail_in(const struct login *login, plexctl_status status, const char *phase)
{
    login->host->error->prefix(login->host, phase);
    return status;
}

/* Where the server gives a reason of its own, only we know what may be done about it; else the host says it. */
static void advise_besides(const struct login *login, const char *text)
{
    const struct plexctl_host_error *error = login->host->error;

    if (!error->advice(login->host)[0])
        error->advise(login->host, text);
}

/* The device code */

static plexctl_status explain_no_code(const struct login *login, const struct plexctl_http_reply *reply)
{
    plexctl_status status = login->host->http->problem(login->host, reply);

    if (reply->status == 400 || reply->status == 404)
        advise_besides(login, "check --domain-id and --idp-binding-id");
    return status;
}

static plexctl_status ask_for_code(const struct login *login, const struct plexctl_http_reply **ret_reply)
{
    const struct plexctl_host *host = login->host;
    struct plexctl_json *body = host->json->object(host);
    struct plexctl_http_request request = {.size = sizeof request, .method = "POST", .path = "/v1/auth/device-code"};

    (void)host->json->set_string(body, "domain_id", host->values->string(host, "domain-id"));
    (void)host->json->set_string(body, "idp_binding_id", host->values->string(host, "idp-binding-id"));
    plexctl_status status = host->json->serialise(host, body, &request.body);
    if (status != PLEXCTL_OK)
        return status;
    status = host->http->send(host, &request, ret_reply);
    host->json->release(host, body);
    if (status == PLEXCTL_OK && (*ret_reply)->status != 200)
        status = explain_no_code(login, *ret_reply);
    return status == PLEXCTL_OK ? status : fail_in(login, status, "device-code request");
}

static bool looks_like_html(const struct plexctl_http_reply *reply)
{
    return strcmp(reply->content_type, "text/html") == 0 || reply->body[0] == '<';
}

/* Keeps what every poll sends: the one place that the device code stays in. */
static plexctl_status keep_device_code(struct login *login, const char *device_code)
{
    const struct plexctl_host *host = login->host;

    login->poll_request = host->json->object(host);
    (void)host->json->set_string(login->poll_request, "device_code", device_code);
    plexctl_status status = host->json->serialise(host, login->poll_request, &login->poll_body);
    return status == PLEXCTL_OK ? host->output->guard(host, device_code) : status;
}

static plexctl_status take_code(struct login *login, const struct plexctl_http_reply *reply)
{
    const struct plexctl_host *host = login->host;
    int64_t received_ms = host->clock->now_ms(host);
    struct plexctl_json *body = NULL;
    struct device_code_reply code;

    plexctl_status status = host->json->parse(host, reply->body, reply->body_size, &body);
    if (status == PLEXCTL_OK)
        status = device_reply_read_code(host, body, &code);
    if (status == PLEXCTL_FAILED)
        return host->http->malformed(host, reply, "device-code response");
    if (status != PLEXCTL_OK)
        return fail_in(login, status, "device-code request");
    const struct device_flow_terms terms = {code.interval_s, code.expires_in_s, phase_draw_ms(code.interval_s)};
    device_flow_start(&login->flow, received_ms, &terms);
    status = keep_device_code(login, code.device_code);
    if (status == PLEXCTL_OK)
        status = prompt_show(host, &code);
    host->json->release(host, body);
    return status;
}

/* The polls */

static plexctl_status end_expired(const struct login *login)
{
    return login->host->error->fail(login->host, PLEXCTL_FAILED,
                                    login->has_lost_reply ? EXPIRED " (" MAYBE_USED ")" : EXPIRED);
}

static plexctl_status end_without_token(const struct login *login, enum device_flow_outcome outcome,
                                        const struct plexctl_http_reply *reply)
{
    const struct plexctl_host *host = login->host;

    if (outcome == DEVICE_FLOW_EXPIRED_TOKEN)
        return end_expired(login);
    plexctl_status status = host->http->problem(host, reply);
    if (outcome == DEVICE_FLOW_FORBIDDEN)
        return fail_in(login, status, "the login was refused");
    if (outcome == DEVICE_FLOW_ACCESS_DENIED) {
        host->error->advise(host, RESTART);
        return fail_in(login, status, "the login was denied in the browser");
    }
    if (outcome == DEVICE_FLOW_INVALID_GRANT) {
        host->error->advise(host, login->has_lost_reply ? MAYBE_USED "; " RESTART : RESTART);
        return fail_in(login, status, "the device code is not accepted any more");
    }
    advise_besides(login, RESTART);
    return fail_in(login, status, "device-token request");
}

/* Nothing is to be done yet. */
static void say_trouble(struct login *login)
{
    const struct plexctl_host *host = login->host;

    if (login->is_in_trouble)
        return;
    login->is_in_trouble = true;
    host->error->advise(host, "plexctl goes on asking until the code expires");
    host->output->warn(host, host->error->text(host));
}

static plexctl_status read_token(struct login *login, const struct plexctl_http_reply *reply, struct plexctl_json *body)
{
    const struct plexctl_host *host = login->host;

    plexctl_status status = body ? device_reply_read_token(host, body, &login->token) : PLEXCTL_FAILED;
    if (status == PLEXCTL_FAILED) {
        status = host->http->malformed(host, reply, "device-token response");
        /* A close-delimited reply that was cut looks whole. */
        return fail_around(login, status, "",
                           looks_like_html(reply) ? "" : "; the approval may have been used, so " RESTART);
    }
    if (status != PLEXCTL_OK)
        return fail_in(login, status, "device-token request");
    login->token_body = body;
    return PLEXCTL_OK;
}

/* *ret_outcome says what the reply means; a status other than OK ends the login, its reason recorded. */
static plexctl_status judge(struct login *login, const struct plexctl_http_reply *reply,
                            enum device_flow_outcome *ret_outcome)
{
    const struct plexctl_host *host = login->host;
    struct plexctl_json *body = NULL;

    plexctl_status status = host->json->parse(host, reply->body, reply->body_size, &body);
    if (status != PLEXCTL_OK && status != PLEXCTL_FAILED)
        return status;
    *ret_outcome = device_reply_outcome(host, reply->status, body);
    status = PLEXCTL_OK;
    if (*ret_outcome == DEVICE_FLOW_TOKEN) {
        status = read_token(login, reply, body);
    } else if (*ret_outcome == DEVICE_FLOW_TRANSIENT) {
        (void)host->http->problem(host, reply);
        say_trouble(login);
        /* RFC 9110 sections 15.6.3 and 15.6.5: the gateway had no reply of the server. */
        login->has_lost_reply |= reply->status == 502 || reply->status == 504;
    } else if (*ret_outcome == DEVICE_FLOW_PENDING || *ret_outcome == DEVICE_FLOW_SLOW_DOWN) {
        login->is_in_trouble = login->has_lost_reply = false;
    } else {
        status = end_without_token(login, *ret_outcome, reply);
    }
    if (body != login->token_body)
        host->json->release(host, body);
    return status;
}

static plexctl_status poll_once(struct login *login, int64_t timeout_ms)
{
    const struct plexctl_host *host = login->host;
    const struct plexctl_http_reply *reply = NULL;
    struct plexctl_http_request request = {.size = sizeof request,
                                           .method = "POST",
                                           .path = "/v1/auth/device-token",
                                           .body = login->poll_body,
                                           .timeout_ms = timeout_ms};
    enum device_flow_outcome outcome = DEVICE_FLOW_TRANSIENT;

    plexctl_status status = host->http->send(host, &request, &reply);
    int64_t received_ms = host->clock->now_ms(host);
    int64_t retry_after_s = -1;
    if (status == PLEXCTL_UNREACHABLE) {
        login->has_lost_reply |= host->http->was_sent(host) != 0;
        say_trouble(login);
    } else if (status == PLEXCTL_OK || (status == PLEXCTL_DENIED && reply)) {
        retry_after_s = reply->retry_after_s;
        status = judge(login, reply, &outcome);
        if (status != PLEXCTL_OK)
            return status;
    } else {
        bool may_be_used = status == PLEXCTL_FAILED && host->http->was_sent(host);
        return fail_around(login, status, "device-token request: ",
                           may_be_used ? "; the approval may have been used, so " RESTART : "");
    }
    device_flow_take(&login->flow, outcome, retry_after_s, received_ms);
    login->wait = (struct wait){.outcome = outcome,
                                .http_status = reply ? reply->status : 0,
                                .retry_after_s = retry_after_s,
                                .failures = outcome == DEVICE_FLOW_TRANSIENT ? login->wait.failures + 1 : 0};
    return PLEXCTL_OK;
}

static plexctl_status wait_for_token(struct login *login)
{
    const struct plexctl_host *host = login->host;
    plexctl_status status = PLEXCTL_OK;

    while (status == PLEXCTL_OK) {
        struct device_flow_step step = device_flow_next(&login->flow, host->clock->now_ms(host));
        switch (step.action) {
        case DEVICE_FLOW_WAIT:
            wait_trace(&login->wait, host, &login->flow, step.until_ms);
            status = host->clock->sleep_until_ms(host, step.until_ms);
            break;
        case DEVICE_FLOW_POLL:
            status = poll_once(login, step.timeout_ms);
            break;
        case DEVICE_FLOW_END:
            /* What else ends the login has been reported with the reply that said so. */
            return step.outcome == DEVICE_FLOW_TOKEN ? PLEXCTL_OK : end_expired(login);
        }
    }
    return status;
}

/* The run */

static plexctl_status show_summary(const struct login *login)
{
    const struct plexctl_host *host = login->host;
    const char *profile = host->values->string(host, "profile-name");

    if (host->output->format(host) == PLEXCTL_OUTPUT_TABLE) {
        char text[128];
        (void)snprintf(text, sizeof text, "Logged in. Saved profile \"%s\".", profile);
        return host->output->line(host, text);
    }
    struct plexctl_json *summary = host->json->object(host);
    (void)host->json->set_string(summary, "profile", profile);
    (void)host->json->set_string(summary, "server", host->settings->server(host));
    (void)host->json->set_string(summary, "token_type", "Bearer");
    (void)host->json->set_integer(summary, "expires_in", login->token.expires_in_s);
    (void)host->json->set_boolean(summary, "has_token", 1);
    return host->output->emit(host, summary);
}

static plexctl_status login_run(const struct plexctl_host *host)
{
    struct login login = {.host = host};
    const struct plexctl_http_reply *reply = NULL;

    plexctl_status status = ask_for_code(&login, &reply);
    if (status == PLEXCTL_OK)
        status = take_code(&login, reply);
    if (status == PLEXCTL_OK)
        status = wait_for_token(&login);
    host->json->release(host, login.poll_request);
    if (status == PLEXCTL_OK)
        status = keep_token(host, &login.token);
    host->json->release(host, login.token_body);
    if (status != PLEXCTL_OK)
        return status;
    status = show_summary(&login);
    return status == PLEXCTL_OK ? status : fail_around(&login, status, "saved, but ", "");
}
