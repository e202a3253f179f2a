/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdlib.h>

#include "../../plugins/login/device_flow.h"

#define START_MS INT64_C(7000000)
#define POLLS_MAX 4096

/* What comes for one poll. */
struct event {
    enum device_flow_outcome outcome;
    int64_t retry_after_s; /* 0: none */
    int64_t takes_ms;
};

struct flow_case {
    const char *name;
    int64_t interval_s, expires_in_s;
    enum device_flow_outcome verdict;
    int64_t verdict_ms;
    const struct event *events; /* the last is repeated */
    size_t event_count;
    const int64_t *polls_ms;
    size_t poll_count;
    int64_t jitter_ms;
};

static const struct device_flow_terms usual = {.interval_s = 5, .expires_in_s = 600};

#define PENDING DEVICE_FLOW_PENDING
#define SLOW DEVICE_FLOW_SLOW_DOWN
#define FAILS DEVICE_FLOW_TRANSIENT
#define TOKEN DEVICE_FLOW_TOKEN
#define DEADLINE DEVICE_FLOW_DEADLINE

#define EVENT(outcome, retry_after_s, takes_ms) \
    { \
        (outcome), (retry_after_s), (takes_ms) \
    }
#define AT_ONCE(outcome) EVENT(outcome, 0, 0)
#define WITHIN(outcome, takes_ms) EVENT(outcome, 0, takes_ms)
#define RETRY_AFTER(outcome, seconds) EVENT(outcome, seconds, 0)
#define EVENTS(...) \
    (const struct event[]){__VA_ARGS__}, sizeof((const struct event[]){__VA_ARGS__}) / sizeof(struct event)
#define POLLS_BEHIND(jitter_ms, ...) \
    (const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t), (jitter_ms)
#define POLLS(...) POLLS_BEHIND(0, __VA_ARGS__)
#define NO_POLL_BEHIND(jitter_ms) NULL, 0, (jitter_ms)
#define A_TOKEN AT_ONCE(TOKEN)
#define NOT_YET AT_ONCE(PENDING)
#define TOO_FAST AT_ONCE(SLOW)
#define FAILURE AT_ONCE(FAILS)

