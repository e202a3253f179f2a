/* SPDX-License-Identifier: Apache-2.0
 *
 * config_layout - how the members of an object are set out, so that what is added looks like what is there. Pure.
 */
#ifndef CORE_CONFIG_LAYOUT_H
#define CORE_CONFIG_LAYOUT_H

#include "config_document.h"

/* Members deeper than this never need a layout: 1 is the outermost object's, 3 a profile's. */
#define CONFIG_LAYOUT_MAX_DEPTH 3

/* White space, but for the one ':' in `colon`. */
struct config_layout {
    char lead[160];  /* before a key, after '{' or ',' */
    char colon[16];  /* between key and value */
    char close[160]; /* before '}' */
};

/* The layout of the members of `object`, taken from its last one. An object without members, and white space too long
 * to be worth keeping: that of a new file, two spaces a level, for members at `depth`. */
struct config_layout config_layout_of(const char *bytes, const struct config_object *object, unsigned depth);

/* The layout for members at `depth` that fits the one of the outermost object: one indentation more a level where its
 * members stand on lines of their own, else the same. */
struct config_layout config_layout_at_depth(const struct config_layout *root, unsigned depth);

#endif
