/* SPDX-License-Identifier: Apache-2.0
 *
 * bad-constructor - crashes, exits or forks, as $PLEXCTL_TEST_FAULT has it, while it is loaded, or when plexctl ends.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <plexctl/plugin.h>

static int is_asked_for(const char *fault)
{
    const char *asked = getenv("PLEXCTL_TEST_FAULT");

    return asked && strcmp(asked, fault) == 0;
}

__attribute__((constructor)) static void begin(void)
{
    if (is_asked_for("crash"))
        (void)raise(SIGSEGV);
    if (is_asked_for("exit"))
        exit(0);
    if (is_asked_for("fork") && fork() == 0)
        (void)sleep(60); /* and comes back */
}

__attribute__((destructor)) static void end(void)
{
    if (is_asked_for("crash-at-end"))
        (void)raise(SIGSEGV);
}

static plexctl_status bad_constructor_run(const struct plexctl_host *host)
{
    return host->output->line(host, "done");
}

static const struct plexctl_command bad_constructor = {.size = sizeof bad_constructor,
                                                       .name = "bad-constructor",
                                                       .summary = "Fail before it is asked",
                                                       .run = bad_constructor_run};
PLEXCTL_PLUGIN("bad-constructor", "1.0.0", "Fail before it is asked", &bad_constructor)
