/* SPDX-License-Identifier: Apache-2.0
 *
 * browser - starts the operator's browser on a URL, without a shell and without waiting for it.
 *
 * BROWSER is read as xdg-open and Python's webbrowser read it: programs parted by colons, the first one that is there
 * is taken; words parted by blanks, %s in them is the URL, which else comes last. No shell means no quotes and no
 * variables. Without BROWSER it is xdg-open, where there is a graphical session. Refused are, with the reason as the
 * error's text:
 *
 *   a browser for a terminal   by its name, also the one that a link leads to: it would fight for the terminal
 *   an ssh session             the browser would be at the far end; one that a person forwards is asked for there
 *   sudo and raised rights     a browser has no business with them
 *
 * The browser is in a session of its own, on /dev/null, with no other descriptor, and without PLEXSPHERE_TOKEN in its
 * environment. The URL is one of its arguments, which other users of the machine can see while it runs.
 */
#ifndef CORE_BROWSER_H
#define CORE_BROWSER_H

#include "base/error.h"

/* `url` is one that url->parse accepts. PLEXCTL_OK: the program was executed; what becomes of it is not known. */
plexctl_status browser_open(const char *url, struct error *err);

#endif
