/* SPDX-License-Identifier: Apache-2.0
 *
 * mark - a good plugin that shows that code of it ran: its constructor makes $PLEXCTL_TEST_MARK. Tests write other
 * words and names of the same length over these.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <plexctl/plugin.h>

#define WORD "mark-aaa"

__attribute__((constructor)) static void leave_mark(void)
{
    const char *mark = getenv("PLEXCTL_TEST_MARK");
    int fd = mark ? open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;

    if (fd >= 0)
        (void)close(fd);
}

static plexctl_status mark_run(const struct plexctl_host *host)
{
    return host->output->line(host, "marked");
}

static const struct plexctl_command mark = {
    .size = sizeof mark, .name = WORD, .summary = "Leave a mark", .run = mark_run};
PLEXCTL_PLUGIN(WORD, "1.0.0", "Leave a mark", &mark)
