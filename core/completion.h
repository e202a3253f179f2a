/* SPDX-License-Identifier: Apache-2.0
 *
 * completion - shell completion scripts for bash, zsh and fish, printed from the tables that parse.
 */
#ifndef CORE_COMPLETION_H
#define CORE_COMPLETION_H

#include "base/buf.h"
#include "loader.h"

/* `shell` is "bash", "zsh" or "fish". Covers built-in commands and every plugin that would be opened, with their
 * subcommands, flags and enum choices (plugins are opened for their records). */
plexctl_status completion_script(struct loader *loader, const char *shell, struct buf *out, struct error *err);

#endif
