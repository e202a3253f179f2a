/* SPDX-License-Identifier: Apache-2.0
 *
 * tables - the host's tables as a plexctl of another minor has them. Behind the end of each is memory that cannot be
 * read, so that a plugin that does not ask PLEXCTL_HAS ends there and then.
 */
#ifndef CORE_CHECK_TABLES_H
#define CORE_CHECK_TABLES_H

#include <stdbool.h>

#include "base/error.h"

/* Copies each table of `host` and makes them read-only; `minor` is one that there was, `is_later` adds to each. */
plexctl_status tables_age(struct plexctl_host *host, uint32_t minor, bool is_later, struct error *err);

#endif
