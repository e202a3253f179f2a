/* SPDX-License-Identifier: Apache-2.0
 *
 * silent - fails without a word.
 * fails: failures say why
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_FAILED;
}

BAD("silent", .run = run)
