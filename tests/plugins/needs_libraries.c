/* SPDX-License-Identifier: Apache-2.0
 *
 * needs_libraries - is linked with none.c twice, as none.so and as nor_this.so; tests write over these names.
 */
#include <plexctl/plugin.h>

int plexctl_test_none(void);
int plexctl_test_nor_this(void);

static plexctl_status needs_libraries_run(const struct plexctl_host *host)
{
    (void)host;
    return plexctl_test_none() + plexctl_test_nor_this();
}

static const struct plexctl_command needs_libraries = {.size = sizeof needs_libraries,
                                                       .needs = PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN,
                                                       .name = "needs-libraries",
                                                       .summary = "Need what is nowhere",
                                                       .run = needs_libraries_run};
PLEXCTL_PLUGIN("needs-libraries", "1.0.0", "Need what is nowhere", &needs_libraries)
