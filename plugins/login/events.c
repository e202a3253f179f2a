/* SPDX-License-Identifier: Apache-2.0 */
#include "events.h"

#include <stdio.h>

plexctl_status events_open(struct login *login)
{
    const struct plexctl_host *host = login->host;

    if (!login_is_asked(host, "events"))
        return PLEXCTL_OK;
    plexctl_status status = host->events->open(host, host->values->string(host, "events"));
    login->has_events = status == PLEXCTL_OK;
    return status == PLEXCTL_OK ? status : login_fail_in(login, status, "--events");
}

static void set_moment(const struct login *login, struct plexctl_json *event, const char *key, int64_t unix_s)
{
    const struct plexctl_host *host = login->host;

    (void)host->json->set_string(event, key, host->clock->format(host, unix_s));
}

/* NULL where nobody asked. */
static struct plexctl_json *begin(const struct login *login, const char *name)
{
    const struct plexctl_host *host = login->host;

    if (!login->has_events)
        return NULL;
    struct plexctl_json *event = host->json->object(host);
    (void)host->json->set_integer(event, "version", EVENTS_VERSION);
    (void)host->json->set_string(event, "event", name);
    set_moment(login, event, "time", host->clock->unix_s(host));
    (void)host->json->set_string(event, "profile", login->profile);
    return event;
}

static plexctl_status write_event(const struct login *login, struct plexctl_json *event)
{
    plexctl_status status = login->host->events->write(login->host, event);

    login->host->json->release(login->host, event);
    return status;
}

static void send(const struct login *login, struct plexctl_json *event)
{
    (void)write_event(login, event);
}

void events_prompt(const struct login *login, const struct device_code_reply *code)
{
    const struct plexctl_host *host = login->host;
    struct plexctl_json *event = begin(login, "prompt");

    if (!login->has_events)
        return;
    (void)host->json->set_string(event, "server", host->settings->server(host));
    (void)host->json->set_string(event, "verification_uri", code->verification_uri);
    (void)host->json->set_string(event, "user_code", code->user_code);
    if (code->verification_uri_complete)
        (void)host->json->set_string(event, "verification_uri_complete", code->verification_uri_complete);
    set_moment(login, event, "expires_at", host->clock->unix_s(host) + code->expires_in_s);
    (void)host->json->set_integer(event, "interval", code->interval_s);
    send(login, event);
}

void events_pending(const struct login *login, int64_t expires_unix_s)
{
    struct plexctl_json *event = begin(login, "pending");

    if (!login->has_events)
        return;
    set_moment(login, event, "expires_at", expires_unix_s);
    send(login, event);
}

static void set_why(const struct login *login, struct plexctl_json *event)
{
    char why[32] = "no whole reply";

    if (login->wait.http_status)
        (void)snprintf(why, sizeof why, "HTTP %d", (int)login->wait.http_status);
    (void)login->host->json->set_string(event, "why", why);
}

void events_poll(const struct login *login)
{
    const struct plexctl_host *host = login->host;
    enum device_flow_outcome outcome = login->wait.outcome;
    int64_t left_ms = login->flow.next_poll_ms - host->clock->now_ms(host);

    if (!login->has_events || outcome > DEVICE_FLOW_TRANSIENT)
        return;
    struct plexctl_json *event = begin(login, outcome == DEVICE_FLOW_TRANSIENT   ? "retry"
                                              : outcome == DEVICE_FLOW_SLOW_DOWN ? "slow_down"
                                                                                 : "poll");
    if (outcome == DEVICE_FLOW_PENDING)
        (void)host->json->set_string(event, "outcome", "authorization_pending");
    else if (outcome == DEVICE_FLOW_SLOW_DOWN)
        (void)host->json->set_integer(event, "interval", login->flow.interval_ms / 1000);
    else
        set_why(login, event);
    (void)host->json->set_integer(event, "next_poll_in", left_ms > 0 ? (left_ms + 999) / 1000 : 0);
    send(login, event);
}

/* None of what follows shows the token; and now it could not. */
void events_approved(const struct login *login)
{
    struct plexctl_json *event = begin(login, "approved");

    if (!login->has_events)
        return;
    (void)login->host->output->guard(login->host, login->token.access_token);
    (void)login->host->json->set_integer(event, "expires_in", login->token.expires_in_s);
    send(login, event);
}

void events_saved(const struct login *login)
{
    const struct plexctl_host *host = login->host;
    struct plexctl_json *event = begin(login, "saved");

    if (!login->has_events)
        return;
    (void)host->json->set_string(event, "server", host->settings->server(host));
    send(login, event);
}

void events_valid(const struct login *login, const char *expires_at)
{
    struct plexctl_json *event = begin(login, "valid");

    if (!login->has_events)
        return;
    (void)login->host->json->set_string(event, "expires_at", expires_at);
    send(login, event);
}

static const char *name_status(plexctl_status status)
{
    switch (status) {
    case PLEXCTL_UNREACHABLE:
        return "unreachable";
    case PLEXCTL_USAGE:
        return "usage";
    case PLEXCTL_NO_SERVER:
        return "no_server";
    case PLEXCTL_DENIED:
        return "forbidden";
    case PLEXCTL_CANCELLED:
        return "cancelled";
    default:
        return "failed";
    }
}

void events_failed(const struct login *login, plexctl_status status)
{
    const struct plexctl_host *host = login->host;
    char message[LOGIN_TEXT_SIZE];

    if (!login->has_events)
        return;
    (void)snprintf(message, sizeof message, "%s", host->error->text(host));
    struct plexctl_json *event = begin(login, "failed");
    (void)host->json->set_string(event, "reason", login->reason ? login->reason : name_status(status));
    if (status != PLEXCTL_CANCELLED)
        (void)host->json->set_integer(event, "exit_code", host->error->exit_code(host, status));
    if (login->http_status)
        (void)host->json->set_integer(event, "http_status", login->http_status);
    (void)host->json->set_string(event, "message", message);
    if (write_event(login, event) != PLEXCTL_OK)
        (void)host->error->fail(host, status, message); /* which is what ends the login */
}
