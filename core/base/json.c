/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

/* json-c gives our reader's name to a type. */
#define json_type json_c_type
#include <json.h>
#undef json_type
#include <stdlib.h>
#include <string.h>

#include "base/json_token.h"
#include "base/late_library.h"
#include "base/secret.h"

/* What is called of json-c. A value is only made once it is open, so what reads values need not ask. */
#define JSON_C_FUNCTIONS(X) \
    X(json_object_array_add) \
    X(json_object_array_get_idx) \
    X(json_object_array_length) \
    X(json_object_get_boolean) \
    X(json_object_get_int64) \
    X(json_object_get_object) \
    X(json_object_get_string) \
    X(json_object_get_string_len) \
    X(json_object_get_type) \
    X(json_object_get_userdata) \
    X(json_object_is_type) \
    X(json_object_new_array) \
    X(json_object_new_boolean) \
    X(json_object_new_double_s) \
    X(json_object_new_int64) \
    X(json_object_new_object) \
    X(json_object_new_string) \
    X(json_object_object_add) \
    X(json_object_object_add_ex) \
    X(json_object_object_get_ex) \
    X(json_object_object_length) \
    X(json_object_put) \
    X(json_object_set_userdata) \
    X(lh_table_lookup_entry)

LATE_LIBRARY(JSON_C_SONAME, JSON_C_FUNCTIONS)

plexctl_status json_open(struct error *err)
{
    return late_library_open(&late_library, err);
}

static bool is_open(void)
{
    struct error ignored = ERROR_INIT;

    return late_library.is_open || json_open(&ignored) == PLEXCTL_OK;
}

struct plexctl_json {
    char unused;
};

/* json-c has no object for a null. This one stands for each of them outside of json-c's containers. */
static struct plexctl_json null_value;

/* What the user data of a string points to that is a secret. */
static char secret_mark;

static json_object *to_tree(const struct plexctl_json *value)
{
    return value == &null_value ? NULL : (json_object *)value;
}

static struct plexctl_json *from_tree(json_object *object)
{
    return object ? (struct plexctl_json *)object : &null_value;
}

/* The json-c object if it is of that type, else NULL; not for json_type_null. */
static json_object *typed(const struct plexctl_json *value, enum json_c_type type)
{
    json_object *object = to_tree(value);
    return object && late.json_object_is_type(object, type) ? object : NULL;
}

/* Freeing */

static void wipe_tree(json_object *object);

/* Keys are ours (see add_member). json-c does not look at one again on its way to freeing the table. */
static void wipe_members(json_object *object)
{
    for (struct lh_entry *entry = late.json_object_get_object(object)->head; entry; entry = entry->next) {
        char *key = lh_entry_k(entry);
        wipe_tree(lh_entry_v(entry));
        secret_wipe(key, strlen(key));
        free(key);
    }
}

static void wipe_text(const char *text, size_t len)
{
    secret_wipe((char *)text, len);
}

/* The only thing that may be done with it afterwards is json_object_put. */
static void wipe_tree(json_object *object)
{
    const char *number;
    switch (late.json_object_get_type(object)) {
    case json_type_string:
        wipe_text(late.json_object_get_string(object), (size_t)late.json_object_get_string_len(object));
        break;
    case json_type_double:
        number = late.json_object_get_userdata(object);
        wipe_text(number, strlen(number));
        break;
    case json_type_object:
        wipe_members(object);
        break;
    case json_type_array:
        for (size_t i = 0; i < late.json_object_array_length(object); i++)
            wipe_tree(late.json_object_array_get_idx(object, i));
        break;
    case json_type_null:
    case json_type_boolean:
    case json_type_int:
        break;
    }
}

static void free_tree(json_object *object)
{
    if (!object)
        return;
    wipe_tree(object);
    (void)late.json_object_put(object);
}

void json_free(struct plexctl_json *root)
{
    free_tree(to_tree(root));
}

/* Readers */

int32_t json_type(const struct plexctl_json *value)
{
    if (!value)
        return PLEXCTL_JSON_ABSENT;
    switch (late.json_object_get_type(to_tree(value))) {
    case json_type_boolean:
        return PLEXCTL_JSON_BOOLEAN;
    case json_type_int:
        return PLEXCTL_JSON_INTEGER;
    case json_type_double:
        return PLEXCTL_JSON_NUMBER;
    case json_type_string:
        return PLEXCTL_JSON_STRING;
    case json_type_array:
        return PLEXCTL_JSON_ARRAY;
    case json_type_object:
        return PLEXCTL_JSON_OBJECT;
    case json_type_null:
        break;
    }
    return PLEXCTL_JSON_NULL;
}

struct plexctl_json *json_get(const struct plexctl_json *object, const char *key)
{
    json_object *tree = typed(object, json_type_object), *value;
    if (!tree || !key || !late.json_object_object_get_ex(tree, key, &value))
        return NULL;
    return from_tree(value);
}

struct plexctl_json *json_at(const struct plexctl_json *array, size_t index)
{
    json_object *tree = typed(array, json_type_array);
    if (!tree || index >= late.json_object_array_length(tree))
        return NULL;
    return from_tree(late.json_object_array_get_idx(tree, index));
}

size_t json_length(const struct plexctl_json *value)
{
    json_object *tree = typed(value, json_type_array);
    if (tree)
        return late.json_object_array_length(tree);
    tree = typed(value, json_type_object);
    return tree ? (size_t)late.json_object_object_length(tree) : 0;
}

