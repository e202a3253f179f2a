/* SPDX-License-Identifier: Apache-2.0
 *
 * wait - the time between two polls, and why it is waited: as a line for --debug, and on a terminal as one that counts
 * down.
 */
#ifndef PLUGINS_LOGIN_WAIT_H
#define PLUGINS_LOGIN_WAIT_H

#include <plexctl/plugin.h>

#include "device_flow.h"

/* What the last poll came to; all zero before the first. */
struct wait {
    enum device_flow_outcome outcome; /* PENDING, SLOW_DOWN or TRANSIENT */
    int32_t http_status;              /* 0 where no whole reply came */
    int64_t retry_after_s;            /* -1 where absent; counts with TRANSIENT only */
    unsigned failures;                /* TRANSIENT ones in a row */
};

/* Sleeps until then, at most until the code expires. On a terminal a progress line shows how long the code lasts and
 * what the last poll came to, once a second; anywhere else nothing wakes it up. The line stays. Returns the sleep's
 * status. */
plexctl_status wait_sleep(const struct wait *wait, const struct plexctl_host *host, const struct device_flow *flow,
                          int64_t until_ms);

/* That line as it is now, where it shows at all: for a poll's tick. */
void wait_show(const struct wait *wait, const struct plexctl_host *host, const struct device_flow *flow);

/* "waiting 10000 ms before the next poll: slow_down, the interval is 10 s" */
void wait_trace(const struct wait *wait, const struct plexctl_host *host, const struct device_flow *flow,
                int64_t until_ms);

#endif
