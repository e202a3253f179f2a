/* SPDX-License-Identifier: Apache-2.0
 *
 * help - usage text from the same tables that parse: for the program, from the plugins' notes; for a command, from its
 * record. Foreign text is sanitised.
 *
 * Short help is a screen, for `--help`: what the command is for, how it is called, two examples, a line a flag,
 * argument and subcommand, and where there is more. Long help, for `plexctl help`, is all that the record
 * says.
 */
#ifndef CORE_HELP_H
#define CORE_HELP_H

#include "help_layout.h"
#include "loader.h"

/* A screen of 24, less the prompt behind it. What is longer loses the empty lines that it has above, from its
 * end on. */
#define HELP_SCREEN_LINES 23

/* Commands (built-in ones and every plugin that would be opened, sorted), persistent flags, environment, exit codes.
 * Both fit a screen where no third party's plugin is installed. Opens no plugin. */
plexctl_status help_program(struct loader *loader, const struct help_page *page, struct error *err);
plexctl_status help_program_short(struct loader *loader, const struct help_page *page, struct error *err);

/* Summary, synopsis, description, examples, flags, arguments, subcommands, persistent flags, exit codes. `parent` is
 * the command above a subcommand, NULL otherwise. */
plexctl_status help_command(const struct plexctl_command *command, const struct plexctl_command *parent,
                            const struct help_page *page, struct error *err);
plexctl_status help_command_short(const struct plexctl_command *command, const struct plexctl_command *parent,
                                  const struct help_page *page, struct error *err);

/* Whether the command accepts the persistent flag of that name without effect. */
bool help_is_inert(const struct plexctl_command *command, const char *flag);

#endif
