/* SPDX-License-Identifier: Apache-2.0 */
#include "wait.h"

#include <stdio.h>

static void describe_failure(const struct wait *wait, char *out, size_t out_size)
{
    char came[32] = "no whole reply", asked[48] = "";

    if (wait->http_status)
        (void)snprintf(came, sizeof came, "HTTP %d", (int)wait->http_status);
    if (wait->retry_after_s >= 0)
        (void)snprintf(asked, sizeof asked, ", Retry-After %lld s", (long long)wait->retry_after_s);
    (void)snprintf(out, out_size, "%s%s, retry %u", came, asked, wait->failures);
}

static void describe(const struct wait *wait, const struct device_flow *flow, char *out, size_t out_size)
{
    const char *came = "";

    if (wait->outcome == DEVICE_FLOW_TRANSIENT) {
        describe_failure(wait, out, out_size);
        return;
    }
    if (wait->outcome == DEVICE_FLOW_SLOW_DOWN)
        came = "slow_down, ";
    else if (wait->http_status)
        came = "authorization_pending, ";
    (void)snprintf(out, out_size, "%sthe interval is %lld s", came, (long long)(flow->interval_ms / 1000));
}

void wait_trace(const struct wait *wait, const struct plexctl_host *host, const struct device_flow *flow,
                int64_t until_ms)
{
    char why[160], text[256];
    bool is_end = until_ms >= flow->deadline_ms;

    describe(wait, flow, why, sizeof why);
    (void)snprintf(text, sizeof text, "waiting %lld ms %s: %s", (long long)(until_ms - host->clock->now_ms(host)),
                   is_end ? "until the code expires" : "before the next poll", why);
    host->log->debug(host, text);
}

/* Rounded up, so that it is 0 when the time is over. */
static int64_t seconds_to(int64_t when_ms, int64_t now_ms)
{
    return when_ms > now_ms ? (when_ms - now_ms + 999) / 1000 : 0;
}

static void format_left(int64_t left_s, char *out, size_t out_size)
{
    long long seconds = (long long)left_s;

    if (seconds >= 3600)
        (void)snprintf(out, out_size, "%lld:%02lld:%02lld left", seconds / 3600, seconds / 60 % 60, seconds % 60);
    else
        (void)snprintf(out, out_size, "%lld:%02lld left", seconds / 60, seconds % 60);
}

static void format_state(const struct wait *wait, int64_t again_s, char *out, size_t out_size)
{
    const char *trouble = wait->http_status ? "server busy" : "no reply";

    if (wait->outcome == DEVICE_FLOW_TRANSIENT && again_s > 0)
        (void)snprintf(out, out_size, "%s, again in %lld s", trouble, (long long)again_s);
    else if (wait->outcome == DEVICE_FLOW_TRANSIENT)
        (void)snprintf(out, out_size, "%s", trouble);
    else if (wait->outcome == DEVICE_FLOW_SLOW_DOWN)
        (void)snprintf(out, out_size, "slowed down by the server");
    else
        (void)snprintf(out, out_size, "%s", wait->http_status ? "not approved yet" : "waiting for approval");
}

/* All of it fits 40 columns. */
static void show(const struct wait *wait, const struct plexctl_host *host, const struct device_flow *flow,
                 int64_t until_ms)
{
    char left[48], state[64], text[128];
    int64_t now_ms = host->clock->now_ms(host);
    bool is_end = until_ms >= flow->deadline_ms;

    format_left(seconds_to(flow->deadline_ms, now_ms), left, sizeof left);
    format_state(wait, is_end ? 0 : seconds_to(until_ms, now_ms), state, sizeof state);
    (void)snprintf(text, sizeof text, "%s: %s", left, state);
    host->output->progress(host, text);
}

void wait_show(const struct wait *wait, const struct plexctl_host *host, const struct device_flow *flow)
{
    if (host->output->shows_progress(host))
        show(wait, host, flow, flow->deadline_ms);
}

plexctl_status wait_sleep(const struct wait *wait, const struct plexctl_host *host, const struct device_flow *flow,
                          int64_t until_ms)
{
    plexctl_status status = PLEXCTL_OK;

    do {
        int64_t now_ms = host->clock->now_ms(host), wake_ms = until_ms;
        if (now_ms < until_ms && host->output->shows_progress(host)) { /* which may change: bg, fg */
            int64_t next_s = seconds_to(flow->deadline_ms, now_ms) - 1;
            int64_t change_ms = flow->deadline_ms - next_s * 1000; /* when the time shown is another */
            show(wait, host, flow, until_ms);
            wake_ms = change_ms > now_ms && change_ms < until_ms ? change_ms : until_ms;
        }
        status = host->clock->sleep_until_ms(host, wake_ms);
    } while (status == PLEXCTL_OK && host->clock->now_ms(host) < until_ms);
    return status;
}
