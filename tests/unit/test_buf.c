/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "unit.h"

const char *__asan_default_options(void); /* NOLINT: the sanitizer's own name */

const char *__asan_default_options(void) /* NOLINT */
{
    return "allocator_may_return_null=1";
}

/* Stand before the C library's own: they note what was wiped. */
void wipe_noted(void *memory, size_t size) __asm__("explicit_bzero");
void wipe_noted_fortified(void *memory, size_t size, size_t object_size) __asm__("__explicit_bzero_chk");

static struct {
    uintptr_t memory[64];
    size_t size[64];
    size_t count;
} wipes;

void wipe_noted(void *memory, size_t size)
{
    ck_assert_uint_lt(wipes.count, 64);
    wipes.memory[wipes.count] = (uintptr_t)memory;
    wipes.size[wipes.count++] = size;
    for (volatile unsigned char *byte = memory; size > 0; size--)
        *byte++ = 0;
}

void wipe_noted_fortified(void *memory, size_t size, size_t object_size)
{
    (void)object_size;
    wipe_noted(memory, size);
}

START_TEST(buf_new_is_an_empty_string)
{
    auto_buf struct buf buf = BUF_INIT(10);
    struct error err = ERROR_INIT;

    ck_assert_str_eq(buf_text(&buf), "");
    ck_assert_ptr_null(buf.data);
    buf_append(&buf, NULL, 0);
    buf_append_text(&buf, "");
    buf_appendf(&buf, "%s", "");
    ck_assert_ptr_null(buf.data);
    ck_assert_int_eq(buf_check(&buf, "it", &err), PLEXCTL_OK);
}
END_TEST

START_TEST(buf_append_joins_all_kinds)
{
    auto_buf struct buf buf = BUF_INIT(100);

    buf_append(&buf, "one,xx", 4);
    buf_append_text(&buf, "two");
    buf_append_char(&buf, ',');
    buf_appendf(&buf, "%d%s", 3, "!");
    ck_assert_str_eq(buf_text(&buf), "one,two,3!");
    ck_assert_uint_eq(buf.len, 10);
    buf_append_char(&buf, '\0');
    ck_assert_uint_eq(buf.len, 11);
    ck_assert_int_eq(buf.data[11], '\0');
}
END_TEST

START_TEST(buf_append_across_growths_keeps_every_byte)
{
    auto_buf struct buf buf = BUF_INIT(100000);

    for (unsigned i = 0; i < 20000; i++)
        buf_appendf(&buf, "%05u", i);
    ck_assert_uint_eq(buf.len, 100000);
    ck_assert_uint_eq(strlen(buf_text(&buf)), 100000);
    for (unsigned i = 0; i < 20000; i++) {
        char number[6] = "";
        memcpy(number, buf.data + (size_t)i * 5, 5);
        ck_assert_uint_eq(strtoul(number, NULL, 10), i);
    }
}
END_TEST

static void append_bytes(struct buf *buf, size_t count)
{
    static const char letters[] = "0123456789";

    for (; count > 10; count -= 10)
        buf_append(buf, letters, 10);
    buf_append(buf, letters, count);
}

static void append_by_append(struct buf *buf)
{
    buf_append(buf, "yz", 2);
}
static void append_by_text(struct buf *buf)
{
    buf_append_text(buf, "yz");
}
static void append_by_format(struct buf *buf)
{
    buf_appendf(buf, "%c%s", 'y', "z");
}
static void append_by_char(struct buf *buf)
{
    buf_append_char(buf, 'y');
    buf_append_char(buf, 'z');
}

static const struct {
    void (*append_two)(struct buf *buf);
    size_t max, before, after;
    plexctl_status failed;
} limits[] = {
    {append_by_append, 2, 0, 2, PLEXCTL_OK},        {append_by_append, 1, 0, 0, PLEXCTL_FAILED},
    {append_by_append, 0, 0, 0, PLEXCTL_FAILED},    {append_by_append, 64, 62, 64, PLEXCTL_OK},
    {append_by_append, 64, 63, 63, PLEXCTL_FAILED}, {append_by_append, 64, 64, 64, PLEXCTL_FAILED},
    {append_by_text, 130, 128, 130, PLEXCTL_OK},    {append_by_text, 130, 129, 129, PLEXCTL_FAILED},
    {append_by_format, 127, 125, 127, PLEXCTL_OK},  {append_by_format, 127, 126, 126, PLEXCTL_FAILED},
    {append_by_char, 10, 8, 10, PLEXCTL_OK},        {append_by_char, 10, 9, 10, PLEXCTL_FAILED},
};

