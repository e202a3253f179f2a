/* SPDX-License-Identifier: Apache-2.0
 *
 * dispatch - command word -> plugin -> record -> preconditions -> run.
 *
 * All checks that need no network come first, in this order: flags, --output, types and required flags, server, token,
 * store preflight. How to add a subcommand: a directory in plugins/, a line in Makefile.am, a man page, a test; nothing
 * here changes.
 */
#ifndef CORE_DISPATCH_H
#define CORE_DISPATCH_H

#include "base/error.h"

/* Runs the command line and returns its status; `err` holds the line to print unless it is PLEXCTL_OK. */
plexctl_status dispatch(int argc, char *const argv[], struct error *err);

#endif
