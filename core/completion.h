/* SPDX-License-Identifier: Apache-2.0
 *
 * completion - the completion scripts of bash, zsh and fish, as they lie in core/completion and are installed. They
 * name no command: at each Tab they ask `plexctl __complete` (completion_answer.h), so that a plugin completes as soon
 * as it is installed. Nothing that was typed or answered is ever evaluated in them: it is passed on in quoted words.
 *
 * bash: for 4.3 and later, without the bash-completion package as well. The answer is quoted as bash wants it, and
 * begins where the text begins that bash replaces. zsh: a function to be autoloaded, or the same text sourced. fish:
 * without -f in force it offers files; it puts in a leading "~" without a backslash, so that another word would come of
 * it.
 */
#ifndef CORE_COMPLETION_H
#define CORE_COMPLETION_H

#include "base/error.h"

/* `shell` is "bash", "zsh" or "fish"; *ret_script is constant. PLEXCTL_USAGE for another. */
plexctl_status completion_script(const char *shell, const char **ret_script, struct error *err);

#endif
