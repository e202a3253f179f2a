/* SPDX-License-Identifier: Apache-2.0
 *
 * forgets-401 - crashes at a 401.
 * fails: a reply of 401 is survived
 */
#include "bad_http.h"

BAD_HTTP("forgets-401", http == 401, CRASH)
