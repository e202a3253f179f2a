/* SPDX-License-Identifier: Apache-2.0
 *
 * poll_run - plays one login against a machine that schedules polls: replies, how long each takes, moments at which the
 * process is stopped, sleeps that end early or, the machine having been suspended, late. Everything is drawn from one
 * source of numbers, random or a fuzzer's bytes, and every step goes through poll_oracle.
 */
#ifndef TESTS_FUZZ_POLL_RUN_H
#define TESTS_FUZZ_POLL_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../plugins/login/device_flow.h"

/* device_flow, or one with a fault for the oracle to find. */
struct poll_machine {
    void (*start)(struct device_flow *flow, int64_t received_ms, const struct device_flow_terms *terms);
    struct device_flow_step (*next)(struct device_flow *flow, int64_t now_ms);
    void (*take)(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                 int64_t received_ms);
};

extern const struct poll_machine poll_machine_device_flow;

struct poll_source {
    int64_t (*draw)(void *context, int64_t below); /* 0 to below - 1; 0 where there is nothing left to draw */
    void *context;
    bool is_calm; /* the clock does what it is told, replies come at once and say authorization_pending */
};

struct poll_report {
    const char *broken; /* the rule; NULL where all held */
    int64_t broken_ms;  /* when, since the start */
    struct device_flow_terms terms;
    size_t polls;
    int64_t last_poll_ms, verdict_ms; /* since the start */
    enum device_flow_outcome verdict;
};

struct poll_report poll_run(const struct poll_machine *machine, const struct poll_source *source);

#endif
