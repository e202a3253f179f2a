/* SPDX-License-Identifier: Apache-2.0
 *
 * shell_words - the words of a command line as far as it is typed, without their quotes. Nothing in it is evaluated:
 * "$HOME" and "$(date)" are words of these characters.
 */
#ifndef CORE_SHELL_WORDS_H
#define CORE_SHELL_WORDS_H

#include <stdbool.h>

#include "base/buf.h"

struct shell_words {
    char **rows;    /* malloc'd, each malloc'd; the last is the one being typed, "" behind a blank */
    size_t count;   /* at least 1 */
    char quote;     /* the quote that is open in the last word, ' or "; '\0' for none */
    bool is_active; /* the last word holds what bash would act on: "$x", "$(date)", "<(date)" */
    size_t kept;    /* the bytes of the last word that bash leaves on the line when it puts in what was found */
};

#define SHELL_WORDS_INIT \
    { \
        0 \
    }
#define auto_shell_words __attribute__((cleanup(shell_words_release)))

/* The words behind the first, which is the command. `line` is bash's command line up to the cursor, `breaks` its
 * COMP_WORDBREAKS: bash replaces no more than what stands behind the last of these characters, or behind an open quote.
 */
plexctl_status shell_words_split(const char *line, const char *breaks, struct shell_words *ret_words,
                                 struct error *err);

/* Words that a shell has parted and unquoted itself; none is one that is empty. */
plexctl_status shell_words_copy(int count, char *const words[], struct shell_words *ret_words, struct error *err);

void shell_words_release(struct shell_words *words);

#endif