static const struct flow_case cases[] = {
    {"a token at the first poll, after one interval", 5, 600, TOKEN, 5000, EVENTS(A_TOKEN), POLLS(5000)},
    {"the interval counts from the receipt of the reply", 5, 600, TOKEN, 17600,
     EVENTS(WITHIN(PENDING, 2500), NOT_YET, WITHIN(TOKEN, 100)), POLLS(5000, 12500, 17500)},
    {"slow_down adds five seconds for good, each time it comes", 5, 600, TOKEN, 55000,
     EVENTS(TOO_FAST, NOT_YET, TOO_FAST, NOT_YET, A_TOKEN), POLLS(5000, 15000, 25000, 40000, 55000)},
    {"a failure doubles the wait, a good reply brings the interval back", 5, 600, TOKEN, 50000,
     EVENTS(FAILURE, FAILURE, NOT_YET, FAILURE, A_TOKEN), POLLS(5000, 15000, 35000, 40000, 50000)},
    {"doubling stops at a minute", 5, 600, TOKEN, 195000, EVENTS(FAILURE, FAILURE, FAILURE, FAILURE, FAILURE, A_TOKEN),
     POLLS(5000, 15000, 35000, 75000, 135000, 195000)},
    {"or at the interval where that is longer", 90, 3600, TOKEN, 270000, EVENTS(FAILURE, FAILURE, A_TOKEN),
     POLLS(90000, 180000, 270000)},
    {"slow_down after a failure brings the longer interval", 5, 600, TOKEN, 45000,
     EVENTS(FAILURE, TOO_FAST, FAILURE, A_TOKEN), POLLS(5000, 15000, 25000, 45000)},
    {"Retry-After lengthens the wait once, also past a minute", 5, 600, TOKEN, 125000,
     EVENTS(RETRY_AFTER(FAILS, 100), FAILURE, A_TOKEN), POLLS(5000, 105000, 125000)},
    {"a short Retry-After shortens nothing", 5, 600, TOKEN, 15000, EVENTS(RETRY_AFTER(FAILS, 1), A_TOKEN),
     POLLS(5000, 15000)},
    {"Retry-After on a good reply is not looked at", 5, 600, TOKEN, 10000, EVENTS(RETRY_AFTER(PENDING, 100), A_TOKEN),
     POLLS(5000, 10000)},
    {"the last poll stands at the edge, the end at the deadline", 5, 21, DEADLINE, 21000, EVENTS(NOT_YET),
     POLLS(5000, 10000, 15000, 20000)},
    {"a poll that leaves no room for another is put off to the edge", 5, 20, DEADLINE, 20000, EVENTS(NOT_YET),
     POLLS(5000, 10000, 19000)},
    {"the first poll too", 5, 10, DEADLINE, 10000, EVENTS(NOT_YET), POLLS(9000)},
    {"a slow reply leaves an early poll and the edge", 5, 21, DEADLINE, 21000, EVENTS(WITHIN(PENDING, 200)),
     POLLS(5000, 10200, 20000)},
    {"where the interval passes the edge, the poll is as late as that", 5, 11, DEADLINE, 11000,
     EVENTS(WITHIN(PENDING, 100)), POLLS(5000, 10100)},
    {"backoff past the edge: the last poll stands at the edge", 5, 40, DEADLINE, 40000, EVENTS(FAILURE),
     POLLS(5000, 15000, 39000)},
    {"Retry-After past the deadline: the last poll stands at the edge", 5, 100, TOKEN, 99000,
     EVENTS(RETRY_AFTER(FAILS, 3600), A_TOKEN), POLLS(5000, 99000)},
    {"an absurd Retry-After does not overflow", 5, 86400, TOKEN, 86399000,
     EVENTS(RETRY_AFTER(FAILS, INT64_MAX), A_TOKEN), POLLS(5000, 86399000)},
    {"no poll where not even one interval fits", 5, 5, DEADLINE, 5000, EVENTS(A_TOKEN), NO_POLL_BEHIND(0)},
    {"nor where slow_down makes the interval pass the deadline", 5, 14, DEADLINE, 14000, EVENTS(TOO_FAST), POLLS(5000)},
    {"an interval just below the lifetime leaves one poll", 5, 6, DEADLINE, 6000, EVENTS(NOT_YET), POLLS(5000)},
    {"the smallest numbers that leave a poll", 1, 2, TOKEN, 1000, EVENTS(A_TOKEN), POLLS(1000)},
    {"a token that comes at the very deadline counts", 1, 2, TOKEN, 2000, EVENTS(WITHIN(TOKEN, 1000)), POLLS(1000)},
    {"access_denied ends at once", 5, 600, DEVICE_FLOW_ACCESS_DENIED, 10000,
     EVENTS(NOT_YET, AT_ONCE(DEVICE_FLOW_ACCESS_DENIED)), POLLS(5000, 10000)},
    {"expired_token ends at once", 5, 600, DEVICE_FLOW_EXPIRED_TOKEN, 5000, EVENTS(AT_ONCE(DEVICE_FLOW_EXPIRED_TOKEN)),
     POLLS(5000)},
    {"invalid_grant ends at once", 5, 600, DEVICE_FLOW_INVALID_GRANT, 5000, EVENTS(AT_ONCE(DEVICE_FLOW_INVALID_GRANT)),
     POLLS(5000)},
    {"403 ends at once", 5, 600, DEVICE_FLOW_FORBIDDEN, 5000, EVENTS(AT_ONCE(DEVICE_FLOW_FORBIDDEN)), POLLS(5000)},
    {"the jitter puts the first poll off, once, and with it all that follow", 5, 600, TOKEN, 17000,
     EVENTS(NOT_YET, NOT_YET, A_TOKEN), POLLS_BEHIND(2000, 7000, 12000, 17000)},
    {"half an interval is the most", 5, 600, TOKEN, 12500, EVENTS(NOT_YET, A_TOKEN), POLLS_BEHIND(2500, 7500, 12500)},
    {"backoff and slow_down begin with the interval, not with the jitter", 5, 600, TOKEN, 27001,
     EVENTS(FAILURE, TOO_FAST, A_TOKEN), POLLS_BEHIND(2001, 7001, 17001, 27001)},
    {"behind the jitter too, the last poll stands at the edge", 5, 21, DEADLINE, 21000, EVENTS(NOT_YET),
     POLLS_BEHIND(2000, 7000, 12000, 20000)},
    {"a jitter that leaves no room for another poll puts the first one off to the edge", 5, 12, DEADLINE, 12000,
     EVENTS(NOT_YET), POLLS_BEHIND(1001, 11000)},
    {"one that leaves just that room does not", 5, 12, DEADLINE, 12000, EVENTS(NOT_YET),
     POLLS_BEHIND(1000, 6000, 11000)},
    {"a jitter beyond the edge: the poll stands at the edge", 5, 7, TOKEN, 6000, EVENTS(A_TOKEN),
     POLLS_BEHIND(2500, 6000)},
    {"beyond the deadline: as late as the interval demands", 5, 6, TOKEN, 5000, EVENTS(A_TOKEN),
     POLLS_BEHIND(2500, 5000)},
    {"no poll for the jitter's sake where no interval fits", 5, 5, DEADLINE, 5000, EVENTS(A_TOKEN),
     NO_POLL_BEHIND(2500)},
    {"anything else ends at once", 5, 600, DEVICE_FLOW_UNEXPECTED, 5000, EVENTS(AT_ONCE(DEVICE_FLOW_UNEXPECTED)),
     POLLS(5000)},
};

