/* SPDX-License-Identifier: Apache-2.0
 *
 * option_required - what a command cannot do without, told apart from parsing so that --help works without it.
 */
#ifndef CORE_OPTION_REQUIRED_H
#define CORE_OPTION_REQUIRED_H

#include "options.h"

/* PLEXCTL_USAGE that names all required flags and arguments that are missing from `values`, unless one that waives them
 * is given, a BOOL as true. */
plexctl_status option_required_check(const struct plexctl_command *command, const struct option_values *values,
                                     struct error *err);

#endif
