/* SPDX-License-Identifier: Apache-2.0
 *
 * poll_oracle - judges a schedule of polls (RFC 8628 section 3.5) step by step, from what came and when, without
 * looking into the machine that makes it. It derives each moment in its own way: the back-off in closed form, the last
 * poll's place from the deadline backwards.
 *
 * Each function answers NULL, or the rule that was broken.
 */
#ifndef TESTS_FUZZ_POLL_ORACLE_H
#define TESTS_FUZZ_POLL_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../plugins/login/device_flow.h"

struct poll_oracle {
    int64_t interval_ms; /* as slow_down has left it */
    int64_t jitter_ms;   /* by which the first poll is later */
    int64_t deadline_ms;
    int64_t reply_ms; /* when the last reply had come, the device-code reply at first */
    int64_t retry_after_ms;
    unsigned failures; /* in a row */
    bool has_asked;    /* a poll has had its reply */
    bool has_ended;
    enum device_flow_outcome verdict;
};

void poll_oracle_start(struct poll_oracle *oracle, int64_t received_ms, const struct device_flow_terms *terms);

/* The machine's answer to "what now?" at `now_ms`. */
const char *poll_oracle_judge(struct poll_oracle *oracle, const struct device_flow_step *step, int64_t now_ms);

/* What came for a poll; `retry_after_s` -1 for none. */
void poll_oracle_take(struct poll_oracle *oracle, enum device_flow_outcome outcome, int64_t retry_after_s,
                      int64_t received_ms);

#endif