START_TEST(buf_append_at_the_limit_stops_whole)
{
    auto_buf struct buf buf = BUF_INIT(limits[_i].max);
    struct error err = ERROR_INIT;

    append_bytes(&buf, limits[_i].before);
    ck_assert_int_eq(buf.failed, PLEXCTL_OK);
    limits[_i].append_two(&buf);
    ck_assert_int_eq(buf.failed, limits[_i].failed);
    ck_assert_uint_eq(buf.len, limits[_i].after);
    ck_assert_uint_eq(strlen(buf_text(&buf)), limits[_i].after);
    ck_assert_uint_le(buf.capacity, limits[_i].max + 1);
    ck_assert_int_eq(buf_check(&buf, "it", &err), limits[_i].failed);
}
END_TEST

START_TEST(buf_failure_is_sticky)
{
    auto_buf struct buf buf = BUF_INIT(3);
    struct error err = ERROR_INIT;

    buf_append_text(&buf, "ab");
    buf_append_text(&buf, "too long");
    buf_append_char(&buf, 'c');
    buf_append(&buf, "c", 1);
    buf_appendf(&buf, "%s", "c");
    ck_assert_str_eq(buf_text(&buf), "ab");
    ck_assert_int_eq(buf_check(&buf, "the reply", &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "the reply is longer than 3 bytes");
}
END_TEST

START_TEST(buf_append_without_memory_fails_and_keeps_the_content)
{
    static const size_t counts[] = {SIZE_MAX / 4, SIZE_MAX / 2 - 100};
    struct error err = ERROR_INIT;

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        auto_buf struct buf buf = BUF_INIT(SIZE_MAX);
        const volatile size_t count = counts[i];
        buf_append_text(&buf, "kept");
        buf_append(&buf, "x", count);
        ck_assert_str_eq(buf_text(&buf), "kept");
        ck_assert_int_eq(buf_check(&buf, "the reply", &err), PLEXCTL_NO_MEMORY);
        ck_assert_str_eq(err.text, "the reply: out of memory");
    }
}
END_TEST

START_TEST(buf_append_count_that_overflows_fails)
{
    auto_buf struct buf buf = BUF_INIT(SIZE_MAX);

    buf_append_text(&buf, "kept");
    const volatile size_t count = SIZE_MAX - 4;
    buf_append(&buf, "x", count);
    ck_assert_int_eq(buf.failed, PLEXCTL_FAILED);
    ck_assert_str_eq(buf_text(&buf), "kept");
}
END_TEST

START_TEST(buf_appendf_that_cannot_be_formatted_fails)
{
    auto_buf struct buf buf = BUF_INIT(SIZE_MAX);

    buf_append_text(&buf, "kept");
    buf_appendf(&buf, "%lc", (wint_t)0x110000);
    ck_assert_int_ne(buf.failed, PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&buf), "kept");
}
END_TEST

START_TEST(buf_append_of_itself_survives_growth)
{
    auto_buf struct buf buf = BUF_INIT(1000);

    append_bytes(&buf, 60);
    buf_append(&buf, buf.data, buf.len);
    ck_assert_uint_eq(buf.len, 120);
    ck_assert_int_eq(memcmp(buf.data, buf.data + 60, 60), 0);
    ck_assert_int_eq(buf.data[119], '9');
}
END_TEST

static bool was_wiped(uintptr_t memory, size_t size)
{
    for (size_t i = 0; i < wipes.count; i++) {
        if (wipes.memory[i] == memory && wipes.size[i] == size)
            return true;
    }
    return false;
}

START_TEST(buf_growth_wipes_the_outgrown_memory)
{
    struct buf buf = BUF_INIT(100000);

    buf_append_text(&buf, "canary");
    for (int i = 0; i < 8; i++) {
        uintptr_t memory = (uintptr_t)buf.data;
        size_t capacity = buf.capacity;
        memset(&wipes, 0, sizeof wipes);
        while (buf.capacity == capacity)
            i % 2 ? buf_append_char(&buf, 'x') : buf_appendf(&buf, "%d", 1);
        ck_assert(was_wiped(memory, capacity));
    }
    buf_release(&buf);
}
END_TEST

