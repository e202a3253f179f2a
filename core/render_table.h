/* SPDX-License-Identifier: Apache-2.0
 *
 * render_table - a result tree as columns for a person. Cells are sanitised, so that a row is one line whatever the
 * server said.
 */
#ifndef CORE_RENDER_TABLE_H
#define CORE_RENDER_TABLE_H

#include "output.h"

/* An object: one "TITLE  value" line a member. An array of objects: a header and one row each; any other array: one
 * line an element. Columns are two spaces apart, padded by display width, without trailing spaces. Arrays of scalars
 * are joined by ", ", deeper values shown as JSON on one line; absent, null and an empty array show as "-". Without
 * columns in `style` there is one a member, in the order of first appearance, titled by its key in upper case. */
plexctl_status render_table(const struct plexctl_json *result, const struct output_style *style, struct buf *out,
                            struct error *err);

#endif
