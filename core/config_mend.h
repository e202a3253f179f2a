/* SPDX-License-Identifier: Apache-2.0
 *
 * config_mend - the command that mends what the system refused beside the config file.
 */
#ifndef CORE_CONFIG_MEND_H
#define CORE_CONFIG_MEND_H

#include "base/error.h"

/* Appends "; <why, and the command>" to a failure that comes of base/file and names no remedy yet, after the errno in
 * it and what `path` - the file, directory or lock file that was refused - is like now; where it does not exist, the
 * nearest directory above. Cancellation and lack of memory stay as they are. Returns the status that was set. */
plexctl_status config_mend(const char *path, struct error *err);

/* The same for a lock file that could not be opened or locked in time. */
plexctl_status config_mend_lock(const char *path, struct error *err);

#endif
