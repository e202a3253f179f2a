/* SPDX-License-Identifier: Apache-2.0
 *
 * embedded_file - files of the source tree that are compiled in, so that a moved tree has them and nobody else can
 * change them. core/embed.sh makes each table of the list in Makefile.am.
 */
#ifndef CORE_EMBEDDED_FILE_H
#define CORE_EMBEDDED_FILE_H

#include <stddef.h>

struct embedded_file {
    const char *directory; /* the last component of its directory's path: what sets it apart from the table's others */
    const char *name;
    const char *text;
};

/* The files of a new plugin's project, as they lie in core/plugin_template. The directory is the build system that one
 * is for: "make", "meson", "autotools"; "all" for each. In names and texts @name@ is the command word, @ident@ the same
 * with '_' for '-', @steps@ the lines that build, check and install, @package@ the one that installs into a package. */
extern const struct embedded_file plugin_templates[];
extern const size_t plugin_templates_count;

/* The scripts of core/completion, which `make install` also puts where shells look. The directory is the shell. */
extern const struct embedded_file completion_scripts[];
extern const size_t completion_scripts_count;

#endif
