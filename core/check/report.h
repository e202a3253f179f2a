/* SPDX-License-Identifier: Apache-2.0
 *
 * report - what a run in a child did, in memory that the parent shares: it is there also where the child crashed.
 */
#ifndef CORE_CHECK_REPORT_H
#define CORE_CHECK_REPORT_H

#include <stdbool.h>

#include "base/error.h"

/* How a service can be made to fail. */
#define FAULT_NONE 0
#define FAULT_NO_MEMORY 1
#define FAULT_FAILED 2
#define FAULT_TIMEOUT 3
#define FAULT_401 4
#define FAULT_403 5
#define FAULT_429 6
#define FAULT_500 7
#define FAULT_CANCEL 8 /* a signal comes during a call that blocks */
#define FAULT_COUNT 9

struct fault {
    int kind;
    unsigned at; /* which call fails, of those that can fail so; from 1 */
};

struct run_report {
    bool has_begun;    /* run was called */
    bool has_returned; /* from run */
    plexctl_status returned;
    plexctl_status status; /* what plexctl makes of it, or of the command line where run was not called */
    char text[ERROR_TEXT_SIZE];
    size_t output_size; /* bytes on standard output until the run ended */
};

struct report {
    struct run_report runs[2];
    char unanswered[128];        /* the first request that the recording has no reply to; "" for none */
    unsigned calls[FAULT_COUNT]; /* that could have failed so; of the last run */
    char hit[32];                /* the service that was made to fail; "" for none */
    char last[32];               /* the service that was called last */
    unsigned results, lines_after_result;
    unsigned blocking_calls, calls_after_cancel;
    bool is_endless;   /* the run was ended, since it calls and calls */
    bool wrote_itself; /* to standard output or error, past the host */
    char change[256];  /* in the surroundings: surroundings_compare */
};

#endif
