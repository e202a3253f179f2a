/* SPDX-License-Identifier: Apache-2.0
 *
 * relocated - has an address in its code that the loader has to write.
 * fails: no text relocations
 * flags: -Wl,-z,notext -Wl,--no-warnings
 */
#include "bad.h"

__asm__(".pushsection .text\n\t.balign 8\n\t.quad plexctl_plugin_v1\n\t.popsection");

static plexctl_status run(const struct plexctl_host *host)
{
    return host->output->line(host, "fine");
}

BAD("relocated", .run = run)
