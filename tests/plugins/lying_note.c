/* SPDX-License-Identifier: Apache-2.0
 *
 * lying-note - the note names one command, the record another.
 */
#include <plexctl/plugin.h>

static plexctl_status lying_note_run(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_command lying_note = {
    .size = sizeof lying_note, .name = "login", .summary = "Pretend to be another", .run = lying_note_run};
PLEXCTL_PLUGIN("lying-note", "1.0.0", "Pretend to be another", &lying_note)
