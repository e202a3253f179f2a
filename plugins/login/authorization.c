/* SPDX-License-Identifier: Apache-2.0 */
#include "authorization.h"

#include "phase.h"
#include "prompt.h"

static plexctl_status explain_no_code(const struct login *login, const struct plexctl_http_reply *reply)
{
    plexctl_status status = login->host->http->problem(login->host, reply);

    if (reply->status == 400 || reply->status == 404)
        login_advise_besides(login, "check --domain-id and --idp-binding-id");
    return status;
}

static plexctl_status ask_for_code(const struct login *login, const struct plexctl_http_reply **ret_reply)
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
        return login_fail_in(login, status, "device-code request");
    const struct device_flow_terms terms = {code.interval_s, code.expires_in_s, phase_draw_ms(code.interval_s)};
    device_flow_start(&login->flow, received_ms, &terms);
    status = keep_device_code(login, code.device_code);
    if (status == PLEXCTL_OK)
        status = prompt_show(host, &code);
    host->json->release(host, body);
    return status;
}

plexctl_status authorization_request(struct login *login)
{
    const struct plexctl_http_reply *reply = NULL;
    plexctl_status status = ask_for_code(login, &reply);

    return status == PLEXCTL_OK ? take_code(login, reply) : status;
}
