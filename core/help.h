/* SPDX-License-Identifier: Apache-2.0
 *
 * help - usage text from the same tables that parse: for the program, from the plugins' notes; for a command, from its
 * record.
 */
#ifndef CORE_HELP_H
#define CORE_HELP_H

#include "base/buf.h"
#include "loader.h"

/* Commands (built-in ones and every plugin that would be opened, sorted), persistent flags, environment, exit codes.
 * Opens no plugin. */
plexctl_status help_program(struct loader *loader, struct buf *out, struct error *err);

/* Summary, synopsis, description, examples, flags, arguments, subcommands, persistent flags, exit codes. `parent` is
 * the command above a subcommand, NULL otherwise. Foreign text is sanitised. */
plexctl_status help_command(const struct plexctl_command *command, const struct plexctl_command *parent,
                            struct buf *out, struct error *err);

/* Whether the command accepts the persistent flag of that name without effect. */
bool help_is_inert(const struct plexctl_command *command, const char *flag);

/* "plexctl login --domain-id UUID --idp-binding-id UUID [--profile-name PROFILE] [flags]": one line, for help and man
 * pages. */
void help_synopsis(const struct plexctl_command *command, const struct plexctl_command *parent, struct buf *out);

#endif
