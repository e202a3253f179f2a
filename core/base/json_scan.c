/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_token.h"
#include "base/key_set.h"
#include "base/secret.h"
#include "base/text.h"

struct scanner {
    const char *bytes;
    size_t size, at;
    unsigned nesting; /* containers that are open */
    unsigned arrays;  /* those of them that are arrays */
    const struct json_visitor *visitor;
    struct key_set keys;
    size_t path[JSON_MAX_DEPTH]; /* the member that is being read at each level, as an index of `keys` */
    struct error *err;
};

struct value {
    enum json_kind kind;
    struct json_span span;
};

static plexctl_status scan_value(struct scanner *s, struct value *ret_value);

static plexctl_status refuse(const struct scanner *s, size_t offset, const char *why)
{
    size_t line = 1, column = 1, start = 0;
    for (size_t i = 0; i < offset; i++)
        if (s->bytes[i] == '\n') {
            line++;
            start = i + 1;
        }
    while (start < offset) {
        size_t length = text_utf8_length(s->bytes + start, s->size - start);
        start += length ? length : 1;
        column++;
    }
    return error_set(s->err, PLEXCTL_FAILED, "line %zu, column %zu: %s", line, column, why);
}

static void skip_space(struct scanner *s)
{
    while (s->at < s->size) {
        char c = s->bytes[s->at];
        if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
            return;
        s->at++;
    }
}

/* The byte after white space, -1 at the end; no byte of a document is negative here. */
static int next(struct scanner *s)
{
    skip_space(s);
    return s->at < s->size ? (unsigned char)s->bytes[s->at] : -1;
}

/* Reads one word with `token` and steps over it. */
static plexctl_status scan_token(struct scanner *s, size_t (*token)(const char *, size_t, struct json_token_fault *),
                                 struct json_span *ret_span)
{
    struct json_token_fault fault = {0, NULL};
    size_t length = token(s->bytes + s->at, s->size - s->at, &fault);
    if (!length)
        return refuse(s, s->at + fault.offset, fault.why);
    *ret_span = (struct json_span){s->at, length};
    s->at += length;
    return PLEXCTL_OK;
}

static plexctl_status add_key(struct scanner *s, struct json_span key)
{
    const char *token = s->bytes + key.offset;
    if (!memchr(token, '\\', key.len))
        return key_set_add(&s->keys, token + 1, key.len - 2, key.offset, s->err);
    char *name = malloc(key.len + 1);
    if (!name)
        return error_no_memory(s->err);
    size_t len = json_token_unescape(token, key.len, name);
    plexctl_status status = key_set_add(&s->keys, name, len, key.offset, s->err);
    secret_wipe(name, key.len + 1);
    free(name);
    return status;
}

/* A path consists of keys alone, so what lies in an array has none and is not reported: the member "a" of an object in
 * the array "profiles" must not pass for profiles/a. */
static plexctl_status report(const struct scanner *s, struct json_span key, const struct value *value,
                             size_t object_start)
{
    const char *path[JSON_MAX_DEPTH];
    if (!s->visitor || s->arrays > 0 || s->nesting > s->visitor->max_depth)
        return PLEXCTL_OK;
    for (unsigned i = 0; i < s->nesting; i++)
        path[i] = key_set_name(&s->keys, s->path[i]);
    const struct json_member member = {
        .depth = s->nesting,
        .path = path,
        .kind = value->kind,
        .key = key,
        .value = value->span,
        .object = {object_start, s->at - object_start},
    };
    return s->visitor->member(s->visitor->context, &member, s->err);
}

static plexctl_status scan_member(struct scanner *s, size_t object_start)
{
    struct json_span key = {0, 0};
    struct value value;
    if (next(s) != '"')
        return refuse(s, s->at, "a member's name in double quotes is expected");
    size_t index = s->keys.count;
    plexctl_status status = scan_token(s, json_token_string, &key);
    if (status == PLEXCTL_OK)
        status = add_key(s, key);
    if (status != PLEXCTL_OK)
        return status;
    if (next(s) != ':')
        return refuse(s, s->at, "':' is expected after a member's name");
    s->at++;
    s->path[s->nesting - 1] = index;
    status = scan_value(s, &value);
    return status == PLEXCTL_OK ? report(s, key, &value, object_start) : status;
}

