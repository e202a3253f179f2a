/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_fixture - a tree as YAML, where that must not fail.
 */
#ifndef TESTS_YAML_FIXTURE_H
#define TESTS_YAML_FIXTURE_H

#include <stdint.h>
#include <string.h>

#include "render_yaml.h"
#include "unit.h"

static inline void render(const struct plexctl_json *tree, bool reveal, struct buf *out)
{
    const struct output_style style = {.format = PLEXCTL_OUTPUT_YAML, .reveal_secrets = reveal};
    struct error err = ERROR_INIT;

    ck_assert_msg(render_yaml(tree, &style, out, &err) == PLEXCTL_OK, "%s", err.text);
}

#endif
