/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin_template - the files of a new plugin's project, as they lie in core/plugin_template. Compiled in, so that a
 * moved tree has them and nobody else can change them.
 *
 * In both texts @name@ is the command word, @ident@ the same with '_' for '-', @steps@ the lines that build, check and
 * install, @package@ the one that installs into a package.
 */
#ifndef CORE_PLUGIN_TEMPLATE_H
#define CORE_PLUGIN_TEMPLATE_H

#include <stddef.h>

struct plugin_template {
    const char *build; /* the build system it is for: "make", "meson", "autotools"; "all" for each */
    const char *file;  /* its name in the project */
    const char *text;
};

extern const struct plugin_template plugin_templates[];
extern const size_t plugin_templates_count;

#endif
