/* SPDX-License-Identifier: Apache-2.0 */
#include "reference_json.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define DEPTH_MAX 128

struct reference_json {
    struct json_object *root; /* NULL for a null */
};

struct reference_json *reference_json_read(const char *bytes, size_t size)
{
    struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
    struct reference_json *document = calloc(1, sizeof *document);
    char *text = strndup(bytes, size);

    fuzz_require(tokener && document && text, "there is memory");
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    document->root = json_tokener_parse_ex(tokener, text, -1);
    bool accepts = json_tokener_get_error(tokener) == json_tokener_success;
    json_tokener_free(tokener);
    free(text);
    if (accepts)
        return document;
    free(document);
    return NULL;
}

void reference_json_free(struct reference_json *document)
{
    if (document)
        (void)json_object_put(document->root);
    free(document);
}

const char *reference_json_text(struct reference_json *document)
{
    return json_object_to_json_string_ext(document->root, JSON_C_TO_STRING_PLAIN);
}

bool reference_json_equal(const struct reference_json *one, const struct reference_json *other)
{
    return json_object_equal(one->root, other->root);
}

bool reference_json_has(const struct reference_json *document, const char *key)
{
    struct json_object *value = NULL;

    return document && json_object_is_type(document->root, json_type_object) &&
           json_object_object_get_ex(document->root, key, &value);
}

static struct json_object *member(const struct reference_json *document, const char *key, enum json_type type)
{
    struct json_object *value = NULL;

    if (!reference_json_has(document, key))
        return NULL;
    (void)json_object_object_get_ex(document->root, key, &value);
    return json_object_is_type(value, type) ? value : NULL;
}

const char *reference_json_string(const struct reference_json *document, const char *key)
{
    struct json_object *value = member(document, key, json_type_string);

    return value ? json_object_get_string(value) : NULL;
}

bool reference_json_integer(const struct reference_json *document, const char *key, int64_t *ret_number)
{
    struct json_object *value = member(document, key, json_type_int);

    if (!value)
        return false;
    *ret_number = json_object_get_int64(value);
    return true;
}
