/* SPDX-License-Identifier: Apache-2.0 */
#include "base/key_set.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64

struct key {
    size_t offset, len; /* in `text`, which moves as it grows */
    size_t position;
};

static plexctl_status grow(struct key_set *set, struct error *err)
{
    if (set->count < set->capacity)
        return PLEXCTL_OK;
    size_t capacity = set->capacity ? set->capacity * 2 : FIRST_CAPACITY;
    struct key *keys = reallocarray(set->keys, capacity, sizeof *keys);
    if (!keys)
        return error_no_memory(err);
    set->keys = keys;
    set->capacity = capacity;
    return PLEXCTL_OK;
}

plexctl_status key_set_add(struct key_set *set, const char *name, size_t len, size_t position, struct error *err)
{
    plexctl_status status = grow(set, err);
    if (status != PLEXCTL_OK)
        return status;
    size_t offset = set->text.len;
    buf_append(&set->text, name, len);
    buf_append_char(&set->text, '\0');
    if (set->text.failed)
        return error_no_memory(err);
    set->keys[set->count++] = (struct key){.offset = offset, .len = len, .position = position};
    return PLEXCTL_OK;
}

const char *key_set_name(const struct key_set *set, size_t index)
{
    return set->text.data + set->keys[index].offset;
}

/* Any order will do in which equal names meet: most differ in length already. */
static int compare_names(const struct key *a, const struct key *b, const char *text)
{
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    return memcmp(text + a->offset, text + b->offset, a->len);
}

static int compare_keys(const void *left, const void *right, void *text)
{
    const struct key *a = left, *b = right;
    int order = compare_names(a, b, text);
    if (order)
        return order;
    return (a->position > b->position) - (a->position < b->position);
}

bool key_set_close(struct key_set *set, size_t first, size_t *ret_position)
{
    size_t count = set->count - first, lowest = SIZE_MAX;
    if (count == 0)
        return false;
    struct key *keys = set->keys + first;
    char *text = set->text.data;
    set->text.len = keys[0].offset;
    set->count = first;
    qsort_r(keys, count, sizeof *keys, compare_keys, text);
    for (size_t i = 1; i < count; i++)
        if (keys[i].position < lowest && compare_names(&keys[i - 1], &keys[i], text) == 0)
            lowest = keys[i].position;
    if (lowest == SIZE_MAX)
        return false;
    *ret_position = lowest;
    return true;
}

void key_set_release(struct key_set *set)
{
    buf_release(&set->text);
    free(set->keys);
    set->keys = NULL;
    set->count = set->capacity = 0;
}
