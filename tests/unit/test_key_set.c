/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/key_set.h"
#include "heap.h"

static void add(struct key_set *set, const char *name, size_t position)
{
    struct error err = ERROR_INIT;
    ck_assert_int_eq(key_set_add(set, name, strlen(name), position, &err), PLEXCTL_OK);
}

START_TEST(key_set_close_finds_the_first_repetition)
{
    struct key_set set = KEY_SET_INIT;
    size_t position = 0;
    add(&set, "z", 1);
    add(&set, "b", 2);
    add(&set, "", 3);
    add(&set, "b", 4);
    add(&set, "z", 5);
    add(&set, "b", 6);
    ck_assert(key_set_close(&set, 0, &position));
    ck_assert_uint_eq(position, 4);
    ck_assert_uint_eq(set.count, 0);
    ck_assert_uint_eq(set.text.len, 0);
    key_set_release(&set);
}
END_TEST

START_TEST(key_set_close_passes_names_that_differ)
{
    struct key_set set = KEY_SET_INIT;
    size_t position = 77;
    ck_assert(!key_set_close(&set, 0, &position));
    add(&set, "a", 1);
    add(&set, "aa", 2);
    add(&set, "A", 3);
    add(&set, "", 4);
    ck_assert(!key_set_close(&set, 0, &position));
    ck_assert_uint_eq(position, 77);
    key_set_release(&set);
}
END_TEST

START_TEST(key_set_close_keeps_the_outer_names)
{
    struct key_set set = KEY_SET_INIT;
    size_t position;
    add(&set, "name", 1);
    add(&set, "other", 2);
    add(&set, "name", 3); /* of an inner object */
    ck_assert(!key_set_close(&set, 2, &position));
    ck_assert_uint_eq(set.count, 2);
    ck_assert_str_eq(key_set_name(&set, 0), "name");
    ck_assert_str_eq(key_set_name(&set, 1), "other");
    add(&set, "name", 4);
    ck_assert(key_set_close(&set, 0, &position));
    ck_assert_uint_eq(position, 4);
    key_set_release(&set);
}
END_TEST

START_TEST(key_set_close_finds_one_among_many)
{
    struct key_set set = KEY_SET_INIT;
    size_t position;
    char name[32];
    for (unsigned i = 0; i < 10000; i++) {
        (void)snprintf(name, sizeof name, "profile-%u", i * 7919 % 10000);
        add(&set, name, i + 1);
    }
    ck_assert_str_eq(key_set_name(&set, 3), "profile-3757");
    add(&set, "profile-3757", 20000);
    ck_assert(key_set_close(&set, 0, &position));
    ck_assert_uint_eq(position, 20000);
    key_set_release(&set);
}
END_TEST

/* As many as there is room for, at each size that the room has while it grows: nothing behind it is looked at. */
START_TEST(key_set_close_of_a_full_set_stays_inside)
{
    struct key_set set = KEY_SET_INIT;
    size_t position = 77;
    char name[32];
    for (unsigned i = 0; i < 1024; i++) {
        (void)snprintf(name, sizeof name, "%u", i);
        add(&set, name, i + 1);
        if (set.count == set.capacity) {
            struct key_set full = set;
            ck_assert(!key_set_close(&full, 0, &position));
            ck_assert(!key_set_close(&full, 0, &position));
        }
    }
    ck_assert_uint_eq(position, 77);
    key_set_release(&set);
    ck_assert_uint_eq(set.count, 0);
    ck_assert_uint_eq(set.capacity, 0);
    ck_assert_ptr_null(set.keys);
    key_set_release(&set);
}
END_TEST

START_TEST(key_set_add_reports_each_failed_allocation)
{
    if (!heap_is_ours())
        return;
    for (unsigned long n = 1;; n++) {
        struct key_set set = KEY_SET_INIT;
        struct error err = ERROR_INIT;
        plexctl_status status = PLEXCTL_OK;
        const long live = heap_live();
        heap_fail(n, false);
        for (unsigned i = 0; i < 200 && status == PLEXCTL_OK; i++)
            status = key_set_add(&set, "a name", 6, i, &err);
        unsigned long failures = heap_failures();
        heap_fail(0, false);
        ck_assert_int_eq(status, failures ? PLEXCTL_NO_MEMORY : PLEXCTL_OK);
        ck_assert_int_eq(err.status, status);
        key_set_release(&set);
        ck_assert_int_eq(heap_live(), live);
        if (!failures)
            return;
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("key_set");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, key_set_close_finds_the_first_repetition);
    tcase_add_test(tcase, key_set_close_passes_names_that_differ);
    tcase_add_test(tcase, key_set_close_keeps_the_outer_names);
    tcase_add_test(tcase, key_set_close_finds_one_among_many);
    tcase_add_test(tcase, key_set_close_of_a_full_set_stays_inside);
    tcase_add_test(tcase, key_set_add_reports_each_failed_allocation);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
