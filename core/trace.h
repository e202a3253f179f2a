/* SPDX-License-Identifier: Apache-2.0
 *
 * trace - what --debug shows: a line on stderr for each thing that is done, "plexctl: debug: ...". Never given a body,
 * a header, a query or a token; what plugins say by log->debug comes here too.
 */
#ifndef CORE_TRACE_H
#define CORE_TRACE_H

#include "app.h"

/* --debug; where it is not given PLEXCTL_DEBUG, which empty and "0" leave off. Off before. */
void trace_configure(const struct option_values *persistent);

bool trace_is_on(void);

/* Nothing where it is off. */
void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The plugin's file, the config file's path, and what the settings came to, with which of flag, environment and profile
 * each is from. */
void trace_settings(const struct app *app);

#endif
