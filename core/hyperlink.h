/* SPDX-License-Identifier: Apache-2.0
 *
 * hyperlink - a URL on standard output that can be clicked on (OSC 8). What is seen of it is the URL itself, so that it
 * can be read, copied and typed all the same.
 */
#ifndef CORE_HYPERLINK_H
#define CORE_HYPERLINK_H

#include <stdbool.h>

#include "base/error.h"

/* Whether standard output is a terminal that shows a hyperlink, or at least passes over it. Left out is what gcc leaves
 * out for its own (-fdiagnostics-urls): old VTE and xfce4-terminal, a bare xterm; and GNU screen, which prints the end
 * of a long one. */
bool hyperlink_is_safe(void);

/* `url`, of printable ASCII without spaces, alone on a line; flushed. */
plexctl_status hyperlink_write(const char *url, struct error *err);

#endif