struct trace {
    int64_t polls_ms[POLLS_MAX], received_ms[POLLS_MAX];
    enum device_flow_outcome outcomes[POLLS_MAX];
    size_t poll_count;
    enum device_flow_outcome verdict;
    int64_t verdict_ms;
};

/* Where events and clock come from. */
struct world {
    struct event (*event)(void *context, size_t index);
    int64_t (*oversleep_ms)(void *context);
    void *context;
};

static void check_after_verdict(struct device_flow *flow, enum device_flow_outcome verdict, int64_t now_ms)
{
    device_flow_take(flow, PENDING, -1, now_ms);
    device_flow_take(flow, TOKEN, -1, now_ms);
    for (int64_t later_ms = 0; later_ms < 100000; later_ms += 999) {
        struct device_flow_step step = device_flow_next(flow, now_ms + later_ms);
        ck_assert_int_eq(step.action, DEVICE_FLOW_END);
        ck_assert_int_eq(step.outcome, verdict);
    }
}

static void poll_once(struct device_flow *flow, struct trace *trace, const struct device_flow_step *step,
                      struct event event, int64_t *now_ms)
{
    size_t i = trace->poll_count++;

    ck_assert_uint_lt(i, POLLS_MAX);
    ck_assert_int_ge(step->timeout_ms, 1);
    ck_assert_int_le(step->timeout_ms, 30000);
    trace->polls_ms[i] = *now_ms;
    if (event.takes_ms > step->timeout_ms)
        event = (struct event){FAILS, 0, step->timeout_ms};
    *now_ms += event.takes_ms;
    trace->received_ms[i] = *now_ms;
    trace->outcomes[i] = event.outcome;
    device_flow_take(flow, event.outcome, event.retry_after_s ? event.retry_after_s : -1, *now_ms);
}

static void run(struct device_flow *flow, const struct world *world, struct trace *trace)
{
    int64_t now_ms = START_MS;

    trace->poll_count = 0;
    for (;;) {
        struct device_flow_step step = device_flow_next(flow, now_ms);
        if (step.action == DEVICE_FLOW_END) {
            trace->verdict = step.outcome;
            trace->verdict_ms = now_ms;
            check_after_verdict(flow, step.outcome, now_ms);
            return;
        }
        if (step.action == DEVICE_FLOW_WAIT) {
            ck_assert_int_gt(step.until_ms, now_ms);
            ck_assert_int_le(step.until_ms, flow->deadline_ms);
            now_ms = step.until_ms + world->oversleep_ms(world->context);
            continue;
        }
        ck_assert_int_le(now_ms + step.timeout_ms, flow->deadline_ms);
        poll_once(flow, trace, &step, world->event(world->context, trace->poll_count), &now_ms);
    }
}

static struct event scripted_event(void *context, size_t index)
{
    const struct flow_case *row = context;
    return row->events[index < row->event_count ? index : row->event_count - 1];
}

static int64_t no_oversleep(void *context)
{
    (void)context;
    return 0;
}

