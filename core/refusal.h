/* SPDX-License-Identifier: Apache-2.0
 *
 * refusal - the two ends of a line that says why a file is not used: which file before it, the fix behind it.
 */
#ifndef CORE_REFUSAL_H
#define CORE_REFUSAL_H

#include "base/error.h"

/* Puts "<path>: " before the text, the path safe for a terminal; returns the status that was set. */
plexctl_status refusal_name_file(struct error *err, const char *path);

/* Puts "; fix: <fix>" behind the text; returns the status that was set. "out of memory" stays as it is. */
plexctl_status refusal_add_fix(struct error *err, const char *fix);

#endif
