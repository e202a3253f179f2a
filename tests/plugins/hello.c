/* SPDX-License-Identifier: Apache-2.0
 *
 * hello - a good plugin: nothing is wrong with it.
 */
#include <plexctl/plugin.h>

static plexctl_status hello_run(const struct plexctl_host *host)
{
    host->log->debug(host, "about to say hello");
    return host->output->line(host, "hello");
}

static const struct plexctl_command hello = {
    .size = sizeof hello, .name = "hello", .summary = "Say hello", .run = hello_run};
PLEXCTL_PLUGIN("hello", "1.0.0", "Say hello", &hello)