START_TEST(device_flow_run_keeps_schedule)
{
    struct flow_case row = cases[_i];
    const struct world world = {scripted_event, no_oversleep, &row};
    static struct trace trace;
    struct device_flow flow;

    const struct device_flow_terms terms = {row.interval_s, row.expires_in_s, row.jitter_ms};

    device_flow_start(&flow, START_MS, &terms);
    run(&flow, &world, &trace);
    ck_assert_msg(trace.poll_count == row.poll_count, "%s: %zu polls, wanted %zu", row.name, trace.poll_count,
                  row.poll_count);
    for (size_t i = 0; i < row.poll_count; i++)
        ck_assert_msg(trace.polls_ms[i] - START_MS == row.polls_ms[i], "%s: poll %zu at %lld, wanted %lld", row.name, i,
                      (long long)(trace.polls_ms[i] - START_MS), (long long)row.polls_ms[i]);
    ck_assert_msg(trace.verdict == row.verdict, "%s: verdict %d", row.name, (int)trace.verdict);
    ck_assert_msg(trace.verdict_ms - START_MS == row.verdict_ms, "%s: ended at %lld", row.name,
                  (long long)(trace.verdict_ms - START_MS));
}
END_TEST

START_TEST(device_flow_next_before_time_waits)
{
    struct device_flow flow;

    device_flow_start(&flow, START_MS, &usual);
    for (int64_t ms = 0; ms < 5000; ms++) {
        struct device_flow_step step = device_flow_next(&flow, START_MS + ms);
        ck_assert_int_eq(step.action, DEVICE_FLOW_WAIT);
        ck_assert_int_eq(step.until_ms, START_MS + 5000);
    }
    ck_assert_int_eq(device_flow_next(&flow, START_MS + 5000).action, DEVICE_FLOW_POLL);
}
END_TEST

START_TEST(device_flow_next_limits_request)
{
    static const struct {
        int64_t at_ms, timeout_ms;
    } rows[] = {{5000, 30000}, {570000, 30000}, {570001, 29999}, {599000, 1000}, {599999, 1}};
    struct device_flow flow;

    device_flow_start(&flow, START_MS, &usual);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_int_eq(device_flow_next(&flow, START_MS + rows[i].at_ms).timeout_ms, rows[i].timeout_ms);
    ck_assert_int_eq(device_flow_next(&flow, START_MS + 600000).outcome, DEVICE_FLOW_DEADLINE);
}
END_TEST

START_TEST(device_flow_next_after_suspend_past_deadline_ends)
{
    struct device_flow flow;

    device_flow_start(&flow, START_MS, &usual);
    struct device_flow_step step = device_flow_next(&flow, START_MS + INT64_C(86400000));
    ck_assert_int_eq(step.action, DEVICE_FLOW_END);
    ck_assert_int_eq(step.outcome, DEVICE_FLOW_DEADLINE);
    check_after_verdict(&flow, DEVICE_FLOW_DEADLINE, START_MS + INT64_C(86400000));
}
END_TEST

START_TEST(device_flow_next_after_suspend_polls_once)
{
    struct device_flow flow;

    device_flow_start(&flow, START_MS, &usual);
    ck_assert_int_eq(device_flow_next(&flow, START_MS + 300000).action, DEVICE_FLOW_POLL);
    device_flow_take(&flow, PENDING, -1, START_MS + 300000);
    struct device_flow_step step = device_flow_next(&flow, START_MS + 300000);
    ck_assert_int_eq(step.action, DEVICE_FLOW_WAIT);
    ck_assert_int_eq(step.until_ms, START_MS + 305000);
}
END_TEST

/* Random scripts: the invariants are computed here on their own. */

struct dice {
    uint64_t state;
    int64_t oversleep_max_ms, takes_max_ms;
    bool only_pending;
};

static int64_t roll(struct dice *dice, int64_t below)
{
    dice->state = dice->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((dice->state >> 33) % (uint64_t)below);
}

static struct event random_event(void *context, size_t index)
{
    static const enum device_flow_outcome outcomes[] = {PENDING, PENDING, PENDING, PENDING, SLOW,
                                                        FAILS,   FAILS,   FAILS,   FAILS,   FAILS};
    struct dice *dice = context;
    struct event event = {PENDING, 0, roll(dice, dice->takes_max_ms)};

    (void)index;
    if (dice->only_pending)
        return event;
    event.outcome = roll(dice, 60) ? outcomes[roll(dice, 10)] : TOKEN;
    if (roll(dice, 4) == 0)
        event.retry_after_s = roll(dice, 3) ? 1 + roll(dice, 120) : INT64_MAX;
    return event;
}

