/* SPDX-License-Identifier: Apache-2.0 */
#include "authorization.h"

#include <stdio.h>

#include "bindings.h"
#include "events.h"
#include "jitter.h"
#include "pending.h"
#include "prompt.h"

/* The server gives its reason; which ids it would take is another question. What was recorded stays the failure. */
static void suggest_ids(const struct login *login)
{
    static const char check[] = "check --domain-id and --idp-binding-id";
    const struct plexctl_host_error *error = login->host->error;
    char said[LOGIN_TEXT_SIZE], bindings[BINDINGS_SUGGESTION_SIZE], advice[BINDINGS_SUGGESTION_SIZE + sizeof check + 2];

    login_advise_besides(login, check);
    (void)snprintf(advice, sizeof advice, "%s", error->advice(login->host));
    error->advise(login->host, NULL);
    (void)snprintf(said, sizeof said, "%s", error->text(login->host));
    bindings_suggest(login, bindings);
    (void)error->fail(login->host, PLEXCTL_FAILED, said);
    if (bindings[0])
        (void)snprintf(advice, sizeof advice, "%s; %s", check, bindings);
    error->advise(login->host, advice);
}

static plexctl_status explain_no_code(struct login *login, const struct plexctl_http_reply *reply)
{
    bool may_be_ids = reply->status == 400 || reply->status == 404;
    login->http_status = reply->status;
    plexctl_status status = login->host->http->problem(login->host, reply); /* `reply` is gone with the next request */

    if (may_be_ids)
        suggest_ids(login);
    return status;
}

static plexctl_status ask_for_code(struct login *login, const struct plexctl_http_reply **ret_reply)
{
    const struct plexctl_host *host = login->host;
    struct plexctl_json *body = host->json->object(host);
    struct plexctl_http_request request = {.size = sizeof request, .method = "POST", .path = "/v1/auth/device-code"};

    (void)host->json->set_string(body, "domain_id", login->domain_id);
    (void)host->json->set_string(body, "idp_binding_id", login->idp_binding_id);
    plexctl_status status = host->json->serialise(host, body, &request.body);
    if (status != PLEXCTL_OK)
        return status;
    status = host->http->send(host, &request, ret_reply);
    host->json->release(host, body);
    if (status == PLEXCTL_DENIED && *ret_reply)
        login->http_status = (*ret_reply)->status;
    if (status == PLEXCTL_OK && (*ret_reply)->status != 200)
        status = explain_no_code(login, *ret_reply);
    return status == PLEXCTL_OK ? status : login_fail_in(login, status, "device-code request");
}

static plexctl_status keep_device_code(struct login *login, const char *device_code)
{
    const struct plexctl_host *host = login->host;

    login->poll_request = host->json->object(host);
    (void)host->json->set_string(login->poll_request, "device_code", device_code);
    plexctl_status status = host->json->serialise(host, login->poll_request, &login->poll_body);
    return status == PLEXCTL_OK ? host->output->guard(host, device_code) : status;
}

plexctl_status authorization_begin(struct login *login, const struct device_code_reply *code, int64_t received_ms)
{
    const struct plexctl_host *host = login->host;
    bool is_by_person = login->pending || host->output->is_terminal(host);
    int64_t jitter_ms = is_by_person ? 0 : jitter_draw_ms(code->interval_s);
    const struct device_flow_terms terms = {code->interval_s, code->expires_in_s, jitter_ms};

    device_flow_start(&login->flow, received_ms, &terms);
    if (login->hold_off_s > 0)
        device_flow_take(&login->flow, DEVICE_FLOW_TRANSIENT, login->hold_off_s, received_ms);
    plexctl_status status = keep_device_code(login, code->device_code);
    if (status != PLEXCTL_OK)
        return status;
    events_prompt(login, code);
    return prompt_show(host, code);
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
    if (status == PLEXCTL_FAILED) {
        login->reason = "malformed";
        login->http_status = reply->status;
        return host->http->malformed(host, reply, "device-code response");
    }
    if (status != PLEXCTL_OK)
        return login_fail_in(login, status, "device-code request");
    if (login->is_unattended)
        status = pending_keep(login, &code);
    if (status == PLEXCTL_OK)
        status = authorization_begin(login, &code, received_ms);
    host->json->release(host, body);
    return status;
}

plexctl_status authorization_request(struct login *login)
{
    const struct plexctl_http_reply *reply = NULL;
    plexctl_status status = ask_for_code(login, &reply);

    return status == PLEXCTL_OK ? take_code(login, reply) : status;
}
