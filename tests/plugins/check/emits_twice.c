/* SPDX-License-Identifier: Apache-2.0
 *
 * emits-twice - prints two results.
 * fails: there is one result
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    struct plexctl_json *result = host->json->object(host);

    (void)host->json->set_integer(result, "number", 1);
    plexctl_status status = host->output->emit(host, result);
    if (status == PLEXCTL_OK)
        status = host->output->emit(host, result);
    return status == PLEXCTL_INVALID ? PLEXCTL_OK : status;
}

BAD("emits-twice", .run = run)
