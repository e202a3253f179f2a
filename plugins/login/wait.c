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
