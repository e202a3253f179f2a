/* SPDX-License-Identifier: Apache-2.0
 *
 * event_sink - where lines for another program go: a file, or a descriptor that plexctl was started with. Each line is
 * one write(2), at once.
 */
#ifndef CORE_EVENT_SINK_H
#define CORE_EVENT_SINK_H

#include <stdbool.h>

#include "base/error.h"

struct event_sink {
    int fd; /* -1 while closed */
    bool is_inherited;
};

#define EVENT_SINK_INIT \
    { \
        .fd = -1 \
    }

/* "fd:N", with N from 1, or the name of a file (file_open_log); names in /dev and /proc for a descriptor are as good as
 * fd:N. PLEXCTL_USAGE where it is none that can be written, a file that standard output or error goes to, or one of
 * plexctl's own. The
 * children of this process do not get it, standard output and error excepted. The caller closes it. */
plexctl_status event_sink_open(const char *target, struct event_sink *ret_sink, struct error *err);

/* `line` with its newline. After a failure the sink is closed. */
plexctl_status event_sink_write(struct event_sink *sink, const char *line, size_t len, struct error *err);

void event_sink_close(struct event_sink *sink);

#endif
