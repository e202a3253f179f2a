/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

#define CAPACITY_MIN 64

static void wipe_and_free(char *data, size_t capacity)
{
    secret_wipe(data, capacity);
    free(data);
}

static size_t next_capacity(const struct buf *buf, size_t needed)
{
    size_t capacity = buf->capacity <= SIZE_MAX / 2 ? buf->capacity * 2 : needed;

    if (capacity < CAPACITY_MIN)
        capacity = CAPACITY_MIN;
    if (buf->max < SIZE_MAX && capacity > buf->max + 1)
        capacity = buf->max + 1;
    return capacity < needed ? needed : capacity;
}

/* The outgrown memory comes back in *ret_outgrown for the caller to wipe once it has copied, since what it appends may
 * lie in there; realloc would leave it unwiped. */
static bool grow(struct buf *buf, size_t capacity, struct buf *ret_outgrown)
{
    char *data = malloc(capacity);

    if (!data) {
        buf->failed = PLEXCTL_NO_MEMORY;
        return false;
    }
    if (buf->len > 0)
        memcpy(data, buf->data, buf->len);
    *ret_outgrown = *buf;
    buf->data = data;
    buf->capacity = capacity;
    data[buf->len] = '\0';
    return true;
}

/* Makes room for `count` bytes and the NUL. */
static bool make_room(struct buf *buf, size_t count, struct buf *ret_outgrown)
{
    *ret_outgrown = (struct buf)BUF_INIT(0);
    if (buf->failed != PLEXCTL_OK)
        return false;
    if (count > buf->max - buf->len || count >= SIZE_MAX - buf->len) {
        buf->failed = PLEXCTL_FAILED;
        return false;
    }
    size_t needed = buf->len + count + 1;
    return needed <= buf->capacity || grow(buf, next_capacity(buf, needed), ret_outgrown);
}

/* Exactly: what is known to come is not doubled. */
void buf_reserve(struct buf *buf, size_t count)
{
    struct buf outgrown = BUF_INIT(0);
    size_t room = buf->max - buf->len;

    if (count > room)
        count = room;
    if (buf->failed != PLEXCTL_OK || count >= SIZE_MAX - buf->len || buf->len + count + 1 <= buf->capacity)
        return;
    if (grow(buf, buf->len + count + 1, &outgrown))
        wipe_and_free(outgrown.data, outgrown.capacity);
}

void buf_append(struct buf *buf, const void *bytes, size_t count)
{
    struct buf outgrown;

    if (count == 0 || !make_room(buf, count, &outgrown))
        return;
    memcpy(buf->data + buf->len, bytes, count);
    buf->len += count;
    buf->data[buf->len] = '\0';
    if (outgrown.data)
        wipe_and_free(outgrown.data, outgrown.capacity);
}

void buf_append_text(struct buf *buf, const char *text)
{
    buf_append(buf, text, strlen(text));
}

void buf_append_char(struct buf *buf, char c)
{
    buf_append(buf, &c, 1);
}

void buf_appendf(struct buf *buf, const char *format, ...)
{
    struct buf outgrown;
    va_list arguments;

    if (buf->failed != PLEXCTL_OK)
        return;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        buf->failed = errno == ENOMEM ? PLEXCTL_NO_MEMORY : PLEXCTL_FAILED;
        return;
    }
    size_t count = (size_t)length;
    if (count == 0 || !make_room(buf, count, &outgrown))
        return;
    va_start(arguments, format);
    (void)vsnprintf(buf->data + buf->len, count + 1, format, arguments);
    va_end(arguments);
    buf->len += count;
    wipe_and_free(outgrown.data, outgrown.capacity);
}

const char *buf_text(const struct buf *buf)
{
    return buf->data ? buf->data : "";
}

plexctl_status buf_check(const struct buf *buf, const char *what, struct error *err)
{
    if (buf->failed == PLEXCTL_OK)
        return PLEXCTL_OK;
    if (buf->failed == PLEXCTL_NO_MEMORY) {
        (void)error_no_memory(err);
        return error_prefix(err, "%s", what);
    }
    return error_set(err, PLEXCTL_FAILED, "%s is longer than %zu bytes", what, buf->max);
}

void buf_release(struct buf *buf)
{
    if (buf->is_fixed) {
        secret_wipe(buf->data, buf->capacity);
        buf->len = 0;
        buf->failed = PLEXCTL_OK;
        return;
    }
    wipe_and_free(buf->data, buf->capacity);
    *buf = (struct buf)BUF_INIT(buf->max);
}