static int64_t random_oversleep(void *context)
{
    struct dice *dice = context;
    return dice->oversleep_max_ms && roll(dice, 8) == 0 ? roll(dice, dice->oversleep_max_ms) : 0;
}

static void check_gaps(const struct trace *trace, int64_t interval_s)
{
    int64_t interval_ms = interval_s * 1000;
    int64_t received_ms = START_MS;

    for (size_t i = 0; i < trace->poll_count; i++) {
        ck_assert_int_ge(trace->polls_ms[i] - received_ms, interval_ms);
        received_ms = trace->received_ms[i];
        if (trace->outcomes[i] == SLOW)
            interval_ms += 5000;
    }
}

START_TEST(device_flow_run_random_scripts_hold_invariants)
{
    static struct trace trace;
    size_t tokens = 0, deadlines = 0;

    for (uint64_t seed = 1; seed <= 4000; seed++) {
        struct dice dice = {.state = seed * 977, .oversleep_max_ms = seed % 2 ? 200000 : 0, .takes_max_ms = 1};
        if (seed % 3)
            dice.takes_max_ms = seed % 3 == 1 ? 800 : 40000;
        const struct world world = {random_event, random_oversleep, &dice};
        int64_t interval_s = 1 + roll(&dice, seed % 5 ? 15 : 3600);
        int64_t expires_in_s = 1 + roll(&dice, seed % 7 ? 1800 : 86400 / 8);
        const struct device_flow_terms terms = {interval_s, expires_in_s, roll(&dice, interval_s * 500 + 1)};
        int64_t deadline_ms = START_MS + expires_in_s * 1000;
        struct device_flow flow;

        device_flow_start(&flow, START_MS, &terms);
        run(&flow, &world, &trace);
        check_gaps(&trace, interval_s);
        if (trace.verdict == DEVICE_FLOW_DEADLINE) {
            deadlines++;
            ck_assert_int_ge(trace.verdict_ms, deadline_ms);
            ck_assert(seed % 2 || trace.verdict_ms == deadline_ms);
        } else {
            tokens++;
            ck_assert_int_eq(trace.verdict, TOKEN);
            ck_assert_int_le(trace.verdict_ms, deadline_ms);
        }
    }
    ck_assert_uint_gt(tokens, 500);
    ck_assert_uint_gt(deadlines, 500);
}
END_TEST

/* With replies within a second, an approval up to the edge is always seen. */
START_TEST(device_flow_run_pending_ends_with_poll_at_edge)
{
    static struct trace trace;

    for (uint64_t seed = 1; seed <= 2000; seed++) {
        struct dice dice = {.state = seed * 31, .takes_max_ms = 1000, .only_pending = true};
        const struct world world = {random_event, random_oversleep, &dice};
        int64_t interval_s = 1 + roll(&dice, 60);
        int64_t expires_in_s = interval_s + 1 + roll(&dice, 600);
        const struct device_flow_terms terms = {interval_s, expires_in_s, roll(&dice, interval_s * 500 + 1)};
        struct device_flow flow;

        device_flow_start(&flow, START_MS, &terms);
        run(&flow, &world, &trace);
        check_gaps(&trace, interval_s);
        ck_assert_uint_ge(trace.poll_count, 1);
        int64_t last_ms = trace.polls_ms[trace.poll_count - 1];
        ck_assert_int_ge(last_ms, START_MS + expires_in_s * 1000 - DEVICE_FLOW_EDGE_MS);
        ck_assert_int_lt(last_ms, START_MS + expires_in_s * 1000);
        ck_assert_int_eq(trace.verdict_ms, START_MS + expires_in_s * 1000);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login/device_flow");
    TCase *tests = tcase_create("device_flow");

    tcase_add_loop_test(tests, device_flow_run_keeps_schedule, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tests, device_flow_next_before_time_waits);
    tcase_add_test(tests, device_flow_next_limits_request);
    tcase_add_test(tests, device_flow_next_after_suspend_past_deadline_ends);
    tcase_add_test(tests, device_flow_next_after_suspend_polls_once);
    tcase_add_test(tests, device_flow_run_random_scripts_hold_invariants);
    tcase_add_test(tests, device_flow_run_pending_ends_with_poll_at_edge);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
