/* SPDX-License-Identifier: Apache-2.0
 *
 * bad - what the plugins in here share, each of which makes one check of `plexctl plugin check` fail, and no other: the
 * one that stands behind "fails:". "flags:" are the compiler's.
 */
#ifndef TESTS_PLUGINS_CHECK_BAD_H
#define TESTS_PLUGINS_CHECK_BAD_H

#include <plexctl/plugin.h>

/* `word` with the members that are given beside it. */
#define BAD(word, ...) \
    static const struct plexctl_command bad = { \
        .size = sizeof bad, .name = (word), .summary = "Break one rule", __VA_ARGS__}; \
    PLEXCTL_PLUGIN(word, "1.0.0", "Break one rule", &bad)

/* Never true, which the compiler does not know: what stands behind it is imported, not called. */
#define NEVER(host) ((host)->size == 1)

#endif
