/* SPDX-License-Identifier: Apache-2.0
 *
 * loader - where plugins are looked for, which are trusted, and how they are opened: every decision to run foreign
 * code.
 *
 * Order: LIBDIR/plexctl/commands, plexctl's own (LIBDIR is found from where the executable lies, so that a moved tree
 * works) and never shadowed; the absolute elements of PLEXCTL_PLUGIN_PATH; ~/.local/lib/plexctl/plugins;
 * LIBDIR/plexctl/plugins, for packages of third parties. Under AT_SECURE the two in the middle, which the environment
 * names, are left out. No current directory, no PATH, no recursion. Running a command scans nothing: one openat a
 * directory.
 *
 * Trust: each directory and its parents, walked by descriptor from /: owned by root or us, not writable by others (a
 * sticky parent passes where the next component is root's or ours). The file: regular, likewise, its note read through
 * the same descriptor. Then dlopen("/proc/self/fd/<file>", RTLD_NOW | RTLD_LOCAL): no other file can be loaded in its
 * place, not even by a user who exchanges his own; for that, a plugin has no $ORIGIN. The descriptor stays open, and
 * nothing is dlclose'd. A refusal names file, rule, what was found, what is wanted and the fix.
 */
#ifndef CORE_LOADER_H
#define CORE_LOADER_H

#include <stdbool.h>

#include "base/error.h"
#include "http/http.h"
#include "plugin_listing.h"

struct loader;

/* Reads the environment, opens nothing yet. */
plexctl_status loader_new(struct loader **ret_loader, struct error *err);

/* The same with plexctl's own library directory (absolute) named by the caller, and AT_SECURE: for loader_new, and for
 * tests. */
plexctl_status loader_new_at(const char *library_dir, bool is_secure, struct loader **ret_loader, struct error *err);
void loader_free(struct loader *loader);

/* plexctl's own, absolute: "/usr/lib/plexctl". Lives as long as the loader. */
const char *loader_library_dir(const struct loader *loader);

struct loaded_plugin {
    const struct plexctl_plugin *plugin; /* lives as long as the process */
    struct plexctl_note note;
    char *path;       /* malloc'd */
    bool is_built_in; /* from plexctl's own directory: may be granted PLEXCTL_NEEDS_CREDENTIALS */
};

/* Opens the plugin that serves `word` (a command word). PLEXCTL_NOT_FOUND where no directory has one (err says so); any
 * other failure is a refusal of the first file found. The record was checked: sizes, name equal to the note's and
 * `word`, needs, flags without a clash with the persistent ones. The caller releases it. */
plexctl_status loader_open(struct loader *loader, const char *word, struct loaded_plugin *ret_plugin,
                           struct error *err);
void loaded_plugin_release(struct loaded_plugin *plugin);

/* The same of one directory (absolute), wherever else the word is served. */
plexctl_status loader_open_in(const char *path, const char *word, struct loaded_plugin *ret_plugin, struct error *err);

/* plugin_listing_each over the search path. */
plexctl_status loader_each(struct loader *loader, plugin_visit *visit, void *context, struct error *err);

/* plexctl-http.so from plexctl's own library directory, opened at the first call, trusted like a plugin. The libraries
 * that it brings are bound as they were linked to be, most of them function by function. */
plexctl_status loader_http(struct loader *loader, const struct http_module **ret_module, struct error *err);

/* From now on loader_http gives `module`, which outlives the loader. */
void loader_put_http(struct loader *loader, const struct http_module *module);

#endif
