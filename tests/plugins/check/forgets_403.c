/* SPDX-License-Identifier: Apache-2.0
 *
 * forgets-403 - prints its result at a 403.
 * fails: a reply of 403 is survived
 */
#include "bad_http.h"

BAD_HTTP("forgets-403", status == PLEXCTL_DENIED, PRINT)
