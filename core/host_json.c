/* SPDX-License-Identifier: Apache-2.0
 *
 * The json service. Roots that a plugin holds are leases; a value that is put into another one stops being a root. The
 * list is per process, as a run is, because builders are called without a host.
 */
#include "host_internal.h"

#include <stdlib.h>
#include <string.h>

static struct {
    struct json_lease *rows;
    size_t count, capacity;
    plexctl_status failure; /* the first of a builder since the last check */
} leases;

/* Newest first: what was built last is what is put away next. */
static struct json_lease *lease_of(const struct plexctl_json *root)
{
    for (size_t i = leases.count; root && i-- > 0;) {
        if (leases.rows[i].root == root)
            return &leases.rows[i];
    }
    return NULL;
}

static struct json_lease *lease_add(struct plexctl_json *root)
{
    if (leases.count == leases.capacity) {
        size_t capacity = leases.capacity ? leases.capacity * 2 : 16;
        struct json_lease *rows = reallocarray(leases.rows, capacity, sizeof *rows);
        if (!rows)
            return NULL;
        leases.rows = rows;
        leases.capacity = capacity;
    }
    leases.rows[leases.count] = (struct json_lease){.root = root, .text = BUF_INIT(HTTP_BODY_MAX_BYTES)};
    return &leases.rows[leases.count++];
}

static void lease_drop(struct json_lease *lease)
{
    buf_release(&lease->text);
    *lease = leases.rows[--leases.count];
}

plexctl_status host_json_lend(struct host *host, struct plexctl_json *root, struct plexctl_json **ret_root)
{
    if (!root || !lease_add(root)) {
        json_free(root);
        return error_no_memory(&host->failure);
    }
    *ret_root = root;
    return PLEXCTL_OK;
}

plexctl_status host_json_check(struct error *err)
{
    plexctl_status failure = leases.failure;

    leases.failure = PLEXCTL_OK;
    if (failure == PLEXCTL_NO_MEMORY)
        return error_no_memory(err);
    if (failure != PLEXCTL_OK)
        return error_set(err, failure,
                         "JSON was built from an absent value, a part of another tree, or a tree put into itself");
    return PLEXCTL_OK;
}

void host_json_release_all(void)
{
    for (size_t i = 0; i < leases.count; i++) {
        buf_release(&leases.rows[i].text);
        json_free(leases.rows[i].root);
    }
    free(leases.rows);
    memset(&leases, 0, sizeof leases);
}

static plexctl_status parse(const struct plexctl_host *table, const void *bytes, uint64_t bytes_size,
                            struct plexctl_json **ret_value)
{
    struct host *host = host_of(table);
    struct plexctl_json *root = NULL;

    if (!ret_value || (!bytes && bytes_size) || bytes_size > SIZE_MAX)
        return error_set(&host->failure, PLEXCTL_INVALID, "json->parse was called without bytes or result");
    plexctl_status status = json_parse(bytes ? bytes : "", (size_t)bytes_size, &root, &host->failure);
    return status == PLEXCTL_OK ? host_json_lend(host, root, ret_value) : status;
}

static struct plexctl_json *get(const struct plexctl_json *object, const char *key)
{
    return key ? json_get(object, key) : NULL;
}

static const char *key_at(const struct plexctl_json *object, uint64_t index)
{
    return index <= SIZE_MAX ? json_key_at(object, (size_t)index) : NULL;
}

static struct plexctl_json *at(const struct plexctl_json *array, uint64_t index)
{
    return index <= SIZE_MAX ? json_at(array, (size_t)index) : NULL;
}

static uint64_t length(const struct plexctl_json *value)
{
    return json_length(value);
}

static const char *string(const struct plexctl_json *value)
{
    return json_is_secret(value) ? "***" : json_string(value);
}

static int32_t integer(const struct plexctl_json *value, int64_t *ret_number)
{
    return json_integer(value, ret_number);
}

static int32_t boolean(const struct plexctl_json *value, int32_t *ret_truth)
{
    bool truth;

    if (!json_boolean(value, &truth))
        return 0;
    *ret_truth = truth;
    return 1;
}

static plexctl_status built(plexctl_status status)
{
    if (leases.failure == PLEXCTL_OK)
        leases.failure = status;
    return status;
}

static struct plexctl_json *build(struct plexctl_json *root)
{
    if (root && lease_add(root))
        return root;
    json_free(root);
    (void)built(PLEXCTL_NO_MEMORY);
    return NULL;
}

