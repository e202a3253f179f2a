/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_host.h"

static plexctl_status offer(const struct plexctl_host *table, const char *value, const char *description)
{
    struct fake_host *fake = (struct fake_host *)(uintptr_t)table;

    buf_appendf(&fake->offers, "%s\t%s\n", value, description ? description : "");
    return PLEXCTL_OK;
}

const struct plexctl_host_completion fake_host_completion = {.size = sizeof fake_host_completion, .offer = offer};

plexctl_status fake_host_complete(struct fake_host *fake, plexctl_complete *complete, const char *typed)
{
    fake_host_running = fake;
    plexctl_status status = complete(&fake->table, typed);
    fake_host_running = NULL;
    return status;
}
