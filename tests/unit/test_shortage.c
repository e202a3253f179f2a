/* SPDX-License-Identifier: Apache-2.0 */
#include "base/shortage.h"

#include <dlfcn.h>
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include "unit.h"

#define FILES "run `ulimit -n 1024`, or close other programs"

static void limit(__rlimit_resource_t resource, rlim_t soft)
{
    struct rlimit found;

    ck_assert_int_eq(getrlimit(resource, &found), 0);
    found.rlim_cur = soft;
    ck_assert_int_eq(setrlimit(resource, &found), 0);
}

START_TEST(shortage_remedy_knows_descriptors)
{
    ck_assert_str_eq(shortage_remedy(EMFILE), FILES);
    ck_assert_str_eq(shortage_remedy(ENFILE), FILES);
    ck_assert_ptr_null(shortage_remedy(EACCES));
    ck_assert_ptr_null(shortage_remedy(0));
}
END_TEST

START_TEST(shortage_remedy_of_linker_reads_its_words)
{
    ck_assert_str_eq(shortage_remedy_of_linker("x.so: cannot open shared object file: Too many open files in system"),
                     FILES);
    ck_assert_str_eq(shortage_remedy_of_linker("x.so: failed to map segment from shared object"),
                     "run `ulimit -v unlimited`, or close other programs");
    ck_assert_ptr_null(shortage_remedy_of_linker("x.so: cannot open shared object file: No such file or directory"));
}
END_TEST

START_TEST(shortage_remedy_of_linker_reads_what_it_says_here)
{
    rlim_t lowest = (rlim_t)dup(STDERR_FILENO);

    (void)close((int)lowest);
    limit(RLIMIT_NOFILE, lowest);
    ck_assert_ptr_null(dlopen(JSON_C_SONAME, RTLD_LAZY));
    const char *said = dlerror();
    const char *remedy = shortage_remedy_of_linker(said);
    limit(RLIMIT_NOFILE, lowest + 9);
    ck_assert_msg(remedy && strcmp(remedy, FILES) == 0, "%s", said);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base/shortage");
    TCase *tests = tcase_create("shortage");

    tcase_add_test(tests, shortage_remedy_knows_descriptors);
    tcase_add_test(tests, shortage_remedy_of_linker_reads_its_words);
    tcase_add_test(tests, shortage_remedy_of_linker_reads_what_it_says_here);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
