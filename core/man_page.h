/* SPDX-License-Identifier: Apache-2.0
 *
 * man_page - a command's man page in mdoc, from its record.
 */
#ifndef CORE_MAN_PAGE_H
#define CORE_MAN_PAGE_H

#include <stdint.h>

#include "base/buf.h"

/* NAME, SYNOPSIS, DESCRIPTION with flags, arguments and subcommands, EXIT STATUS, EXAMPLES, SEE ALSO. `parent` is the
 * command above a subcommand, NULL otherwise; `unix_s` is the page's date. */
plexctl_status man_page(const struct plexctl_command *command, const struct plexctl_command *parent, int64_t unix_s,
                        struct buf *out, struct error *err);

#endif
