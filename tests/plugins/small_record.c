/* SPDX-License-Identifier: Apache-2.0
 *
 * small-record - says that its record is smaller than the first ABI made it.
 */
#include <plexctl/plugin.h>

static plexctl_status small_record_run(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_command small_record = {
    .size = 16, .name = "small-record", .summary = "Leave members out", .run = small_record_run};
PLEXCTL_PLUGIN("small-record", "1.0.0", "Leave members out", &small_record)
