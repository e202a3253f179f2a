/* SPDX-License-Identifier: Apache-2.0
 *
 * moment - dates as JSON has them: RFC 3339, UTC, whole seconds.
 */
#ifndef PLUGINS_LOGIN_MOMENT_H
#define PLUGINS_LOGIN_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#define MOMENT_SIZE 32

/* "2026-11-24T12:00:00Z" */
void moment_format(int64_t unix_s, char out[static MOMENT_SIZE]);

/* The other way round; false for anything else. */
bool moment_parse(const char *text, int64_t *ret_unix_s);

#endif
