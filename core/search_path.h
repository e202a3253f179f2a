/* SPDX-License-Identifier: Apache-2.0
 *
 * search_path - the directories that plugins are looked for in, in order. Names only: it opens nothing.
 */
#ifndef CORE_SEARCH_PATH_H
#define CORE_SEARCH_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct search_directory {
    char *path; /* malloc'd; absolute */
    bool is_built_in;
};

struct search_path {
    struct search_directory *rows; /* malloc'd */
    size_t count;
};

#define SEARCH_PATH_INIT \
    { \
        0 \
    }

/* The library directory: `from_bin` (relative) from the directory of `executable`, malloc'd. */
plexctl_status search_path_find_library(const char *executable, const char *from_bin, char **ret_library_dir,
                                        struct error *err);

/* The library directory's "commands", which alone is built in; then the elements of the colon-separated `plugin_path`,
 * `home`/.local/lib/plexctl/plugins, and the library directory's "plugins", where packages of third parties install.
 * plexctl's own have a directory of their own because in a prefix of ~/.local the last two are the same. Relative and
 * empty elements, and a relative home, are left out, as is a directory named before. `plugin_path` and `home` may be
 * NULL. The caller releases the path. */
plexctl_status search_path_build(const char *library_dir, const char *plugin_path, const char *home,
                                 struct search_path *ret_path, struct error *err);
void search_path_release(struct search_path *path);

#endif
