/* SPDX-License-Identifier: Apache-2.0
 *
 * json_fixture - trees from text, where that must not fail, and a secret to look for.
 */
#ifndef TESTS_JSON_FIXTURE_H
#define TESTS_JSON_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "unit.h"

#define CANARY "c4n4ry-0f-4-t0ken-th4t-must-n0t-linger"

/* What the dynamic linker does without memory is in test_late_library. */
static inline void open_json_c(void)
{
    struct error err = ERROR_INIT;
    ck_assert_int_eq(json_open(&err), PLEXCTL_OK);
}

/* Parses a copy that has not one byte more, so that a sanitizer or valgrind sees a byte read too many. */
static inline plexctl_status parse_exact(const char *text, size_t size, struct plexctl_json **ret_root,
                                         struct error *err)
{
    char *exact = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, text, size);
    plexctl_status status = json_parse(exact, size, ret_root, err);
    free(exact);
    return status;
}

static inline struct plexctl_json *parse(const char *text)
{
    struct error err = ERROR_INIT;
    struct plexctl_json *root = NULL;
    ck_assert_msg(parse_exact(text, strlen(text), &root, &err) == PLEXCTL_OK, "%s: %s", text, err.text);
    ck_assert_ptr_nonnull(root);
    return root;
}

#endif
