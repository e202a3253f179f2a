/* SPDX-License-Identifier: Apache-2.0
 *
 * reason - why a room of this plugin refused, for devserver.c to hand to host->error->fail. The rooms know no host.
 */
#ifndef DEVSERVER_REASON_H
#define DEVSERVER_REASON_H

#include <plexctl/plugin.h>

struct reason {
    char text[768];
};

/* Records the line "what failed, on what: why; how to mend it", cut at its size; returns `status`. */
__attribute__((format(printf, 3, 4))) plexctl_status reason_set(struct reason *reason, plexctl_status status,
                                                                const char *format, ...);

#endif
