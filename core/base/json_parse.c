/* SPDX-License-Identifier: Apache-2.0
 *
 * json_parse - a tree of a text, by the builders of json.h alone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_token.h"
#include "base/secret.h"

/* Of a document that json_scan has accepted, so no fault can come, nor a depth beyond JSON_MAX_DEPTH. */
struct reader {
    const char *bytes;
    size_t size, at;
    /* The texts of keys and strings one behind the other, none longer than its token: a block of the document's size
     * holds them all. Wiped as a whole, so that no copy is left behind. */
    char *texts;
    size_t texts_len;
};

static struct plexctl_json *read_value(struct reader *r);

/* Steps over white space, and over `c` if it comes then. */
static bool skip_char(struct reader *r, char c)
{
    static const char space[] = {' ', '\t', '\r', '\n'};
    while (r->at < r->size && memchr(space, r->bytes[r->at], sizeof space))
        r->at++;
    bool is_there = r->at < r->size && r->bytes[r->at] == c;
    r->at += is_there;
    return is_there;
}

/* The text of the string that comes next, at the end of r->texts. */
static const char *read_text(struct reader *r)
{
    struct json_token_fault fault;
    const char *token = r->bytes + r->at;
    char *text = r->texts + r->texts_len;
    size_t len = json_token_string(token, r->size - r->at, &fault);
    r->at += len;
    r->texts_len += json_token_unescape(token, len, text) + 1;
    return text;
}

static struct plexctl_json *read_object(struct reader *r)
{
    struct plexctl_json *object = json_new_object();
    while (object && !skip_char(r, '}')) {
        const char *key = read_text(r);
        (void)skip_char(r, ':');
        if (json_set(object, key, read_value(r)) != PLEXCTL_OK) {
            json_free(object);
            return NULL;
        }
        (void)skip_char(r, ',');
    }
    return object;
}

static struct plexctl_json *read_array(struct reader *r)
{
    struct plexctl_json *array = json_new_array();
    while (array && !skip_char(r, ']')) {
        if (json_append(array, read_value(r)) != PLEXCTL_OK) {
            json_free(array);
            return NULL;
        }
        (void)skip_char(r, ',');
    }
    return array;
}

static struct plexctl_json *read_number(struct reader *r)
{
    struct json_token_fault fault;
    const char *token = r->bytes + r->at;
    char *text = r->texts + r->texts_len;
    size_t len = json_token_number(token, r->size - r->at, &fault);
    int64_t integer;
    r->at += len;
    if (json_token_integer(token, len, &integer))
        return json_new_integer(integer);
    memcpy(text, token, len);
    text[len] = '\0';
    return json_new_number(text);
}

static struct plexctl_json *read_literal(struct reader *r)
{
    struct json_token_fault fault;
    char first = r->bytes[r->at];
    r->at += json_token_literal(r->bytes + r->at, r->size - r->at, &fault);
    return first == 'n' ? json_new_null() : json_new_boolean(first == 't');
}

/* NULL without memory. */
static struct plexctl_json *read_value(struct reader *r)
{
    if (skip_char(r, '{'))
        return read_object(r);
    if (skip_char(r, '['))
        return read_array(r);
    switch (r->bytes[r->at]) {
    case '"':
        return json_new_string(read_text(r));
    case 'n':
    case 't':
    case 'f':
        return read_literal(r);
    default:
        return read_number(r);
    }
}

plexctl_status json_parse(const char *bytes, size_t size, struct plexctl_json **ret_root, struct error *err)
{
    plexctl_status status = json_open(err);
    if (status == PLEXCTL_OK)
        status = json_scan(bytes, size, NULL, NULL, NULL, err);
    if (status != PLEXCTL_OK)
        return status;
    struct reader r = {.bytes = bytes, .size = size, .texts = malloc(size + 1)};
    struct plexctl_json *root = r.texts ? read_value(&r) : NULL;
    if (r.texts)
        secret_wipe(r.texts, size + 1);
    free(r.texts);
    if (!root)
        return error_no_memory(err);
    *ret_root = root;
    return PLEXCTL_OK;
}
