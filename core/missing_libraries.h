/* SPDX-License-Identifier: Apache-2.0
 *
 * missing_libraries - which of the libraries that a shared object needs, and that those need, are not on this system.
 */
#ifndef CORE_MISSING_LIBRARIES_H
#define CORE_MISSING_LIBRARIES_H

#include "base/json.h"

/* *ret_names: an array of strings, in the order of the search; empty where all are there. Asks the system's loader, in a
 * process that maps the object and runs nothing of it. PLEXCTL_FAILED where it cannot be asked. */
plexctl_status missing_libraries(const char *path, struct plexctl_json **ret_names, struct error *err);

#endif
