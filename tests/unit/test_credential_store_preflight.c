/* SPDX-License-Identifier: Apache-2.0
 *
 * credential_store: preflight and the lock.
 */
#include <time.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "credential_store.h"
#include "store_fixture.h"

START_TEST(preflight_makes_directories_and_leaves_only_the_lock)
{
    struct config_fixture fixture = config_fixture_new();
    struct error err = ERROR_INIT;

    ck_assert_int_eq(preflight(&err), PLEXCTL_OK);
    ck_assert_uint_eq(config_fixture_stat(fixture.directory).st_mode & 07777, 0700);
    config_fixture_assert_only(fixture.directory, LOCK, NULL);
    assert_saved("work");
    char *before = config_fixture_read(fixture.path);
    ino_t inode = config_fixture_stat(fixture.path).st_ino;
    ck_assert_int_eq(preflight(&err), PLEXCTL_OK);
    config_fixture_assert_text(fixture.path, before);
    ck_assert_uint_eq(config_fixture_stat(fixture.path).st_ino, inode);
    config_fixture_assert_only(fixture.directory, "config.json", LOCK);
    free(before);
}
END_TEST

START_TEST(preflight_without_room_for_a_profile_is_refused)
{
    struct config_fixture fixture = config_fixture_new();
    size_t size = CREDENTIAL_STORE_MAX_BYTES - 1000;
    char *text = malloc(size);
    struct error err = ERROR_INIT;

    ck_assert_ptr_nonnull(text);
    memset(text, ' ', size);
    text[0] = '{';
    text[1] = '}';
    config_fixture_write(fixture.path, text, size, 0600);
    free(text);
    ck_assert_int_eq(preflight(&err), PLEXCTL_USAGE);
    config_fixture_assert_error(&err, fixture.path, "no room");
    config_fixture_assert_error(&err, fixture.path, "`mv ");
}
END_TEST

static const char *take_lock(const struct config_fixture *fixture, int *ret_fd)
{
    static char path[256];
    struct error err = ERROR_INIT;

    ck_assert_int_eq(preflight(&err), PLEXCTL_OK);
    (void)snprintf(path, sizeof path, "%s/" LOCK, fixture->directory);
    ck_assert_int_eq(file_lock(AT_FDCWD, path, 0, -1, ret_fd, &err), PLEXCTL_OK);
    return path;
}

START_TEST(lock_that_is_held_stops_after_its_time)
{
    struct config_fixture fixture = config_fixture_new();
    auto_fd int fd = -1;
    struct timespec start, end;
    struct error err = ERROR_INIT;

    (void)take_lock(&fixture, &fd);
    ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &start), 0);
    ck_assert_int_eq(preflight(&err), PLEXCTL_FAILED);
    ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &end), 0);
    config_fixture_assert_error(&err, fixture.path, LOCK " for 5000 ms; try again when it has ended; `fuser -v ");
    ck_assert_int_ge((int)(end.tv_sec - start.tv_sec), CREDENTIAL_STORE_LOCK_WAIT_MS / 1000 - 1);
    ck_assert_int_le((int)(end.tv_sec - start.tv_sec), 60); /* not ten times as long; a slow machine has its time */
    config_fixture_assert_only(fixture.directory, LOCK, NULL);
}
END_TEST

START_TEST(lock_that_is_held_is_given_up_when_cancelled)
{
    struct config_fixture fixture = config_fixture_new();
    struct credential_store *store = store_new();
    struct credential credential = work("work");
    struct error err = ERROR_INIT;
    auto_fd int fd = -1;
    int cancel[2];

    (void)take_lock(&fixture, &fd);
    ck_assert_int_eq(pipe2(cancel, O_CLOEXEC), 0);
    ck_assert_int_eq(write(cancel[1], "x", 1), 1);
    ck_assert_int_eq(credential_store_save(store, &credential, cancel[0], &err), PLEXCTL_CANCELLED);
    ck_assert_int_eq(credential_store_preflight(store, cancel[0], &err), PLEXCTL_CANCELLED);
    (void)close(cancel[0]);
    (void)close(cancel[1]);
    config_fixture_assert_only(fixture.directory, LOCK, NULL);
    credential_store_free(store);
}
END_TEST

START_TEST(read_takes_no_lock)
{
    struct config_fixture fixture = config_fixture_new();
    auto_fd int fd = -1;

    assert_saved("work");
    (void)take_lock(&fixture, &fd);
    assert_default("work");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("credential_store_preflight");
    TCase *tcase = tcase_create("preflight");

    tcase_add_test(tcase, preflight_makes_directories_and_leaves_only_the_lock);
    tcase_add_test(tcase, preflight_without_room_for_a_profile_is_refused);
    tcase_add_test(tcase, lock_that_is_held_stops_after_its_time);
    tcase_add_test(tcase, lock_that_is_held_is_given_up_when_cancelled);
    tcase_add_test(tcase, read_takes_no_lock);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
