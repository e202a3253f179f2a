/* SPDX-License-Identifier: Apache-2.0 */
#include "polling.h"

#include <string.h>

#include "events.h"
#include "pending.h"

#define EXPIRED "device-code session expired before approval; " LOGIN_RESTART
#define MAYBE_USED "a reply was lost before, so the approval may have been used"

static bool looks_like_html(const struct plexctl_http_reply *reply)
{
    return strcmp(reply->content_type, "text/html") == 0 || reply->body[0] == '<';
}

static plexctl_status end_expired(struct login *login)
{
    login->is_code_spent = true;
    login->reason = "expired_token";
    return login->host->error->fail(login->host, PLEXCTL_FAILED,
                                    login->has_lost_reply ? EXPIRED " (" MAYBE_USED ")" : EXPIRED);
}

static plexctl_status end_without_token(struct login *login, enum device_flow_outcome outcome,
                                        const struct plexctl_http_reply *reply)
{
    const struct plexctl_host *host = login->host;

    login->http_status = reply->status;
    if (outcome == DEVICE_FLOW_EXPIRED_TOKEN)
        return end_expired(login);
    plexctl_status status = host->http->problem(host, reply);
    login->is_code_spent = outcome != DEVICE_FLOW_UNEXPECTED;
    if (outcome == DEVICE_FLOW_FORBIDDEN)
        return login_fail_in(login, status, "the login was refused");
    login->reason = outcome == DEVICE_FLOW_ACCESS_DENIED   ? "access_denied"
                    : outcome == DEVICE_FLOW_INVALID_GRANT ? "invalid_grant"
                                                           : NULL;
    if (outcome == DEVICE_FLOW_ACCESS_DENIED) {
        host->error->advise(host, LOGIN_RESTART);
        return login_fail_in(login, status, "the login was denied in the browser");
    }
    if (outcome == DEVICE_FLOW_INVALID_GRANT) {
        host->error->advise(host, login->has_lost_reply ? MAYBE_USED "; " LOGIN_RESTART : LOGIN_RESTART);
        return login_fail_in(login, status, "the device code is not accepted any more");
    }
    login_advise_besides(login, LOGIN_RESTART);
    return login_fail_in(login, status, "device-token request");
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
        login->reason = "malformed";
        login->http_status = reply->status;
        status = host->http->malformed(host, reply, "device-token response");
        /* A close-delimited reply that was cut looks whole. */
        return login_fail_around(login, status, "",
                                 looks_like_html(reply) ? "" : "; the approval may have been used, so " LOGIN_RESTART);
    }
    if (status != PLEXCTL_OK)
        return login_fail_in(login, status, "device-token request");
    login->token_body = body;
    login->is_code_spent = true;
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

static void tick(void *context)
{
    const struct login *login = context;

    wait_show(&login->wait, login->host, &login->flow);
}

static plexctl_status poll_once(struct login *login, int64_t timeout_ms)
{
    const struct plexctl_host *host = login->host;
    const struct plexctl_http_reply *reply = NULL;
    struct plexctl_http_request request = {.size = sizeof request,
                                           .method = "POST",
                                           .path = "/v1/auth/device-token",
                                           .body = login->poll_body,
                                           .timeout_ms = timeout_ms,
                                           .tick = tick,
                                           .context = login};
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
        return login_fail_around(login, status, "device-token request: ",
                                 may_be_used ? "; the approval may have been used, so " LOGIN_RESTART : "");
    }
    device_flow_take(&login->flow, outcome, retry_after_s, received_ms);
    login->wait = (struct wait){.outcome = outcome,
                                .http_status = reply ? reply->status : 0,
                                .retry_after_s = retry_after_s,
                                .failures = outcome == DEVICE_FLOW_TRANSIENT ? login->wait.failures + 1 : 0};
    pending_keep_pace(login);
    events_poll(login);
    return PLEXCTL_OK;
}

static plexctl_status poll(struct login *login)
{
    const struct plexctl_host *host = login->host;
    plexctl_status status = PLEXCTL_OK;

    while (status == PLEXCTL_OK) {
        struct device_flow_step step = device_flow_next(&login->flow, host->clock->now_ms(host));
        switch (step.action) {
        case DEVICE_FLOW_WAIT:
            wait_trace(&login->wait, host, &login->flow, step.until_ms);
            status = wait_sleep(&login->wait, host, &login->flow, step.until_ms);
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

plexctl_status polling_run(struct login *login)
{
    plexctl_status status = poll(login);

    login->host->output->progress(login->host, NULL);
    return status;
}
