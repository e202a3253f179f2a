/* SPDX-License-Identifier: Apache-2.0 */
#include "device_flow.h"

#define SECOND_MS INT64_C(1000)
#define SLOW_DOWN_MS (5 * SECOND_MS)
#define BACKOFF_MAX_MS (60 * SECOND_MS)
#define RETRY_AFTER_MAX_S INT64_C(86400) /* no session lives longer */

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void plan_poll(struct device_flow *flow, int64_t received_ms, int64_t wait_ms)
{
    int64_t edge_ms = flow->deadline_ms - DEVICE_FLOW_EDGE_MS;
    int64_t poll_ms = received_ms + wait_ms;

    if (poll_ms + flow->interval_ms > edge_ms)
        poll_ms = larger(edge_ms, received_ms + flow->interval_ms);
    flow->next_poll_ms = poll_ms;
}

static void plan_after_good_reply(struct device_flow *flow, int64_t received_ms)
{
    flow->backoff_ms = flow->interval_ms;
    plan_poll(flow, received_ms, flow->interval_ms);
}

static void plan_after_failure(struct device_flow *flow, int64_t received_ms, int64_t retry_after_s)
{
    int64_t most_ms = larger(BACKOFF_MAX_MS, flow->interval_ms);

    flow->backoff_ms = smaller(2 * flow->backoff_ms, most_ms);
    int64_t asked_ms = smaller(retry_after_s, RETRY_AFTER_MAX_S) * SECOND_MS;
    plan_poll(flow, received_ms, larger(flow->backoff_ms, asked_ms));
}

void device_flow_start(struct device_flow *flow, int64_t received_ms, const struct device_flow_terms *terms)
{
    *flow = (struct device_flow){.interval_ms = terms->interval_s * SECOND_MS,
                                 .backoff_ms = terms->interval_s * SECOND_MS,
                                 .deadline_ms = received_ms + terms->expires_in_s * SECOND_MS};
    plan_poll(flow, received_ms, flow->interval_ms + terms->jitter_ms);
}

static struct device_flow_step end(struct device_flow *flow, enum device_flow_outcome verdict)
{
    flow->has_ended = true;
    flow->verdict = verdict;
    return (struct device_flow_step){.action = DEVICE_FLOW_END, .outcome = verdict};
}

struct device_flow_step device_flow_next(struct device_flow *flow, int64_t now_ms)
{
    if (flow->has_ended)
        return end(flow, flow->verdict);
    if (now_ms >= flow->deadline_ms)
        return end(flow, DEVICE_FLOW_DEADLINE);
    if (now_ms < flow->next_poll_ms)
        return (struct device_flow_step){.action = DEVICE_FLOW_WAIT,
                                         .until_ms = smaller(flow->next_poll_ms, flow->deadline_ms)};
    return (struct device_flow_step){.action = DEVICE_FLOW_POLL,
                                     .timeout_ms = smaller(DEVICE_FLOW_REQUEST_MAX_MS, flow->deadline_ms - now_ms)};
}

void device_flow_take(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                      int64_t received_ms)
{
    if (flow->has_ended)
        return;
    switch (outcome) {
    case DEVICE_FLOW_PENDING:
        plan_after_good_reply(flow, received_ms);
        break;
    case DEVICE_FLOW_SLOW_DOWN: /* RFC 8628 section 3.5: for this and all subsequent requests */
        flow->interval_ms += SLOW_DOWN_MS;
        plan_after_good_reply(flow, received_ms);
        break;
    case DEVICE_FLOW_TRANSIENT:
        plan_after_failure(flow, received_ms, retry_after_s);
        break;
    case DEVICE_FLOW_TOKEN:
    case DEVICE_FLOW_ACCESS_DENIED:
    case DEVICE_FLOW_EXPIRED_TOKEN:
    case DEVICE_FLOW_INVALID_GRANT:
    case DEVICE_FLOW_FORBIDDEN:
    case DEVICE_FLOW_UNEXPECTED:
    case DEVICE_FLOW_DEADLINE:
        (void)end(flow, outcome);
        break;
    }
}
