/* SPDX-License-Identifier: Apache-2.0
 *
 * clipboard - asks the terminal to put a text on its person's clipboard (OSC 52), which works through ssh as well, and
 * through tmux where that has "set-clipboard on": as it comes, tmux takes it from no program. A terminal does not say
 * what it did.
 */
#ifndef CORE_CLIPBOARD_H
#define CORE_CLIPBOARD_H

#include <stdbool.h>

#include "base/error.h"

#define CLIPBOARD_MAX_BYTES 1024

/* Whether `text` is 1 to CLIPBOARD_MAX_BYTES bytes without a control byte, which a paste into a shell might obey. */
bool clipboard_takes(const char *text);

/* By standard output, else by standard error, where a line says that the terminal was asked; PLEXCTL_FAILED where
 * neither is a terminal that could. */
plexctl_status clipboard_copy(const char *text, struct error *err);

#endif
