/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin_listing - all that lies in the directories where plugins are looked for: what would be run, what is shadowed,
 * what is refused and why. Notes are read, nothing is opened executable.
 */
#ifndef CORE_PLUGIN_LISTING_H
#define CORE_PLUGIN_LISTING_H

#include "plugin_directory.h"

/* One candidate file, in search order, by name within a directory; valid during the visit. */
struct plugin_entry {
    const char *word; /* file name without ".so" */
    const char *path;
    const struct plexctl_note *note; /* NULL where refused */
    const char *shadowed_by;         /* path of the one that is run instead; NULL if this one is run */
    const struct error *refusal;     /* status PLEXCTL_OK where it would be opened */
    bool is_built_in;
};

/* Returns false to end. */
typedef bool plugin_visit(void *context, const struct plugin_entry *entry);

/* Visits every candidate in `rows`, of which an earlier one shadows later ones. A directory that is not trusted is one
 * entry with an empty word. */
plexctl_status plugin_listing_each(struct plugin_directory *rows, size_t count, plugin_visit *visit, void *context,
                                   struct error *err);

#endif
