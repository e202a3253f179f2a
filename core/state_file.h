/* SPDX-License-Identifier: Apache-2.0
 *
 * state_file - reading one file of the state, as state_store.h describes it.
 */
#ifndef CORE_STATE_FILE_H
#define CORE_STATE_FILE_H

#include <stdbool.h>

#include "base/json.h"

#define STATE_VALUE_MAX_BYTES 65536
#define STATE_FILE_MAX_BYTES (STATE_VALUE_MAX_BYTES + 256)

/* *ret_root is the whole document, also of what has expired, and the caller's to free. PLEXCTL_NOT_FOUND where there is
 * none; PLEXCTL_USAGE, with the command that mends it, where it is not what plexctl writes, or others can write it. */
plexctl_status state_file_read(const char *path, struct plexctl_json **ret_root, int64_t *ret_expires_unix_s,
                               struct error *err);

/* By the wall clock; false of what cannot be read. */
bool state_file_has_expired(const char *path);

#endif