START_TEST(buf_reserve_makes_room_that_appends_do_not_outgrow)
{
    auto_buf struct buf buf = BUF_INIT(1000);

    buf_append_text(&buf, "secret");
    const uintptr_t outgrown = (uintptr_t)buf.data;
    wipes.count = 0;
    buf_reserve(&buf, 500);
    ck_assert_str_eq(buf_text(&buf), "secret");
    ck_assert_uint_eq(buf.capacity, 507);
    ck_assert_uint_eq(wipes.count, 1);
    ck_assert_uint_eq(wipes.memory[0], outgrown);
    const char *data = buf.data;
    append_bytes(&buf, 500);
    buf_reserve(&buf, 0);
    ck_assert_ptr_eq(buf.data, data);
    buf_reserve(&buf, SIZE_MAX);
    ck_assert_uint_eq(buf.capacity, 1001);
    ck_assert_int_eq(buf.failed, PLEXCTL_OK);
    ck_assert_uint_eq(buf.len, 506);
}
END_TEST

START_TEST(buf_reserve_without_memory_fails)
{
    auto_buf struct buf buf = BUF_INIT(SIZE_MAX);

    buf_append_text(&buf, "kept");
    buf_reserve(&buf, SIZE_MAX / 2 - 100);
    ck_assert_int_eq(buf.failed, PLEXCTL_NO_MEMORY);
    ck_assert_str_eq(buf_text(&buf), "kept");
}
END_TEST

START_TEST(buf_fixed_needs_no_memory_and_stops_at_its_limit)
{
    auto_buf struct buf buf = BUF_FIXED(200);
    char *place = buf.data;

    for (int i = 0; i < 200; i++)
        buf_append_char(&buf, 's');
    ck_assert_ptr_eq(buf.data, place);
    ck_assert_int_eq(buf.failed, PLEXCTL_OK);
    buf_append_char(&buf, 's');
    ck_assert_int_eq(buf.failed, PLEXCTL_FAILED);
    ck_assert_uint_eq(buf.len, 200);
    buf_release(&buf);
    ck_assert_str_eq(buf_text(&buf), "");
    for (int i = 0; i < 200; i++)
        ck_assert_int_eq(place[i], 0);
    buf_append_text(&buf, "again");
    ck_assert_ptr_eq(buf.data, place);
    ck_assert_str_eq(buf_text(&buf), "again");
}
END_TEST

START_TEST(buf_release_wipes_all_and_can_be_used_again)
{
    struct buf buf = BUF_INIT(8);

    buf_append_text(&buf, "canary");
    uintptr_t memory = (uintptr_t)buf.data;
    size_t capacity = buf.capacity;
    buf_append_text(&buf, "too long");
    memset(&wipes, 0, sizeof wipes);
    buf_release(&buf);
    ck_assert(was_wiped(memory, capacity));
    ck_assert_ptr_null(buf.data);
    ck_assert_uint_eq(buf.max, 8);
    ck_assert_int_eq(buf.failed, PLEXCTL_OK);
    buf_append_text(&buf, "again");
    ck_assert_str_eq(buf_text(&buf), "again");
    buf_release(&buf);
    buf_release(&buf);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("buf");
    TCase *tcase = tcase_create("buf");

    tcase_add_test(tcase, buf_new_is_an_empty_string);
    tcase_add_test(tcase, buf_append_joins_all_kinds);
    tcase_add_test(tcase, buf_append_across_growths_keeps_every_byte);
    tcase_add_loop_test(tcase, buf_append_at_the_limit_stops_whole, 0, (int)(sizeof limits / sizeof limits[0]));
    tcase_add_test(tcase, buf_failure_is_sticky);
    tcase_add_test(tcase, buf_append_without_memory_fails_and_keeps_the_content);
    tcase_add_test(tcase, buf_append_count_that_overflows_fails);
    tcase_add_test(tcase, buf_appendf_that_cannot_be_formatted_fails);
    tcase_add_test(tcase, buf_append_of_itself_survives_growth);
    tcase_add_test(tcase, buf_growth_wipes_the_outgrown_memory);
    tcase_add_test(tcase, buf_reserve_makes_room_that_appends_do_not_outgrow);
    tcase_add_test(tcase, buf_reserve_without_memory_fails);
    tcase_add_test(tcase, buf_fixed_needs_no_memory_and_stops_at_its_limit);
    tcase_add_test(tcase, buf_release_wipes_all_and_can_be_used_again);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
