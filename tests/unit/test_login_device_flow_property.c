/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdlib.h>
#include <sys/random.h>

#include "../fuzz/poll_run.h"

#define SEEDS 4000
#define ROWS(array) (sizeof(array) / sizeof((array)[0]))

/* SplitMix64: any seed is a good one. */
static int64_t roll(void *context, int64_t below)
{
    uint64_t *state = context;
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (int64_t)((z ^ (z >> 31)) % (uint64_t)below);
}

static struct poll_report run_seed(const struct poll_machine *machine, uint64_t seed, bool is_calm)
{
    const struct poll_source source = {roll, &seed, is_calm};
    return poll_run(machine, &source);
}

static struct poll_report assert_holds(uint64_t seed, bool is_calm)
{
    struct poll_report report = run_seed(&poll_machine_device_flow, seed, is_calm);

    ck_assert_msg(!report.broken, "seed %#llx, interval %lld s, expires_in %lld s, at %lld ms, after %zu polls: %s",
                  (unsigned long long)seed, (long long)report.terms.interval_s, (long long)report.terms.expires_in_s,
                  (long long)report.broken_ms, report.polls, report.broken);
    return report;
}

START_TEST(device_flow_every_script_holds_the_schedule)
{
    size_t verdicts[DEVICE_FLOW_DEADLINE + 1] = {0};

    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        verdicts[assert_holds(seed, false).verdict]++;
    /* The scripts are of use only if they end in every way. */
    for (int outcome = DEVICE_FLOW_TOKEN; outcome <= DEVICE_FLOW_DEADLINE; outcome++)
        ck_assert_msg(verdicts[outcome] > 50, "%zu of %d scripts ended in %d", verdicts[outcome], SEEDS, outcome);
}
END_TEST

START_TEST(device_flow_fresh_scripts_hold_the_schedule)
{
    uint64_t seed;

    ck_assert_int_eq(getrandom(&seed, sizeof seed, 0), sizeof seed);
    for (unsigned i = 0; i < 200; i++)
        (void)assert_holds(seed + i, false);
}
END_TEST

/* That polls are put off to the edge loses none: with replies at once, as many come as fit between the jitter and the
 * edge, and one where only without the jitter one fits; the last stands at the edge. */
START_TEST(device_flow_calm_run_polls_as_often_as_can_be_up_to_the_edge)
{
    size_t at_edge = 0, jittered = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct poll_report report = assert_holds(seed, true);
        int64_t edge_s = report.terms.expires_in_s - 1;
        ck_assert_int_eq(report.verdict, DEVICE_FLOW_DEADLINE);
        ck_assert_int_eq(report.verdict_ms, report.terms.expires_in_s * 1000);
        int64_t wanted = (edge_s * 1000 - report.terms.jitter_ms) / (report.terms.interval_s * 1000);
        if (wanted < 1 && report.terms.interval_s <= edge_s)
            wanted = 1;
        ck_assert_int_eq((int64_t)report.polls, wanted);
        jittered += report.terms.jitter_ms > 0;
        if (report.polls > 0) {
            ck_assert_int_eq(report.last_poll_ms, edge_s * 1000);
            at_edge++;
        }
    }
    ck_assert_uint_gt(at_edge, SEEDS / 3);
    ck_assert_uint_gt(jittered, SEEDS / 3);
}
END_TEST

/* Machines with one fault each: the oracle must see it, or it sees nothing. */

static void start_early(struct device_flow *flow, int64_t received_ms, const struct device_flow_terms *terms)
{
    device_flow_start(flow, received_ms, terms);
    flow->next_poll_ms = received_ms;
}

static void start_without_jitter(struct device_flow *flow, int64_t received_ms, const struct device_flow_terms *terms)
{
    const struct device_flow_terms others = {terms->interval_s, terms->expires_in_s, 0};
    device_flow_start(flow, received_ms, &others);
}

/* As a jitter would be that is taken off the interval. */
static void start_by_jitter_early(struct device_flow *flow, int64_t received_ms, const struct device_flow_terms *terms)
{
    const struct device_flow_terms others = {terms->interval_s, terms->expires_in_s, -terms->jitter_ms};
    device_flow_start(flow, received_ms, &others);
}

static void start_past_the_edge(struct device_flow *flow, int64_t received_ms, const struct device_flow_terms *terms)
{
    device_flow_start(flow, received_ms, terms);
    if (terms->jitter_ms > 0)
        flow->next_poll_ms = received_ms + terms->interval_s * 1000 + terms->jitter_ms;
}

static void take_with_jitter_again(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                                   int64_t received_ms)
{
    device_flow_take(flow, outcome, retry_after_s, received_ms);
    if (outcome == DEVICE_FLOW_PENDING)
        flow->next_poll_ms += flow->interval_ms / 2;
}

static void start_late_deadline(struct device_flow *flow, int64_t received_ms, const struct device_flow_terms *terms)
{
    device_flow_start(flow, received_ms, terms);
    flow->deadline_ms++;
}

