/* SPDX-License-Identifier: Apache-2.0
 *
 * forgets-timeout - takes it for granted that there is a reply.
 * fails: no reply in time is survived
 */
#include "bad_http.h"

BAD_HTTP("forgets-timeout", http == 0 && status == PLEXCTL_UNREACHABLE, CRASH)
