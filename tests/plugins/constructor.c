/* SPDX-License-Identifier: Apache-2.0
 *
 * constructor - built for another ABI major; were it loaded, its constructor would make $PLEXCTL_TEST_MARK.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <plexctl/plugin.h>

#undef PLEXCTL_ABI_MAJOR
#define PLEXCTL_ABI_MAJOR 2

__attribute__((constructor)) static void leave_mark(void)
{
    const char *mark = getenv("PLEXCTL_TEST_MARK");
    int fd = mark ? open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;

    if (fd >= 0)
        (void)close(fd);
}

static plexctl_status constructor_run(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_command constructor = {
    .size = sizeof constructor, .name = "constructor", .summary = "Run before it is asked", .run = constructor_run};
PLEXCTL_PLUGIN("constructor", "1.0.0", "Run before it is asked", &constructor)
