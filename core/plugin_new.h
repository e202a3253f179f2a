/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin_new - `plexctl plugin new NAME`: writes the project of a plugin that builds, tests and installs as it is.
 */
#ifndef CORE_PLUGIN_NEW_H
#define CORE_PLUGIN_NEW_H

#include "app.h"

extern const struct plexctl_command plugin_new_command;

/* Makes the directory (--directory, else NAME; its parent must be there) with the project for --build, and prints what
 * to do next. PLEXCTL_USAGE for a NAME that is no command word or is one of plexctl's own, and for a directory that
 * exists; nothing was written then. PLEXCTL_FAILED where writing fails; what was written stays. */
plexctl_status plugin_new_run(struct app *app, struct error *err);

#endif
