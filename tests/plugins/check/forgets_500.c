/* SPDX-License-Identifier: Apache-2.0
 *
 * forgets-500 - prints its result at a 500.
 * fails: a reply of 500 is survived
 */
#include "bad_http.h"

BAD_HTTP("forgets-500", http == 500, PRINT)
