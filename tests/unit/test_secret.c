/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#define TOKEN "canary-token"

const char *__asan_default_options(void); /* NOLINT: the sanitizer's own name */

const char *__asan_default_options(void) /* NOLINT */
{
    return "allocator_may_return_null=1";
}

/* Stand before the C library's own: they note what was wiped while it could still be read. */
void wipe_noted(void *memory, size_t size) __asm__("explicit_bzero");
void wipe_noted_fortified(void *memory, size_t size, size_t object_size) __asm__("__explicit_bzero_chk");

static struct {
    const void *memory;
    size_t size;
    char before[64];
    unsigned count;
} wiped;

void wipe_noted(void *memory, size_t size)
{
    wiped.memory = memory;
    wiped.size = size;
    wiped.count++;
    memcpy(wiped.before, memory, size < sizeof wiped.before ? size : sizeof wiped.before);
    for (volatile unsigned char *byte = memory; size > 0; size--)
        *byte++ = 0;
}

void wipe_noted_fortified(void *memory, size_t size, size_t object_size)
{
    (void)object_size;
    wipe_noted(memory, size);
}

START_TEST(secret_set_copies_and_ends_with_nul)
{
    struct error err = ERROR_INIT;
    auto_secret struct secret secret = SECRET_INIT;
    char source[] = TOKEN "and more";

    ck_assert_int_eq(secret_set(&secret, source, strlen(TOKEN), &err), PLEXCTL_OK);
    memset(source, 'x', sizeof source);
    ck_assert_str_eq(secret.text, TOKEN);
    ck_assert_uint_eq(secret.len, strlen(TOKEN));
}
END_TEST

START_TEST(secret_set_takes_any_bytes)
{
    struct error err = ERROR_INIT;
    auto_secret struct secret secret = SECRET_INIT;

    ck_assert_int_eq(secret_set(&secret, "a\0b", 3, &err), PLEXCTL_OK);
    ck_assert_int_eq(memcmp(secret.text, "a\0b", 4), 0);
    ck_assert_int_eq(secret_set(&secret, "c", 1, &err), PLEXCTL_OK);
    ck_assert_str_eq(secret.text, "c");
    ck_assert_int_eq(secret_set(&secret, NULL, 0, &err), PLEXCTL_OK);
    ck_assert_str_eq(secret.text, "");
    ck_assert_uint_eq(secret.len, 0);
}
END_TEST

START_TEST(secret_set_again_wipes_the_earlier_value)
{
    struct error err = ERROR_INIT;
    auto_secret struct secret secret = SECRET_INIT;

    ck_assert_int_eq(secret_set(&secret, TOKEN, strlen(TOKEN), &err), PLEXCTL_OK);
    const void *earlier = secret.text;
    memset(&wiped, 0, sizeof wiped);
    ck_assert_int_eq(secret_set(&secret, "new", 3, &err), PLEXCTL_OK);
    ck_assert_ptr_eq(wiped.memory, earlier);
    ck_assert_uint_eq(wiped.size, strlen(TOKEN));
    ck_assert_int_eq(memcmp(wiped.before, TOKEN, strlen(TOKEN)), 0);
    ck_assert_str_eq(secret.text, "new");
}
END_TEST

START_TEST(secret_set_from_itself_keeps_the_part)
{
    struct error err = ERROR_INIT;
    auto_secret struct secret secret = SECRET_INIT;

    ck_assert_int_eq(secret_set(&secret, TOKEN, strlen(TOKEN), &err), PLEXCTL_OK);
    ck_assert_int_eq(secret_set(&secret, secret.text + 7, 5, &err), PLEXCTL_OK);
    ck_assert_str_eq(secret.text, "token");
}
END_TEST

START_TEST(secret_set_without_memory_fails_and_leaves_it_unset)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX / 4};
    struct error err = ERROR_INIT;
    auto_secret struct secret secret = SECRET_INIT;

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const volatile size_t size = sizes[i];
        ck_assert_int_eq(secret_set(&secret, TOKEN, strlen(TOKEN), &err), PLEXCTL_OK);
        memset(&wiped, 0, sizeof wiped);
        ck_assert_int_eq(secret_set(&secret, TOKEN, size, &err), PLEXCTL_NO_MEMORY);
        ck_assert_str_eq(err.text, "out of memory");
        ck_assert_ptr_null(secret.text);
        ck_assert_uint_eq(secret.len, 0);
        ck_assert_int_eq(memcmp(wiped.before, TOKEN, strlen(TOKEN)), 0);
    }
}
END_TEST

START_TEST(secret_release_wipes_every_byte_and_unsets)
{
    struct error err = ERROR_INIT;
    struct secret secret = SECRET_INIT;

    ck_assert_int_eq(secret_set(&secret, TOKEN, strlen(TOKEN), &err), PLEXCTL_OK);
    const void *text = secret.text;
    memset(&wiped, 0, sizeof wiped);
    secret_release(&secret);
    ck_assert_ptr_eq(wiped.memory, text);
    ck_assert_uint_eq(wiped.size, strlen(TOKEN));
    ck_assert_ptr_null(secret.text);
    ck_assert_uint_eq(secret.len, 0);
    secret_release(&secret);
    ck_assert_uint_eq(wiped.count, 1);
}
END_TEST

START_TEST(secret_wipe_overwrites_exactly_the_size)
{
    char bytes[] = "abcdefgh";

    secret_wipe(bytes + 2, 3);
    ck_assert_int_eq(memcmp(bytes, "ab\0\0\0fgh", sizeof bytes), 0);
    secret_wipe(bytes, 0);
    secret_wipe(NULL, 0);
    ck_assert_int_eq(bytes[0], 'a');
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("secret");
    TCase *tcase = tcase_create("secret");

    tcase_add_test(tcase, secret_set_copies_and_ends_with_nul);
    tcase_add_test(tcase, secret_set_takes_any_bytes);
    tcase_add_test(tcase, secret_set_again_wipes_the_earlier_value);
    tcase_add_test(tcase, secret_set_from_itself_keeps_the_part);
    tcase_add_test(tcase, secret_set_without_memory_fails_and_leaves_it_unset);
    tcase_add_test(tcase, secret_release_wipes_every_byte_and_unsets);
    tcase_add_test(tcase, secret_wipe_overwrites_exactly_the_size);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
