/* SPDX-License-Identifier: Apache-2.0
 *
 * candidates - what is offered for the word being typed. Foreign text enters here, and leaves as lines that no shell
 * has to look into: what could not stand on a command line as what it is, is dropped.
 */
#ifndef CORE_CANDIDATES_H
#define CORE_CANDIDATES_H

#include <stdbool.h>

#include "base/buf.h"
#include "shell_words.h"

#define CANDIDATES_MAX_BYTES ((size_t)1024 * 1024)
#define CANDIDATES_VALUE_MAX_BYTES 1024

struct candidates {
    const char *typed; /* what each must begin with; borrowed */
    bool no_dash;      /* one that begins with '-' would be taken for a flag */
    bool wants_files;  /* the shell is to offer its files as well */
    struct buf list;   /* value and description, each ended by '\0' */
};

#define CANDIDATES_INIT \
    { \
        .typed = "", .list = BUF_INIT(CANDIDATES_MAX_BYTES) \
    }
#define auto_candidates __attribute__((cleanup(candidates_release)))

/* PLEXCTL_OK also where it is dropped: it does not begin with what is typed, is empty or longer than
 * CANDIDATES_VALUE_MAX_BYTES, begins with '-' against no_dash, or holds what text_sanitise would escape. `description`,
 * NULL for none, is sanitised and cut. PLEXCTL_FAILED where the list is full, which leaves the others. */
plexctl_status candidates_add(struct candidates *candidates, const char *value, const char *description,
                              struct error *err);
void candidates_release(struct candidates *candidates);

/* Appends "words" or "files N" (the shell is to offer its files for what stands behind the first N bytes of the word)
 * and a line for each candidate: the whole word, which is the first `before` bytes of the one being typed and the
 * candidate. For bash what replaces the part of the word that it replaces, quoted; else the plain word, a tab, and the
 * description. */
void candidates_print(const struct candidates *candidates, const struct shell_words *words, size_t before, bool is_bash,
                      struct buf *out);

#endif
