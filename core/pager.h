/* SPDX-License-Identifier: Apache-2.0
 *
 * pager - shows a text that is longer than the terminal page by page.
 *
 * The pager is PLEXCTL_PAGER, else PAGER, else less. One that is set to nothing, or to "cat", means none. On a dumb
 * terminal only PLEXCTL_PAGER counts, since less and others stop there to complain. As git does, a named one is run by
 * `sh -c`, so that options may stand in the variable: it is the operator's own, who could as well type it. Each gets
 * LESS=FRX where LESS is not set, else what is set behind "-R", without which less would show the sequences of bold
 * letters. It is not run where standard output is no terminal, nor with privileges that the operator has not
 * (AT_SECURE).
 */
#ifndef CORE_PAGER_H
#define CORE_PAGER_H

#include "base/error.h"

/* Writes `text` to standard output, by the pager where it is too long. It comes back when the pager has ended, however
 * that did: PLEXCTL_OK also where it was not read to its end. A pager that cannot be started, or whose shell says so
 * (exit 126 or 127, as git takes it), loses nothing: all is written without it, also where one ends so that has shown
 * it. A signal that asks to stop is met when the pager has ended, which reads it from the terminal too. The pager gets
 * no descriptor beside the standard ones, and no PLEXSPHERE_TOKEN. */
plexctl_status pager_write(const char *text, size_t len, struct error *err);

#endif
