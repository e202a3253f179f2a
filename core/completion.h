/* SPDX-License-Identifier: Apache-2.0
 *
 * completion - the completion scripts of bash, zsh and fish. They name no command: at each Tab they ask `plexctl
 * __complete` (completion_answer.h), so that a plugin completes as soon as it is installed.
 */
#ifndef CORE_COMPLETION_H
#define CORE_COMPLETION_H

#include "base/error.h"

/* `shell` is "bash", "zsh" or "fish"; *ret_script is constant. PLEXCTL_USAGE for another. */
plexctl_status completion_script(const char *shell, const char **ret_script, struct error *err);

#endif
