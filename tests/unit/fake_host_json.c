/* SPDX-License-Identifier: Apache-2.0
 *
 * The json table: core/base/json, with the roots that the plugin holds.
 */
#include <check.h>
#include <string.h>

#include "fake_host.h"

struct fake_host *fake_host_running;

struct plexctl_json *fake_host_keep_root(struct fake_host *fake, struct plexctl_json *root)
{
    ck_assert_ptr_nonnull(root);
    ck_assert_uint_lt(fake->root_count, FAKE_HOST_ROWS);
    fake->roots[fake->root_count++] = root;
    if (fake->root_count > fake->most_roots)
        fake->most_roots = fake->root_count;
    return root;
}

static bool drop_root(struct fake_host *fake, const struct plexctl_json *root)
{
    for (size_t i = 0; root && i < fake->root_count; i++) {
        if (fake->roots[i] == root) {
            fake->roots[i] = fake->roots[--fake->root_count];
            return true;
        }
    }
    return false;
}

static plexctl_status parse(const struct plexctl_host *table, const void *bytes, uint64_t size,
                            struct plexctl_json **ret_value)
{
    struct fake_host *fake = fake_host_of(table);
    struct plexctl_json *root = NULL;

    if (fake->parse_fails_memory)
        return error_no_memory(&fake->failure);
    plexctl_status status = json_parse(bytes, (size_t)size, &root, &fake->failure);
    if (status == PLEXCTL_OK)
        *ret_value = fake_host_keep_root(fake, root);
    return status;
}

static struct plexctl_json *at(const struct plexctl_json *array, uint64_t index)
{
    return json_at(array, (size_t)index);
}

static uint64_t length_of(const struct plexctl_json *value)
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
    bool truth = false;

    if (!json_boolean(value, &truth))
        return 0;
    *ret_truth = truth;
    return 1;
}

static bool builder_fails(struct fake_host *fake)
{
    fake->build_count++;
    return fake->builder_fails_at && fake->build_count >= fake->builder_fails_at;
}

static struct plexctl_json *object(const struct plexctl_host *table)
{
    return builder_fails(fake_host_of(table)) ? NULL : fake_host_keep_root(fake_host_of(table), json_new_object());
}

static struct plexctl_json *array(const struct plexctl_host *table)
{
    return builder_fails(fake_host_of(table)) ? NULL : fake_host_keep_root(fake_host_of(table), json_new_array());
}

static plexctl_status put(struct plexctl_json *container, const char *key, struct plexctl_json *value)
{
    if (container)
        return key ? json_set(container, key, value) : json_append(container, value);
    json_free(value);
    return PLEXCTL_NO_MEMORY;
}

static plexctl_status set(struct plexctl_json *container, const char *key, struct plexctl_json *value)
{
    if (!container || !value)
        return PLEXCTL_NO_MEMORY;
    ck_assert(drop_root(fake_host_running, value));
    return json_set(container, key, value);
}

static plexctl_status append(struct plexctl_json *container, struct plexctl_json *value)
{
    if (!container || !value)
        return PLEXCTL_NO_MEMORY;
    ck_assert(drop_root(fake_host_running, value));
    return json_append(container, value);
}

static plexctl_status set_string(struct plexctl_json *container, const char *key, const char *text)
{
    return put(container, key, text ? json_new_string(text) : json_new_null());
}

static plexctl_status set_secret(struct plexctl_json *container, const char *key, const char *text)
{
    return put(container, key, json_new_secret(text));
}

static plexctl_status set_integer(struct plexctl_json *container, const char *key, int64_t number)
{
    return put(container, key, json_new_integer(number));
}

static plexctl_status set_boolean(struct plexctl_json *container, const char *key, int32_t truth)
{
    return put(container, key, json_new_boolean(truth != 0));
}

static plexctl_status append_string(struct plexctl_json *container, const char *text)
{
    return put(container, NULL, json_new_string(text));
}

static plexctl_status serialise(const struct plexctl_host *table, struct plexctl_json *value, const char **ret_text)
{
    auto_buf struct buf text = BUF_INIT(65536);

    if (!value)
        return error_no_memory(&fake_host_of(table)->failure);
    json_write(&text, value, 0, 0);
    ck_assert_int_eq(text.failed, PLEXCTL_OK);
    *ret_text = fake_host_keep_text(fake_host_of(table), strdup(buf_text(&text)));
    return PLEXCTL_OK;
}

static void release(const struct plexctl_host *table, struct plexctl_json *value)
{
    if (drop_root(fake_host_of(table), value))
        json_free(value);
}

const struct plexctl_host_json fake_host_json = {.size = sizeof fake_host_json,
                                                 .parse = parse,
                                                 .type = json_type,
                                                 .get = json_get,
                                                 .at = at,
                                                 .length = length_of,
                                                 .string = string,
                                                 .integer = integer,
                                                 .boolean = boolean,
                                                 .object = object,
                                                 .array = array,
                                                 .set = set,
                                                 .set_string = set_string,
                                                 .set_secret = set_secret,
                                                 .set_integer = set_integer,
                                                 .set_boolean = set_boolean,
                                                 .append = append,
                                                 .append_string = append_string,
                                                 .serialise = serialise,
                                                 .release = release};
