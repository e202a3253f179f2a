/* SPDX-License-Identifier: Apache-2.0
 *
 * closes-stream - closes standard output, and is content.
 */
#include <unistd.h>

#include <plexctl/plugin.h>

static plexctl_status closes_stream_run(const struct plexctl_host *host)
{
    (void)host;
    return close(STDOUT_FILENO) == 0 ? PLEXCTL_OK : PLEXCTL_FAILED;
}

static const struct plexctl_command closes_stream = {
    .size = sizeof closes_stream, .name = "closes-stream", .summary = "Close a stream", .run = closes_stream_run};
PLEXCTL_PLUGIN("closes-stream", "1.0.0", "Close a stream", &closes_stream)
