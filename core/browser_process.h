/* SPDX-License-Identifier: Apache-2.0
 *
 * browser_process - executes a program that is nobody's child: in a session of its own, on /dev/null, with no other
 * descriptor, with signals as they are by default, and without PLEXSPHERE_TOKEN in its environment. It is not waited for,
 * and leaves no zombie.
 */
#ifndef CORE_BROWSER_PROCESS_H
#define CORE_BROWSER_PROCESS_H

#include "base/error.h"

/* PLEXCTL_OK once it is executed. `words` are ended by NULL. */
plexctl_status browser_process_start(const char *path, char *const words[], struct error *err);

#endif
