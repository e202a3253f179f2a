/* SPDX-License-Identifier: Apache-2.0
 *
 * progress - a line on stderr that the next one replaces; nothing where stderr is no terminal that takes escapes.
 *
 * It is the foreground's: where stderr is the controlling terminal and another process group has it (bg, &), nothing is
 * written, and a line that was shown is forgotten, since what stands there now is the shell's. While one is shown,
 * SIGTSTP (C-z) removes it before the process stops as it would have, and it is there again when the process goes on in
 * the foreground. A key that is echoed, and a window made narrower, may leave a copy of it.
 */
#ifndef CORE_PROGRESS_H
#define CORE_PROGRESS_H

#include <stdbool.h>

/* Whether a line would be shown now. */
bool progress_is_possible(void);

/* Sanitised, and cut where it would wrap. NULL removes it; nearly always there is none, and nothing to do. */
void progress_show(const char *text);

#endif
