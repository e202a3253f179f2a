/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "base/late_library.h"
#include "heap.h"

static size_t (*length)(const char *text);
static void (*nothing)(void);

START_TEST(late_library_open_fills_the_slots_once)
{
    const struct late_function functions[] = {{"strlen", &length}};
    struct late_library library = {.soname = "libc.so.6", .functions = functions, .count = 1};
    struct error err = ERROR_INIT;

    length = NULL;
    ck_assert_int_eq(late_library_open(&library, &err), PLEXCTL_OK);
    ck_assert(library.is_open);
    ck_assert_uint_eq(length("four"), 4);
    library.soname = "is not looked at again";
    ck_assert_int_eq(late_library_open(&library, &err), PLEXCTL_OK);
}
END_TEST

START_TEST(late_library_open_says_what_is_missing)
{
    const struct late_function functions[] = {{"strlen", &length}, {"no_such_function", &nothing}};
    struct late_library library = {.soname = "libplexctl-none.so.7", .functions = functions, .count = 2};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(late_library_open(&library, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "libplexctl-none.so.7: cannot open shared object file: No such file or directory; "
                               "install libplexctl-none.so.7 again, a library that plexctl was built with");
    ck_assert(!library.is_open);

    library.soname = "libc.so.6";
    ck_assert_int_eq(late_library_open(&library, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "libc.so.6: undefined symbol: no_such_function; install libc.so.6 again"));
    ck_assert(!library.is_open);
    ck_assert(!nothing);
}
END_TEST

START_TEST(late_library_open_tries_again)
{
    const struct late_function functions[] = {{"strlen", &length}};
    struct late_library library = {.soname = "libplexctl-none.so.7", .functions = functions, .count = 1};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(late_library_open(&library, &err), PLEXCTL_FAILED);
    library.soname = "libc.so.6";
    ck_assert_int_eq(late_library_open(&library, &err), PLEXCTL_OK);
}
END_TEST

START_TEST(late_library_open_ahead_opens_what_is_there)
{
    const char *const sonames[] = {"libplexctl-none.so.7", JSON_C_SONAME, NULL};

    ck_assert_int_eq(setenv("LD_LIBRARY_PATH", "/nowhere", 1), 0);
    late_library_open_ahead(sonames);
    ck_assert_int_eq(unsetenv("LD_LIBRARY_PATH"), 0); /* valgrind sets it as well */
    late_library_open_ahead(sonames + 2);
    ck_assert_ptr_null(dlopen(JSON_C_SONAME, RTLD_LAZY | RTLD_NOLOAD));
    late_library_open_ahead(sonames);
    ck_assert_ptr_nonnull(dlopen(JSON_C_SONAME, RTLD_LAZY | RTLD_NOLOAD));
}
END_TEST

/* The dynamic linker gets over some failures, and passes the others on. */
START_TEST(late_library_open_without_memory_fails_or_works)
{
    static void (*release)(void *value);
    const struct late_function functions[] = {{"json_object_put", &release}};
    struct late_library library = {.soname = JSON_C_SONAME, .functions = functions, .count = 1};
    unsigned long n = 0, failures = 0, refusals = 0;

    if (!heap_is_ours())
        return;
    do {
        struct error err = ERROR_INIT;
        heap_fail(++n, true);
        plexctl_status status = late_library_open(&library, &err);
        failures = heap_failures();
        heap_fail(0, false);
        ck_assert_int_eq(status, library.is_open ? PLEXCTL_OK : PLEXCTL_FAILED);
        ck_assert_int_eq(err.text[0] != '\0', status != PLEXCTL_OK);
        refusals += status != PLEXCTL_OK;
    } while (!library.is_open && failures);
    ck_assert(library.is_open);
    ck_assert_uint_gt(refusals, 2);
    ck_assert(release);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base/late_library");
    TCase *tests = tcase_create("late_library");

    tcase_add_test(tests, late_library_open_fills_the_slots_once);
    tcase_add_test(tests, late_library_open_says_what_is_missing);
    tcase_add_test(tests, late_library_open_tries_again);
    tcase_add_test(tests, late_library_open_ahead_opens_what_is_there);
    tcase_add_test(tests, late_library_open_without_memory_fails_or_works);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
