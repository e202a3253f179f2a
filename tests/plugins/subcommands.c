/* SPDX-License-Identifier: Apache-2.0
 *
 * subcommands - two subcommands, one of them with a flag, and no run of its own.
 */
#include <plexctl/plugin.h>

static plexctl_status list_run(const struct plexctl_host *host)
{
    return host->output->line(host, "list");
}

static plexctl_status show_run(const struct plexctl_host *host)
{
    return host->output->line(host, host->values->boolean(host, "all") ? "show all" : "show");
}

static const struct plexctl_flag show_flags[] = {{.name = "all", .help = "Show everything", .type = PLEXCTL_BOOL}};
static const struct plexctl_command list = {
    .size = sizeof list, .name = "list", .summary = "List them", .run = list_run};
static const struct plexctl_command show = {
    .size = sizeof show, .name = "show", .summary = "Show one", .flags = PLEXCTL_ROWS(show_flags), .run = show_run};

static const struct plexctl_command *const below[] = {&list, &show, NULL};
static const struct plexctl_command subcommands = {
    .size = sizeof subcommands, .name = "subcommands", .summary = "Have some below", .subcommands = below};
PLEXCTL_PLUGIN("subcommands", "1.0.0", "Have some below", &subcommands)
