/* SPDX-License-Identifier: Apache-2.0
 *
 * render_yaml - a result tree as one YAML document, by libyaml's emitter; the only user of that library.
 */
#ifndef CORE_RENDER_YAML_H
#define CORE_RENDER_YAML_H

#include "output.h"

/* PLEXCTL_FAILED where libyaml is not there. render_yaml does it by itself. */
plexctl_status render_yaml_open(struct error *err);

/* Block style, keys in the tree's order. A string that a YAML 1.1 or 1.2 reader could take for another type (yes, 0x1F,
 * 1e3, 12:30, ~, a date) is quoted; one with control, bidi or zero-width characters is written with escapes, and then
 * everything beyond ASCII in that document is. */
plexctl_status render_yaml(const struct plexctl_json *result, const struct output_style *style, struct buf *out,
                           struct error *err);

#endif
