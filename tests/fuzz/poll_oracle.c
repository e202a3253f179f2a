/* SPDX-License-Identifier: Apache-2.0 */
#include "poll_oracle.h"

#include <stddef.h>

#define REQUEST_MAX_MS 30000
#define BACKOFF_MAX_MS 60000
#define DAY_S 86400
#define EDGE_MS 1000

static bool is_terminal(enum device_flow_outcome outcome)
{
    return outcome != DEVICE_FLOW_PENDING && outcome != DEVICE_FLOW_SLOW_DOWN && outcome != DEVICE_FLOW_TRANSIENT;
}

/* The first time the interval and the jitter, else interval * 2^failures, at most a minute or the interval, and what
 * Retry-After asks. */
static int64_t wanted_wait_ms(const struct poll_oracle *oracle)
{
    int64_t wait_ms = oracle->interval_ms;
    int64_t most_ms = wait_ms > BACKOFF_MAX_MS ? wait_ms : BACKOFF_MAX_MS;

    if (!oracle->has_asked)
        return wait_ms + oracle->jitter_ms;
    wait_ms = oracle->failures < 6 ? wait_ms << oracle->failures : most_ms;
    if (wait_ms > most_ms)
        wait_ms = most_ms;
    return wait_ms > oracle->retry_after_ms ? wait_ms : oracle->retry_after_ms;
}

/* When the next poll is due; the deadline where there is room for none. */
static int64_t due_ms(const struct poll_oracle *oracle)
{
    int64_t edge_ms = oracle->deadline_ms - EDGE_MS;
    int64_t earliest_ms = oracle->reply_ms + oracle->interval_ms;
    int64_t wanted_ms = oracle->reply_ms + wanted_wait_ms(oracle);

    if (earliest_ms >= oracle->deadline_ms)
        return oracle->deadline_ms;
    if (earliest_ms >= edge_ms)
        return earliest_ms;
    return wanted_ms <= edge_ms - oracle->interval_ms ? wanted_ms : edge_ms;
}

static const char *judge_wait(const struct poll_oracle *oracle, int64_t until_ms, int64_t now_ms)
{
    if (until_ms <= now_ms)
        return "a wait that ends before it begins";
    if (until_ms > oracle->deadline_ms)
        return "a wait beyond the deadline";
    if (until_ms < oracle->reply_ms + oracle->interval_ms && until_ms != oracle->deadline_ms)
        return "a wait shorter than the interval";
    if (until_ms < due_ms(oracle))
        return "a wait shorter than back-off or Retry-After ask, or that loses the poll at the edge";
    if (until_ms > due_ms(oracle))
        return "a wait past the moment at which a poll is due";
    return NULL;
}

static const char *judge_poll(const struct poll_oracle *oracle, int64_t timeout_ms, int64_t now_ms)
{
    int64_t left_ms = oracle->deadline_ms - now_ms;

    if (now_ms - oracle->reply_ms < oracle->interval_ms)
        return "a poll within the interval";
    if (left_ms <= 0)
        return "a poll at the deadline or after it";
    if (now_ms < due_ms(oracle))
        return "a poll before back-off or Retry-After have passed";
    if (timeout_ms > left_ms)
        return "a request that may last beyond the deadline";
    if (timeout_ms != (left_ms < REQUEST_MAX_MS ? left_ms : REQUEST_MAX_MS))
        return "a request's time that is neither 30 s nor what is left";
    return NULL;
}

static const char *judge_end(struct poll_oracle *oracle, enum device_flow_outcome verdict, int64_t now_ms)
{
    if (oracle->has_ended)
        return verdict == oracle->verdict ? NULL : "a verdict other than the reply that ended it";
    if (verdict != DEVICE_FLOW_DEADLINE)
        return "a verdict that nothing has led to";
    if (now_ms < oracle->deadline_ms)
        return "given up before the deadline";
    oracle->has_ended = true;
    oracle->verdict = verdict;
    return NULL;
}

void poll_oracle_start(struct poll_oracle *oracle, int64_t received_ms, const struct device_flow_terms *terms)
{
    *oracle = (struct poll_oracle){.interval_ms = terms->interval_s * 1000,
                                   .jitter_ms = terms->jitter_ms,
                                   .deadline_ms = received_ms + terms->expires_in_s * 1000,
                                   .reply_ms = received_ms};
}

const char *poll_oracle_judge(struct poll_oracle *oracle, const struct device_flow_step *step, int64_t now_ms)
{
    if (step->action == DEVICE_FLOW_END)
        return judge_end(oracle, step->outcome, now_ms);
    if (oracle->has_ended)
        return "a step after the verdict";
    if (step->action == DEVICE_FLOW_WAIT)
        return judge_wait(oracle, step->until_ms, now_ms);
    return judge_poll(oracle, step->timeout_ms, now_ms);
}

void poll_oracle_take(struct poll_oracle *oracle, enum device_flow_outcome outcome, int64_t retry_after_s,
                      int64_t received_ms)
{
    bool has_failed = outcome == DEVICE_FLOW_TRANSIENT;

    if (oracle->has_ended)
        return;
    oracle->reply_ms = received_ms;
    oracle->has_asked = true;
    oracle->failures = has_failed ? oracle->failures + 1 : 0;
    oracle->retry_after_ms = 0;
    if (has_failed && retry_after_s > 0)
        oracle->retry_after_ms = (retry_after_s < DAY_S ? retry_after_s : DAY_S) * 1000;
    if (outcome == DEVICE_FLOW_SLOW_DOWN)
        oracle->interval_ms += 5000;
    oracle->has_ended = is_terminal(outcome);
    oracle->verdict = outcome;
}
