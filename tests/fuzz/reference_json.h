/* SPDX-License-Identifier: Apache-2.0
 *
 * reference_json - a document as json-c's own strict parser reads it, for oracles: a second opinion that shares no code
 * with core/base. Its names clash with those of core/base/json.h, so it is used in reference_json.c only.
 */
#ifndef TESTS_FUZZ_REFERENCE_JSON_H
#define TESTS_FUZZ_REFERENCE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reference_json;

/* NULL where json-c refuses. The caller frees it. */
struct reference_json *reference_json_read(const char *bytes, size_t size);
void reference_json_free(struct reference_json *document);

/* The document as json-c writes it; valid while the document is. */
const char *reference_json_text(struct reference_json *document);

/* The same values, members in any order. */
bool reference_json_equal(const struct reference_json *one, const struct reference_json *other);

/* Members of the outermost object; NULL or false for one that is not there or of another type. NULL is allowed. */
bool reference_json_has(const struct reference_json *document, const char *key);
const char *reference_json_string(const struct reference_json *document, const char *key);
bool reference_json_integer(const struct reference_json *document, const char *key, int64_t *ret_number);

#endif
