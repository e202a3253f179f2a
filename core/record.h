/* SPDX-License-Identifier: Apache-2.0
 *
 * record - is what a plugin's function returned fit to be used? Nothing of it is read before its size says it is there.
 */
#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include "base/error.h"

/* Sizes of ABI 1.0's records and rows: a smaller one was not built from any plugin.h. */
#define RECORD_PLUGIN_LEAST_BYTES (offsetof(struct plexctl_plugin, command) + sizeof(void *))
#define RECORD_COMMAND_LEAST_BYTES (offsetof(struct plexctl_command, run) + sizeof(void (*)(void)))
#define RECORD_FLAG_LEAST_BYTES (offsetof(struct plexctl_flag, reserved) + sizeof(uint32_t))
#define RECORD_ARGUMENT_LEAST_BYTES (offsetof(struct plexctl_argument, attributes) + sizeof(uint32_t))
#define RECORD_COLUMN_LEAST_BYTES (offsetof(struct plexctl_column, title) + sizeof(char *))

/* No table has more rows, no command more subcommands. */
#define RECORD_MAX_ROWS 256

/* Checks the plugin's record and the command, flags, arguments, columns and subcommands below it by plugin.h's rules;
 * `note` is the file's. PLEXCTL_FAILED names the violation and its place. That a plugin asks for the right to save
 * credentials is no fault here: whoever runs it decides. */
plexctl_status record_check(const struct plexctl_plugin *plugin, const struct plexctl_note *note, struct error *err);

#endif
