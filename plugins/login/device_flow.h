/* SPDX-License-Identifier: Apache-2.0
 *
 * device_flow - when to poll and when to stop (RFC 8628 sections 3.4 and 3.5), as a state machine without I/O: it is
 * told what came and what the clock says, and says what to do next.
 *
 *     device_flow_start(&flow, now, &terms);   when the device-code reply was received
 *     for (;;) {
 *         step = device_flow_next(&flow, now);
 *         WAIT: sleep until step.until_ms.   END: step.outcome is the verdict.
 *         POLL: ask once, for step.timeout_ms at most, then device_flow_take(&flow, what came, when it came).
 *     }
 *
 * What holds for every script of replies and every clock that does not go back:
 *
 *   - From a reply to the next poll passes at least the interval. `slow_down` lengthens it by 5 s for good.
 *   - The first poll is later than that by the jitter, once, and so all that follow are: clients that a fleet's script
 *     starts in the same second do not ask in the same second for as long as they wait. The jitter never makes a poll
 *     earlier, and gives way to the edge.
 *   - After a transient failure the wait doubles, from the interval up to 60 s, or the interval if that is longer, and
 *     is at least what Retry-After asks. A good reply brings it back to the interval.
 *   - Nothing goes past the deadline, neither a wait nor a poll's request. A poll at the very deadline would have no
 *     time left for its reply, so the edge, where the last poll stands, is a second before it. A poll that would leave
 *     no room for a whole interval up to the edge is put off to the edge: otherwise the last one would come too soon
 *     after it, or an approval in the last interval would go unseen. That loses no poll: with replies at once, as many
 *     come up to the edge as intervals fit behind the jitter, and one where none does but an interval alone would.
 *     It then stands there whatever backoff or Retry-After ask for: there is no later. Where even the interval passes
 *     the edge, the last poll is as late as the interval demands, and left out where that is the deadline.
 *   - One verdict, at once for a reply that ends the login, at the deadline otherwise; no poll after it.
 */
#ifndef PLUGINS_LOGIN_DEVICE_FLOW_H
#define PLUGINS_LOGIN_DEVICE_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#define DEVICE_FLOW_REQUEST_MAX_MS 30000
#define DEVICE_FLOW_EDGE_MS 1000 /* the last poll starts this long before the deadline */

enum device_flow_outcome {
    DEVICE_FLOW_PENDING,   /* authorization_pending */
    DEVICE_FLOW_SLOW_DOWN, /* slow_down */
    DEVICE_FLOW_TRANSIENT, /* no whole reply, 429, 5xx */
    /* those that end the login */
    DEVICE_FLOW_TOKEN,
    DEVICE_FLOW_ACCESS_DENIED,
    DEVICE_FLOW_EXPIRED_TOKEN,
    DEVICE_FLOW_INVALID_GRANT,
    DEVICE_FLOW_FORBIDDEN,  /* 403 */
    DEVICE_FLOW_UNEXPECTED, /* anything else */
    /* never taken, only a verdict */
    DEVICE_FLOW_DEADLINE
};

enum device_flow_action { DEVICE_FLOW_WAIT, DEVICE_FLOW_POLL, DEVICE_FLOW_END };

struct device_flow_step {
    enum device_flow_action action;
    int64_t until_ms;                 /* WAIT */
    int64_t timeout_ms;               /* POLL: 1 to DEVICE_FLOW_REQUEST_MAX_MS */
    enum device_flow_outcome outcome; /* END */
};

struct device_flow {
    int64_t interval_ms;
    int64_t backoff_ms; /* the last wait without Retry-After */
    int64_t next_poll_ms;
    int64_t deadline_ms;
    bool has_ended;
    enum device_flow_outcome verdict;
};

struct device_flow_terms {
    int64_t interval_s, expires_in_s; /* as validated: 1 to 86,400 */
    int64_t jitter_ms;                /* 0 to half the interval, see jitter.h */
};

void device_flow_start(struct device_flow *flow, int64_t received_ms, const struct device_flow_terms *terms);

struct device_flow_step device_flow_next(struct device_flow *flow, int64_t now_ms);

/* `retry_after_s` counts with DEVICE_FLOW_TRANSIENT only; -1 for none. Ignored after a verdict. */
void device_flow_take(struct device_flow *flow, enum device_flow_outcome outcome, int64_t retry_after_s,
                      int64_t received_ms);

#endif
