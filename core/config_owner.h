/* SPDX-License-Identifier: Apache-2.0
 *
 * config_owner - whose the config file and what is on the way to it are, and what to do where they are another user's.
 *
 * To take is only what must be the user's own: the directory "plexctl" in a place of the user's, and in it config.json
 * and the lock, none of them a link. Whatever else belongs to another stays theirs; then the place is the wrong one.
 */
#ifndef CORE_CONFIG_OWNER_H
#define CORE_CONFIG_OWNER_H

#include <sys/types.h>

#include "base/buf.h"

/* "alice (uid 1000)" */
void config_owner_name(struct buf *out, uid_t user);

/* PLEXCTL_USAGE, with the command that mends it, where the file or directory `path` is owned by another user than ours.
 */
plexctl_status config_owner_judge(const char *path, uid_t owner, struct error *err);

/* Appends the remedy alone for `path`, which another user than ours owns. */
void config_owner_append_remedy(struct buf *out, const char *path);

#endif