static plexctl_status scan_object(struct scanner *s)
{
    size_t start = s->at++, first = s->keys.count, again;
    if (next(s) == '}') {
        s->at++;
        return PLEXCTL_OK;
    }
    for (;;) {
        plexctl_status status = scan_member(s, start);
        if (status != PLEXCTL_OK)
            return status;
        int c = next(s);
        if (c != ',' && c != '}')
            return refuse(s, s->at, "',' or '}' is expected");
        s->at++;
        if (c == '}')
            break;
    }
    if (key_set_close(&s->keys, first, &again))
        return refuse(s, again, "the object has a member of this name already");
    return PLEXCTL_OK;
}

static plexctl_status scan_array(struct scanner *s)
{
    s->at++;
    if (next(s) == ']') {
        s->at++;
        return PLEXCTL_OK;
    }
    for (;;) {
        struct value element;
        plexctl_status status = scan_value(s, &element);
        if (status != PLEXCTL_OK)
            return status;
        int c = next(s);
        if (c != ',' && c != ']')
            return refuse(s, s->at, "',' or ']' is expected");
        s->at++;
        if (c == ']')
            return PLEXCTL_OK;
    }
}

static plexctl_status scan_container(struct scanner *s, enum json_kind kind, struct json_span *ret_span)
{
    size_t start = s->at;
    if (s->nesting == JSON_MAX_DEPTH)
        return refuse(s, s->at, "objects and arrays are nested too deep");
    s->nesting++;
    s->arrays += kind == JSON_KIND_ARRAY;
    plexctl_status status = kind == JSON_KIND_ARRAY ? scan_array(s) : scan_object(s);
    s->arrays -= kind == JSON_KIND_ARRAY;
    s->nesting--;
    *ret_span = (struct json_span){start, s->at - start};
    return status;
}

/* Recursion ends at JSON_MAX_DEPTH. */
static plexctl_status scan_value(struct scanner *s, struct value *ret_value)
{
    int c = next(s);
    switch (c) {
    case '{':
        ret_value->kind = JSON_KIND_OBJECT;
        return scan_container(s, JSON_KIND_OBJECT, &ret_value->span);
    case '[':
        ret_value->kind = JSON_KIND_ARRAY;
        return scan_container(s, JSON_KIND_ARRAY, &ret_value->span);
    case '"':
        ret_value->kind = JSON_KIND_STRING;
        return scan_token(s, json_token_string, &ret_value->span);
    case 'n':
        ret_value->kind = JSON_KIND_NULL;
        return scan_token(s, json_token_literal, &ret_value->span);
    case 't':
    case 'f':
        ret_value->kind = JSON_KIND_BOOLEAN;
        return scan_token(s, json_token_literal, &ret_value->span);
    default:
        if (c != '-' && (c < '0' || c > '9'))
            return refuse(s, s->at, "a value is expected");
        ret_value->kind = JSON_KIND_NUMBER;
        return scan_token(s, json_token_number, &ret_value->span);
    }
}

static plexctl_status scan_document(struct scanner *s, struct value *ret_root)
{
    if (s->size >= 3 && memcmp(s->bytes, "\xEF\xBB\xBF", 3) == 0)
        return refuse(s, 0, "a byte order mark is not allowed");
    plexctl_status status = scan_value(s, ret_root);
    if (status != PLEXCTL_OK)
        return status;
    if (next(s) != -1)
        return refuse(s, s->at, "text after the document");
    return PLEXCTL_OK;
}

plexctl_status json_scan(const char *bytes, size_t size, const struct json_visitor *visitor, struct json_span *ret_root,
                         enum json_kind *ret_kind, struct error *err)
{
    struct scanner s = {
        .bytes = size ? bytes : "",
        .size = size,
        .visitor = visitor,
        .keys = KEY_SET_INIT,
        .err = err,
    };
    struct value root = {JSON_KIND_NULL, {0, 0}};
    plexctl_status status = scan_document(&s, &root);
    key_set_release(&s.keys);
    if (status != PLEXCTL_OK)
        return status;
    if (ret_root)
        *ret_root = root.span;
    if (ret_kind)
        *ret_kind = root.kind;
    return PLEXCTL_OK;
}
