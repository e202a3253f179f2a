/* SPDX-License-Identifier: Apache-2.0
 *
 * forgets-memory - does not notice that a tree could not be built.
 * fails: out of memory is survived
 */
#include "bad.h"

static plexctl_status run(const struct plexctl_host *host)
{
    struct plexctl_json *result = host->json->object(host);

    (void)host->json->set_integer(result, "number", 1);
    return host->output->line(host, host->json->length(result) ? "one" : "none");
}

BAD("forgets-memory", .run = run)
