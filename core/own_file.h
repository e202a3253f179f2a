/* SPDX-License-Identifier: Apache-2.0
 *
 * own_file - the files that plexctl alone writes: the config file, its lock, and what lies in the state directory.
 */
#ifndef CORE_OWN_FILE_H
#define CORE_OWN_FILE_H

#include "base/error.h"

/* PLEXCTL_USAGE where `path` is one of them, by whatever name (a hard link to the lock passes), or would become one. A
 * slip of the operator's is to be found, not a race with somebody else. */
plexctl_status own_file_refuse(const char *path, struct error *err);

#endif
