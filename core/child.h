/* SPDX-License-Identifier: Apache-2.0
 *
 * child - runs a function in a process of its own, and in a session of its own, so that a crash, an exit() or a hang of
 * foreign code in it harms nobody.
 */
#ifndef CORE_CHILD_H
#define CORE_CHILD_H

#include <stdbool.h>

#include "base/buf.h"

struct child {
    /* Runs in the child, whose standard input, output and error are /dev/null; what it leaves in `answer` is sent. */
    void (*run)(void *context, struct buf *answer);
    void *context;
    int limit_ms;

    /* Set by child_run */
    bool has_answered; /* `run` returned, and its answer came whole */
    bool is_late;      /* it was killed at the limit */
    int how;           /* as waitpid() tells it */
};

/* PLEXCTL_OK however the child ended; PLEXCTL_CANCELLED after a signal. The child is gone when it returns, and
 * what it started in its session is killed. `answer`, empty before, receives what came. */
plexctl_status child_run(struct child *child, struct buf *answer, struct error *err);

#endif
