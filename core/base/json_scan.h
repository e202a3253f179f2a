/* SPDX-License-Identifier: Apache-2.0
 *
 * json_scan - a strict reader of JSON text that builds nothing (RFC 8259).
 *
 * One pass over the bytes, bounded depth, no allocation that grows with the document but for the check on
 * duplicate members. It decides whether a document is acceptable before json-c sees it, since json-c (0.16, in its
 * strict mode too) takes NaN, Infinity, 1e999, single quotes, raw control bytes, overlong and surrogate UTF-8,
 * duplicate keys and text after a NUL. And it yields where in the bytes a member's value lies, so that the credential
 * store can read one span of a large document and splice into it, leaving every other byte as it was.
 *
 * Refused: anything outside the grammar, duplicate members (compared after unescaping), \u0000, a lone surrogate
 * escape, bytes that are not shortest-form UTF-8, a byte order mark, nesting deeper than JSON_MAX_DEPTH, numbers whose
 * magnitude does not fit a double, text after the document.
 */
#ifndef CORE_BASE_JSON_SCAN_H
#define CORE_BASE_JSON_SCAN_H

#include <stddef.h>

#include "base/error.h"

#define JSON_MAX_DEPTH 64

/* A part of a document: bytes [offset, offset + len). */
struct json_span {
    size_t offset, len;
};

enum json_kind {
    JSON_KIND_NULL,
    JSON_KIND_BOOLEAN,
    JSON_KIND_NUMBER,
    JSON_KIND_STRING,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT
};

/* Called for each member of the document's objects down to `max_depth`, when its value has been scanned (so inner
 * members come before the member that holds them). `depth` is 1 for members of the outermost object. `path` has `depth`
 * keys, outermost first, each unescaped and ended by NUL, valid during the call. Return PLEXCTL_OK to go on; anything
 * else ends the scan with that status and `err` as you filled it. A path has keys only: members of objects inside an
 * array are checked and not reported. A duplicate is found when its object ends, so trust nothing before PLEXCTL_OK. */
struct json_member {
    unsigned depth;
    const char *const *path;
    enum json_kind kind;
    struct json_span key; /* the key with its quotes */
    struct json_span value;
    struct json_span object; /* from the '{' that holds it up to what has been scanned; its offset is exact */
};

struct json_visitor {
    unsigned max_depth; /* 0: members are checked, none is reported */
    plexctl_status (*member)(void *context, const struct json_member *member, struct error *err);
    void *context;
};

/* Checks the whole document of `size` bytes (need not end in NUL); PLEXCTL_FAILED with "line L, column C: why" (columns
 * in characters, from 1). `visitor` may be NULL. `ret_root` (may be NULL) receives span and kind of the outermost
 * value. */
plexctl_status json_scan(const char *bytes, size_t size, const struct json_visitor *visitor, struct json_span *ret_root,
                         enum json_kind *ret_kind, struct error *err);

#endif