static void take_without_slow_down(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                                   int64_t received_ms)
{
    if (outcome == DEVICE_FLOW_SLOW_DOWN)
        outcome = DEVICE_FLOW_PENDING;
    device_flow_take(flow, outcome, retry_after_s, received_ms);
}

static void take_slow_down_once(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                                int64_t received_ms)
{
    int64_t interval_ms = flow->interval_ms;

    device_flow_take(flow, outcome, retry_after_s, received_ms);
    flow->interval_ms = interval_ms;
}

static void take_without_backoff(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                                 int64_t received_ms)
{
    if (!flow->has_ended)
        flow->backoff_ms = flow->interval_ms / 2;
    device_flow_take(flow, outcome, retry_after_s, received_ms);
}

static void take_without_falling_back(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                                      int64_t received_ms)
{
    int64_t backoff_ms = flow->backoff_ms;

    device_flow_take(flow, outcome, retry_after_s, received_ms);
    if (outcome == DEVICE_FLOW_PENDING)
        flow->backoff_ms = backoff_ms;
}

static void take_without_retry_after(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                                     int64_t received_ms)
{
    (void)retry_after_s;
    device_flow_take(flow, outcome, -1, received_ms);
}

static void take_from_the_request(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                                  int64_t received_ms)
{
    device_flow_take(flow, outcome, retry_after_s, received_ms - 1);
}

static void take_after_the_end(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                               int64_t received_ms)
{
    flow->has_ended = false;
    device_flow_take(flow, outcome, retry_after_s, received_ms);
}

static void take_anything_on(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                             int64_t received_ms)
{
    if (outcome == DEVICE_FLOW_UNEXPECTED)
        outcome = DEVICE_FLOW_PENDING;
    device_flow_take(flow, outcome, retry_after_s, received_ms);
}

static struct device_flow_step next_without_edge(struct device_flow *flow, int64_t now_ms)
{
    if (flow->next_poll_ms == flow->deadline_ms - DEVICE_FLOW_EDGE_MS)
        flow->next_poll_ms = flow->deadline_ms;
    return device_flow_next(flow, now_ms);
}

static struct device_flow_step next_with_long_requests(struct device_flow *flow, int64_t now_ms)
{
    struct device_flow_step step = device_flow_next(flow, now_ms);

    if (step.action == DEVICE_FLOW_POLL)
        step.timeout_ms = DEVICE_FLOW_REQUEST_MAX_MS;
    return step;
}

static struct device_flow_step next_once_more(struct device_flow *flow, int64_t now_ms)
{
    struct device_flow_step step = device_flow_next(flow, now_ms);

    if (step.action == DEVICE_FLOW_END && step.outcome == DEVICE_FLOW_DEADLINE && flow->next_poll_ms < now_ms) {
        flow->next_poll_ms = now_ms;
        step = (struct device_flow_step){.action = DEVICE_FLOW_POLL, .timeout_ms = 1};
    }
    return step;
}

#define START device_flow_start
#define NEXT device_flow_next
#define TAKE device_flow_take

static const struct {
    const char *fault;
    struct poll_machine machine;
} faulty[] = {
    {"no wait before the first poll", {start_early, NEXT, TAKE}},
    {"no jitter", {start_without_jitter, NEXT, TAKE}},
    {"a first poll that is early by the jitter", {start_by_jitter_early, NEXT, TAKE}},
    {"a jitter past the edge", {start_past_the_edge, NEXT, TAKE}},
    {"a jitter for every poll", {START, NEXT, take_with_jitter_again}},
    {"a deadline a millisecond late", {start_late_deadline, NEXT, TAKE}},
    {"slow_down ignored", {START, NEXT, take_without_slow_down}},
    {"slow_down for one poll", {START, NEXT, take_slow_down_once}},
    {"no doubling", {START, NEXT, take_without_backoff}},
    {"no return to the interval", {START, NEXT, take_without_falling_back}},
    {"Retry-After ignored", {START, NEXT, take_without_retry_after}},
    {"the wait counted from before the reply", {START, NEXT, take_from_the_request}},
    {"a second verdict", {START, NEXT, take_after_the_end}},
    {"a terminal reply taken for pending", {START, NEXT, take_anything_on}},
    {"no poll at the edge", {START, next_without_edge, TAKE}},
    {"requests beyond the deadline", {START, next_with_long_requests, TAKE}},
    {"a poll after the deadline", {START, next_once_more, TAKE}},
};

START_TEST(poll_oracle_finds_each_fault)
{
    uint64_t seed = 1;

    while (seed <= SEEDS && !run_seed(&faulty[_i].machine, seed, false).broken)
        seed++;
    ck_assert_msg(seed <= SEEDS, "not found: %s", faulty[_i].fault);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login/device_flow as a property");
    TCase *tests = tcase_create("device_flow_property");

    tcase_add_test(tests, device_flow_every_script_holds_the_schedule);
    tcase_add_test(tests, device_flow_fresh_scripts_hold_the_schedule);
    tcase_add_test(tests, device_flow_calm_run_polls_as_often_as_can_be_up_to_the_edge);
    tcase_add_loop_test(tests, poll_oracle_finds_each_fault, 0, (int)ROWS(faulty));
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
