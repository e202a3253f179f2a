/* SPDX-License-Identifier: Apache-2.0
 *
 * env_command - `plexctl env`: server and token as the variables that Terraform's provider reads, to be evaluated by a
 * shell or read as json or yaml. A command of core's own, since a token enters no plugin.
 */
#ifndef CORE_ENV_COMMAND_H
#define CORE_ENV_COMMAND_H

#include "app.h"

extern const struct plexctl_command env_command;

/* Resolves server and token as for any command. Without --reveal-secrets PLEXCTL_USAGE before that, and nothing is
 * printed. With it a terminal is no obstacle: who gives it wants to see. */
plexctl_status env_command_run(struct app *app, struct error *err);

#endif
