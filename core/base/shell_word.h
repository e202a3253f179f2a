/* SPDX-License-Identifier: Apache-2.0
 *
 * shell_word - text as one word of a command that a person copies into a shell. Nothing in it is evaluated there.
 */
#ifndef CORE_BASE_SHELL_WORD_H
#define CORE_BASE_SHELL_WORD_H

#include <stdbool.h>

#include "base/buf.h"

/* Of a word in a message, which holds it up to four times, with its quotes. */
#define SHELL_WORD_SHOWN_BYTES 256

/* Appends `text`, in single quotes unless it is plain, with text_sanitise's escapes in place of what is not safe for a
 * terminal. */
void shell_word_append(struct buf *out, const char *text);

/* The same in SHELL_WORD_SHOWN_BYTES at most: a longer word is cut and ends in "...", within its quotes. */
void shell_word_show(struct buf *out, const char *text);

/* True if what shell_word_show appends is read back as `text`; otherwise no command may be built with it. */
bool shell_word_is_whole(const char *text);

/* Appends `text` so that bash reads it back as it is, where the person has typed the opening `quote`, ' or " ('\0' for
 * none: backslashes then). The closing quote readline puts behind it, unless the text ends like one; then it is here.
 */
void shell_word_complete(struct buf *out, const char *text, char quote);

/* Appends `text` in single quotes, so that a POSIX shell reads it back byte for byte; or `is_fish`, fish. For a shell
 * to evaluate, not for a person to look at: nothing is escaped for a terminal. */
void shell_word_quote(struct buf *out, const char *text, bool is_fish);

#endif