static struct plexctl_json *object(const struct plexctl_host *table)
{
    (void)table;
    return build(json_new_object());
}

static struct plexctl_json *array(const struct plexctl_host *table)
{
    (void)table;
    return build(json_new_array());
}

static struct plexctl_json *copy(const struct plexctl_host *table, const struct plexctl_json *value)
{
    (void)table;
    if (value)
        return build(json_copy(value));
    (void)built(PLEXCTL_INVALID);
    return NULL;
}

/* After a failure the pointers that it left NULL are no second one. */
static plexctl_status refuse(void)
{
    return leases.failure != PLEXCTL_OK ? leases.failure : built(PLEXCTL_INVALID);
}

/* A root goes from the plugin's hands into `container`; a part of a tree cannot, nor a tree into itself. */
static plexctl_status put(struct plexctl_json *container, const char *key, struct plexctl_json *value)
{
    struct json_lease *lease = lease_of(value);

    if (!container || !lease || json_contains(value, container))
        return refuse();
    lease_drop(lease);
    return built(key ? json_set(container, key, value) : json_append(container, value));
}

static plexctl_status set(struct plexctl_json *container, const char *key, struct plexctl_json *value)
{
    return key ? put(container, key, value) : refuse();
}

static plexctl_status append(struct plexctl_json *container, struct plexctl_json *value)
{
    return put(container, NULL, value);
}

static plexctl_status set_leaf(struct plexctl_json *container, const char *key, struct plexctl_json *leaf)
{
    if (container && key)
        return built(json_set(container, key, leaf));
    json_free(leaf);
    return refuse();
}

static plexctl_status set_string(struct plexctl_json *container, const char *key, const char *text)
{
    return set_leaf(container, key, text ? json_new_string(text) : json_new_null());
}

static plexctl_status set_secret(struct plexctl_json *container, const char *key, const char *text)
{
    return set_leaf(container, key, text ? json_new_secret(text) : json_new_null());
}

static plexctl_status set_integer(struct plexctl_json *container, const char *key, int64_t number)
{
    return set_leaf(container, key, json_new_integer(number));
}

static plexctl_status set_boolean(struct plexctl_json *container, const char *key, int32_t truth)
{
    return set_leaf(container, key, json_new_boolean(truth != 0));
}

static plexctl_status append_string(struct plexctl_json *container, const char *text)
{
    struct plexctl_json *leaf = text ? json_new_string(text) : json_new_null();

    if (container)
        return built(json_append(container, leaf));
    json_free(leaf);
    return refuse();
}

static plexctl_status serialise(const struct plexctl_host *table, struct plexctl_json *value, const char **ret_text)
{
    struct host *host = host_of(table);

    plexctl_status status = host_json_check(&host->failure);
    if (status == PLEXCTL_OK && !value)
        status = error_set(&host->failure, PLEXCTL_INVALID, "json->serialise was called without a value");
    if (status != PLEXCTL_OK)
        return status;
    struct json_lease *lease = lease_of(value);
    if (!lease)
        lease = lease_add(NULL);
    if (!lease)
        return error_no_memory(&host->failure);
    buf_release(&lease->text);
    json_write(&lease->text, value, 0, 0);
    status = buf_check(&lease->text, "JSON text", &host->failure);
    if (status == PLEXCTL_OK)
        *ret_text = buf_text(&lease->text);
    return status;
}

static void release(const struct plexctl_host *table, struct plexctl_json *value)
{
    struct json_lease *lease = lease_of(value);

    (void)table;
    if (!lease)
        return;
    lease_drop(lease);
    json_free(value);
}

const struct plexctl_host_json host_json = {.size = sizeof host_json,
                                            .parse = parse,
                                            .type = json_type,
                                            .get = get,
                                            .at = at,
                                            .length = length,
                                            .string = string,
                                            .integer = integer,
                                            .boolean = boolean,
                                            .key_at = key_at,
                                            .number_text = json_number_text,
                                            .object = object,
                                            .array = array,
                                            .copy = copy,
                                            .set = set,
                                            .set_string = set_string,
                                            .set_secret = set_secret,
                                            .set_integer = set_integer,
                                            .set_boolean = set_boolean,
                                            .append = append,
                                            .append_string = append_string,
                                            .serialise = serialise,
                                            .release = release};
