/* SPDX-License-Identifier: Apache-2.0
 *
 * The machine that schedules polls: the bytes are the numbers that poll_run draws a login from.
 */
#include "fuzz.h"
#include "poll_run.h"

const char fuzz_name[] = "poll_machine";

struct bytes {
    const uint8_t *at;
    size_t left;
};

/* As many bytes as the range needs. */
static int64_t draw(void *context, int64_t below)
{
    struct bytes *bytes = context;
    uint64_t number = 0;

    for (uint64_t range = (uint64_t)below - 1; range > 0 && bytes->left > 0; range >>= 8) {
        number = number << 8 | *bytes->at++;
        bytes->left--;
    }
    return (int64_t)(number % (uint64_t)below);
}

static void take(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s, int64_t received_ms)
{
    if (fuzz_planted && outcome == DEVICE_FLOW_SLOW_DOWN)
        outcome = DEVICE_FLOW_PENDING;
    device_flow_take(flow, outcome, retry_after_s, received_ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct poll_machine machine = {device_flow_start, device_flow_next, take};
    struct bytes bytes = {data, size};
    const struct poll_source source = {draw, &bytes, false};

    struct poll_report report = poll_run(&machine, &source);
    fuzz_require(!report.broken, report.broken);
    return 0;
}
