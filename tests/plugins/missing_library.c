/* SPDX-License-Identifier: Apache-2.0
 *
 * missing-library - calls a function that no library has.
 */
#include <plexctl/plugin.h>

plexctl_status plexctl_test_no_such_function(void);

static plexctl_status missing_library_run(const struct plexctl_host *host)
{
    (void)host;
    return plexctl_test_no_such_function();
}

static const struct plexctl_command missing_library = {
    .size = sizeof missing_library, .name = "missing-library", .summary = "Need a library", .run = missing_library_run};
PLEXCTL_PLUGIN("missing-library", "1.0.0", "Need a library", &missing_library)
