/* SPDX-License-Identifier: Apache-2.0
 *
 * json - trees of JSON values, held by json-c; the only user of that library. Text is checked by json_scan and built
 * from the same tokens: json-c's own parser saturates integers and leaves copies of strings in freed memory. Readers
 * never convert, and every string is wiped before its memory goes back.
 *
 * A `struct plexctl_json *` (plugin.h's opaque value) is a root or a part of one; a null in a document is a value too,
 * told apart from an absent one. json_free takes a root only. Builders answer NULL or PLEXCTL_NO_MEMORY when memory is
 * short and accept NULL, so that a tree can be built without a check a line.
 *
 * json-c is opened before a plugin is, and else when the first value is made (late_library.h). Where that fails,
 * builders answer as without memory: a builtin that will build a result asks json_open before, which knows the reason.
 */
#ifndef CORE_BASE_JSON_H
#define CORE_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json_scan.h"

/* PLEXCTL_FAILED where json-c is not there. Costs nothing once it is open. */
plexctl_status json_open(struct error *err);

/* PLEXCTL_FAILED with line and column where json_scan refuses; and as json_open. The caller frees the root. */
plexctl_status json_parse(const char *bytes, size_t size, struct plexctl_json **ret_root, struct error *err);

/* Readers: "absent" for NULL and for values of another type. */
int32_t json_type(const struct plexctl_json *value); /* PLEXCTL_JSON_... of plugin.h */
struct plexctl_json *json_get(const struct plexctl_json *object, const char *key);
struct plexctl_json *json_at(const struct plexctl_json *array, size_t index);
size_t json_length(const struct plexctl_json *value);
const char *json_string(const struct plexctl_json *value); /* also of a secret: its real text */
bool json_integer(const struct plexctl_json *value, int64_t *ret_number);
bool json_boolean(const struct plexctl_json *value, bool *ret_truth);
bool json_is_secret(const struct plexctl_json *value);
/* A PLEXCTL_JSON_NUMBER as its document spells it, with all its digits. */
const char *json_number_text(const struct plexctl_json *value);

/* Walks an object's members in their order; false ends. */
bool json_each(const struct plexctl_json *object,
               bool (*member)(void *context, const char *key, struct plexctl_json *value), void *context);

/* The key of member number `index`, in the object's order; NULL if absent. */
const char *json_key_at(const struct plexctl_json *object, size_t index);

/* A whole copy, a root of its own; NULL out of memory. NULL if `value` is NULL. */
struct plexctl_json *json_copy(const struct plexctl_json *value);

/* True if `part` is `tree` or lies in it. */
bool json_contains(const struct plexctl_json *tree, const struct plexctl_json *part);

struct plexctl_json *json_new_object(void);
struct plexctl_json *json_new_array(void);
struct plexctl_json *json_new_string(const char *text); /* of NULL: a null */
struct plexctl_json *json_new_secret(const char *text); /* of NULL: a null */
struct plexctl_json *json_new_integer(int64_t number);
/* A PLEXCTL_JSON_NUMBER that is written as `text`, which json_token_number accepts. */
struct plexctl_json *json_new_number(const char *text);
struct plexctl_json *json_new_boolean(bool truth);
struct plexctl_json *json_new_null(void);

/* Take `value` over, also when they fail; NULL value or container: PLEXCTL_NO_MEMORY. PLEXCTL_INVALID for a container
 * of another type, and for one put into itself, which then is not freed. A key that is set again keeps its place. */
plexctl_status json_set(struct plexctl_json *object, const char *key, struct plexctl_json *value);
plexctl_status json_append(struct plexctl_json *array, struct plexctl_json *value);

/* How a value is written. */
#define JSON_WRITE_PRETTY 1u /* two spaces a level, "key": value */
#define JSON_WRITE_REVEAL 2u /* secrets in full, else *** */

/* Appends the value as JSON text without a newline at the end; NULL makes `out` fail with PLEXCTL_NO_MEMORY. Written
 * straight into `out`, whose outgrown memory is wiped; json-c's own printer leaves copies behind. `indent` is the depth
 * that pretty output starts at. */
void json_write(struct buf *out, const struct plexctl_json *value, unsigned flags, unsigned indent);

/* Appends a string literal with its quotes, escaping what RFC 8259 section 7 demands, and DEL, C1, bidi controls
 * and the line separators U+2028 and U+2029. A byte that is not UTF-8 becomes U+FFFD. */
void json_write_string(struct buf *out, const char *text);

/* Wipes every string of the tree and frees it; NULL is allowed. */
void json_free(struct plexctl_json *root);

#endif
