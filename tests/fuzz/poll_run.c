/* SPDX-License-Identifier: Apache-2.0 */
#include "poll_run.h"

#include "poll_oracle.h"

#define START_MS INT64_C(7000000)
#define DAY_MS INT64_C(86400000)
#define STEPS_MAX 400000 /* a day of polls a second apart, each with its waits */

const struct poll_machine poll_machine_device_flow = {device_flow_start, device_flow_next, device_flow_take};

struct run {
    const struct poll_machine *machine;
    const struct poll_source *source;
    struct device_flow flow;
    struct poll_oracle oracle;
    int64_t now_ms;
    struct poll_report report;
};

static int64_t draw(const struct run *run, int64_t below)
{
    return run->source->draw(run->source->context, below);
}

/* Most often nothing; a scheduler's delay, a stop, a night. */
static int64_t draw_jump_ms(const struct run *run)
{
    static const int64_t below_ms[] = {20, 3000, 200000, 2 * DAY_MS};

    if (run->source->is_calm || draw(run, 8) != 7)
        return 0;
    return draw(run, below_ms[draw(run, 4)]);
}

static enum device_flow_outcome draw_outcome(const struct run *run)
{
    static const enum device_flow_outcome terminal[] = {DEVICE_FLOW_TOKEN,         DEVICE_FLOW_ACCESS_DENIED,
                                                        DEVICE_FLOW_EXPIRED_TOKEN, DEVICE_FLOW_INVALID_GRANT,
                                                        DEVICE_FLOW_FORBIDDEN,     DEVICE_FLOW_UNEXPECTED};

    if (run->source->is_calm)
        return DEVICE_FLOW_PENDING;
    if (draw(run, 40) == 0)
        return terminal[draw(run, 6)];
    switch (draw(run, 8)) {
    case 0:
        return DEVICE_FLOW_SLOW_DOWN;
    case 1:
    case 2:
    case 3:
        return DEVICE_FLOW_TRANSIENT;
    default:
        return DEVICE_FLOW_PENDING;
    }
}

static int64_t draw_retry_after_s(const struct run *run)
{
    static const int64_t odd_s[] = {0, 1, 86400, 86401, INT64_MAX};

    if (run->source->is_calm || draw(run, 3) != 0)
        return -1;
    return draw(run, 4) == 0 ? odd_s[draw(run, 5)] : draw(run, 180);
}

/* A reply may take longer than it was given: the process was stopped meanwhile. */
static int64_t draw_latency_ms(const struct run *run, int64_t timeout_ms)
{
    if (run->source->is_calm)
        return 0;
    int64_t latency_ms = draw(run, draw(run, 2) ? 800 : 40000);
    return (latency_ms < timeout_ms ? latency_ms : timeout_ms) + draw_jump_ms(run);
}

static void poll_once(struct run *run, int64_t timeout_ms)
{
    enum device_flow_outcome outcome = draw_outcome(run);
    int64_t retry_after_s = draw_retry_after_s(run);

    run->report.polls++;
    run->report.last_poll_ms = run->now_ms - START_MS;
    run->now_ms += draw_latency_ms(run, timeout_ms);
    run->machine->take(&run->flow, outcome, retry_after_s, run->now_ms);
    poll_oracle_take(&run->oracle, outcome, retry_after_s, run->now_ms);
    run->now_ms += draw_jump_ms(run);
}

/* Sleeps as told, but wakes early now and then, and late after a jump of the clock. */
static void sleep_until(struct run *run, int64_t until_ms)
{
    if (!run->source->is_calm && draw(run, 16) == 15)
        run->now_ms += draw(run, until_ms - run->now_ms);
    else
        run->now_ms = until_ms + draw_jump_ms(run);
}

/* False where a rule is broken. */
static bool judge(struct run *run, const struct device_flow_step *step)
{
    run->report.broken = poll_oracle_judge(&run->oracle, step, run->now_ms);
    run->report.broken_ms = run->now_ms - START_MS;
    return !run->report.broken;
}

/* The same verdict for good, whatever comes. */
static void insist(struct run *run)
{
    static const enum device_flow_outcome late[] = {DEVICE_FLOW_PENDING, DEVICE_FLOW_TRANSIENT, DEVICE_FLOW_TOKEN};

    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++) {
        run->machine->take(&run->flow, late[i], -1, run->now_ms);
        run->now_ms += 1 + draw(run, 2 * DAY_MS);
        struct device_flow_step step = run->machine->next(&run->flow, run->now_ms);
        if (!judge(run, &step))
            return;
    }
}

static void play(struct run *run)
{
    for (unsigned steps = 0; steps < STEPS_MAX; steps++) {
        struct device_flow_step step = run->machine->next(&run->flow, run->now_ms);
        if (!judge(run, &step))
            return;
        if (step.action == DEVICE_FLOW_END) {
            run->report.verdict = step.outcome;
            run->report.verdict_ms = run->now_ms - START_MS;
            insist(run);
            return;
        }
        if (step.action == DEVICE_FLOW_WAIT)
            sleep_until(run, step.until_ms);
        else
            poll_once(run, step.timeout_ms);
    }
    run->report.broken = "no end";
}

struct poll_report poll_run(const struct poll_machine *machine, const struct poll_source *source)
{
    static const int64_t interval_below_s[] = {3, 16, 61, 3600}, expires_in_below_s[] = {20, 900, 1801, 86400};
    struct run run = {.machine = machine, .source = source, .now_ms = START_MS};
    struct device_flow_terms *terms = &run.report.terms;

    terms->interval_s = 1 + draw(&run, interval_below_s[draw(&run, 4)]);
    terms->expires_in_s = 1 + draw(&run, expires_in_below_s[draw(&run, 4)]);
    terms->jitter_ms = draw(&run, 2) ? draw(&run, terms->interval_s * 500 + 1) : 0;
    machine->start(&run.flow, run.now_ms, terms);
    poll_oracle_start(&run.oracle, run.now_ms, terms);
    run.now_ms += draw_jump_ms(&run);
    play(&run);
    return run.report;
}