const char *json_string(const struct plexctl_json *value)
{
    json_object *tree = typed(value, json_type_string);
    return tree ? late.json_object_get_string(tree) : NULL;
}

bool json_integer(const struct plexctl_json *value, int64_t *ret_number)
{
    json_object *tree = typed(value, json_type_int);
    if (tree)
        *ret_number = late.json_object_get_int64(tree);
    return tree != NULL;
}

bool json_boolean(const struct plexctl_json *value, bool *ret_truth)
{
    json_object *tree = typed(value, json_type_boolean);
    if (tree)
        *ret_truth = late.json_object_get_boolean(tree);
    return tree != NULL;
}

bool json_is_secret(const struct plexctl_json *value)
{
    json_object *tree = typed(value, json_type_string);
    return tree && late.json_object_get_userdata(tree) == &secret_mark;
}

const char *json_number_text(const struct plexctl_json *value)
{
    json_object *tree = typed(value, json_type_double);
    return tree ? late.json_object_get_userdata(tree) : NULL;
}

bool json_each(const struct plexctl_json *object,
               bool (*member)(void *context, const char *key, struct plexctl_json *value), void *context)
{
    json_object *tree = typed(object, json_type_object);
    if (!tree)
        return true;
    for (struct lh_entry *entry = late.json_object_get_object(tree)->head, *after; entry; entry = after) {
        after = entry->next;
        if (!member(context, lh_entry_k(entry), from_tree(lh_entry_v(entry))))
            return false;
    }
    return true;
}

/* Builders */

struct plexctl_json *json_new_object(void)
{
    return is_open() ? (struct plexctl_json *)late.json_object_new_object() : NULL;
}

struct plexctl_json *json_new_array(void)
{
    return is_open() ? (struct plexctl_json *)late.json_object_new_array() : NULL;
}

struct plexctl_json *json_new_string(const char *text)
{
    if (!text)
        return json_new_null();
    return is_open() ? (struct plexctl_json *)late.json_object_new_string(text) : NULL;
}

struct plexctl_json *json_new_secret(const char *text)
{
    struct plexctl_json *value = json_new_string(text);
    if (typed(value, json_type_string))
        late.json_object_set_userdata(to_tree(value), &secret_mark, NULL);
    return value;
}

struct plexctl_json *json_new_integer(int64_t number)
{
    return is_open() ? (struct plexctl_json *)late.json_object_new_int64(number) : NULL;
}

struct plexctl_json *json_new_number(const char *text)
{
    if (!is_open())
        return NULL;
    return (struct plexctl_json *)late.json_object_new_double_s(json_token_double(text, strlen(text)), text);
}

struct plexctl_json *json_new_boolean(bool truth)
{
    return is_open() ? (struct plexctl_json *)late.json_object_new_boolean(truth) : NULL;
}

struct plexctl_json *json_new_null(void)
{
    return is_open() ? &null_value : NULL;
}

/* Whether `value` may go into `container`; frees it where not. */
static plexctl_status admit(const struct plexctl_json *container, enum json_c_type type, struct plexctl_json *value)
{
    plexctl_status status = PLEXCTL_OK;
    if (!container || !value)
        status = PLEXCTL_NO_MEMORY;
    else if (container == value)
        return PLEXCTL_INVALID;
    else if (!typed(container, type))
        status = PLEXCTL_INVALID;
    if (status != PLEXCTL_OK)
        json_free(value);
    return status;
}

/* Takes `value` over. json-c would copy the key by a strdup that version 0.16 does not check: without memory it crashes
 * in json_object_object_add. It does not copy a key that it is told to be constant. */
static plexctl_status add_member(json_object *object, const char *key, json_object *value)
{
    const unsigned options = JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY;
    char *copy = strdup(key);
    if (copy && late.json_object_object_add_ex(object, copy, value, options) == 0)
        return PLEXCTL_OK; /* NOLINT(clang-analyzer-unix.Malloc): the object has it now */
    free(copy);
    free_tree(value);
    return PLEXCTL_NO_MEMORY;
}

plexctl_status json_set(struct plexctl_json *object, const char *key, struct plexctl_json *value)
{
    plexctl_status status = admit(object, json_type_object, value);
    if (status != PLEXCTL_OK)
        return status;
    if (!key) {
        json_free(value);
        return PLEXCTL_INVALID;
    }
    json_object *tree = to_tree(object);
    struct lh_entry *entry = late.lh_table_lookup_entry(late.json_object_get_object(tree), key);
    if (!entry)
        return add_member(tree, key, to_tree(value));
    if (lh_entry_v(entry) == to_tree(value))
        return PLEXCTL_OK;
    /* Puts the old value and copies no key, since there is one. */
    wipe_tree(lh_entry_v(entry));
    (void)late.json_object_object_add(tree, key, to_tree(value));
    return PLEXCTL_OK;
}

plexctl_status json_append(struct plexctl_json *array, struct plexctl_json *value)
{
    plexctl_status status = admit(array, json_type_array, value);
    if (status != PLEXCTL_OK)
        return status;
    if (late.json_object_array_add(to_tree(array), to_tree(value)) == 0)
        return PLEXCTL_OK;
    json_free(value);
    return PLEXCTL_NO_MEMORY;
}
