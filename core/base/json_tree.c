/* SPDX-License-Identifier: Apache-2.0
 *
 * Walks over whole trees, by json.h's own readers and builders.
 */
#include "base/json.h"

struct search {
    const struct plexctl_json *part; /* NULL: a key is looked for */
    size_t left;
    const char *key;
    bool is_found;
};

static bool count_down(void *context, const char *key, struct plexctl_json *value)
{
    struct search *search = context;

    (void)value;
    search->key = key;
    return search->left-- > 0;
}

const char *json_key_at(const struct plexctl_json *object, size_t index)
{
    struct search search = {.left = index};

    if (json_type(object) != PLEXCTL_JSON_OBJECT || index >= json_length(object))
        return NULL;
    (void)json_each(object, count_down, &search);
    return search.key;
}

static bool look_into(void *context, const char *key, struct plexctl_json *value)
{
    struct search *search = context;

    (void)key;
    search->is_found = json_contains(value, search->part);
    return !search->is_found;
}

bool json_contains(const struct plexctl_json *tree, const struct plexctl_json *part)
{
    struct search search = {.part = part};

    if (tree == part)
        return true;
    if (json_type(tree) == PLEXCTL_JSON_OBJECT)
        (void)json_each(tree, look_into, &search);
    for (size_t i = 0; json_type(tree) == PLEXCTL_JSON_ARRAY && !search.is_found && i < json_length(tree); i++)
        search.is_found = json_contains(json_at(tree, i), part);
    return search.is_found;
}

static bool copy_member(void *context, const char *key, struct plexctl_json *value)
{
    return json_set(context, key, json_copy(value)) == PLEXCTL_OK;
}

static bool copy_elements(struct plexctl_json *array, const struct plexctl_json *from)
{
    for (size_t i = 0; i < json_length(from); i++) {
        if (json_append(array, json_copy(json_at(from, i))) != PLEXCTL_OK)
            return false;
    }
    return true;
}

static struct plexctl_json *copy_container(const struct plexctl_json *value)
{
    bool is_object = json_type(value) == PLEXCTL_JSON_OBJECT;
    struct plexctl_json *copy = is_object ? json_new_object() : json_new_array();

    if (copy && (is_object ? json_each(value, copy_member, copy) : copy_elements(copy, value)))
        return copy;
    json_free(copy);
    return NULL;
}

static struct plexctl_json *copy_integer(const struct plexctl_json *value)
{
    int64_t number = 0;

    (void)json_integer(value, &number);
    return json_new_integer(number);
}

static struct plexctl_json *copy_boolean(const struct plexctl_json *value)
{
    bool truth = false;

    (void)json_boolean(value, &truth);
    return json_new_boolean(truth);
}

struct plexctl_json *json_copy(const struct plexctl_json *value)
{
    switch (json_type(value)) {
    case PLEXCTL_JSON_OBJECT:
    case PLEXCTL_JSON_ARRAY:
        return copy_container(value);
    case PLEXCTL_JSON_STRING:
        return json_is_secret(value) ? json_new_secret(json_string(value)) : json_new_string(json_string(value));
    case PLEXCTL_JSON_INTEGER:
        return copy_integer(value);
    case PLEXCTL_JSON_NUMBER:
        return json_new_number(json_number_text(value));
    case PLEXCTL_JSON_BOOLEAN:
        return copy_boolean(value);
    case PLEXCTL_JSON_NULL:
        return json_new_null();
    default:
        return NULL;
    }
}
