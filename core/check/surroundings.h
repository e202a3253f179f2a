/* SPDX-License-Identifier: Apache-2.0
 *
 * surroundings - what of the process and around it foreign code should leave as it was: descriptors, threads, children,
 * signals, environment, directory, umask, locale, files in the directory and the home.
 */
#ifndef CORE_CHECK_SURROUNDINGS_H
#define CORE_CHECK_SURROUNDINGS_H

#include "base/buf.h"

struct surroundings {
    struct buf lines; /* a line each thing */
};

#define SURROUNDINGS_INIT \
    { \
        .lines = BUF_INIT((size_t)1 << 20) \
    }

/* `home` is looked into, and the current directory. */
void surroundings_take(struct surroundings *surroundings, const char *home);

/* Appends the first difference to `out`, "now there is: ..." or "is gone: ..."; nothing where there is none. An
 * environment variable is told by its name. `spared` is the path that a new descriptor may have; NULL for none. */
void surroundings_compare(const struct surroundings *before, const struct surroundings *after, const char *spared,
                          struct buf *out);

void surroundings_release(struct surroundings *surroundings);

#endif
