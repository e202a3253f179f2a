/* SPDX-License-Identifier: Apache-2.0
 *
 * forgets-429 - prints its result at a 429.
 * fails: a reply of 429 is survived
 */
#include "bad_http.h"

BAD_HTTP("forgets-429", http == 429, PRINT)
