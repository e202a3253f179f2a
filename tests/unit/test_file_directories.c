/* SPDX-License-Identifier: Apache-2.0 */
#include "file_fixture.h"

#include <sys/syscall.h>

/* Stands before the C library's own. */
int fsync_faulty(int fd) __asm__("fsync");

static struct {
    struct fault fsync;
} system_calls;

int fsync_faulty(int fd)
{
    return fault_hits(&system_calls.fsync) ? -1 : (int)syscall(SYS_fsync, fd);
}

static void open_fresh(void)
{
    memset(&system_calls, 0, sizeof system_calls);
    fixture_open();
}

static const char *in_fixture(const char *below)
{
    static char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", fixture_path, below);
    return path;
}

static const struct {
    const char *path;
    mode_t mask;
} directories[] = {
    {"a", 022},      {"a/b/c", 022},  {"a/b/c/", 022},       {"a//b///c//", 0},
    {"a/b/c", 0777}, {"a/b/c", 0277}, {"a/./b/../b/c", 077},
};

START_TEST(file_make_directories_makes_all_private)
{
    struct error err = ERROR_INIT;

    (void)umask(directories[_i].mask);
    plexctl_status status = file_make_directories(in_fixture(directories[_i].path), &err);
    (void)umask(022);
    ck_assert_msg(status == PLEXCTL_OK, "%s", err.text);
    ck_assert_uint_eq(fixture_mode("a"), 0700);
    if (directories[_i].path[1] != '\0') {
        ck_assert_uint_eq(fixture_mode("a/b"), 0700);
        ck_assert_uint_eq(fixture_mode("a/b/c"), 0700);
    }
    ck_assert_uint_ge(system_calls.fsync.calls, 1);
    ck_assert_int_eq(file_make_directories(in_fixture(directories[_i].path), &err), PLEXCTL_OK);
}
END_TEST

START_TEST(file_make_directories_keeps_what_exists)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(mkdirat(fixture_dir, "real", 0755), 0);
    ck_assert_int_eq(symlinkat("real", fixture_dir, "link"), 0);
    ck_assert_int_eq(file_make_directories(in_fixture("link/new"), &err), PLEXCTL_OK);
    ck_assert_uint_eq(fixture_mode("real"), 0755);
    ck_assert_uint_eq(fixture_mode("real/new"), 0700);
    ck_assert_int_eq(file_make_directories("/", &err), PLEXCTL_OK);
    ck_assert_int_eq(fchdir(fixture_dir), 0);
    ck_assert_int_eq(file_make_directories("relative/path", &err), PLEXCTL_OK);
    ck_assert_uint_eq(fixture_mode("relative/path"), 0700);
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(file_make_directories_says_what_is_in_the_way)
{
    struct error err = ERROR_INIT;
    char expected[256];

    fixture_write("file", "x", 0600);
    ck_assert_int_eq(symlinkat("nowhere", fixture_dir, "dangling"), 0);
    ck_assert_int_eq(file_make_directories(in_fixture("file/below"), &err), PLEXCTL_FAILED);
    (void)snprintf(expected, sizeof expected, "cannot open the directory %s/file: Not a directory", fixture_path);
    ck_assert_str_eq(err.text, expected);
    ck_assert_int_eq(file_make_directories(in_fixture("dangling/below"), &err), PLEXCTL_FAILED);
    (void)snprintf(expected, sizeof expected, "cannot open the directory %s/dangling: No such file or directory",
                   fixture_path);
    ck_assert_str_eq(err.text, expected);
    ck_assert_int_eq(file_make_directories("/proc/plexctl", &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot make the directory /proc/plexctl: "));
}
END_TEST

START_TEST(file_make_directories_failing_sync_is_an_error)
{
    struct error err = ERROR_INIT;

    system_calls.fsync = (struct fault){.number = EIO, .times = 1};
    ck_assert_int_eq(file_make_directories(in_fixture("a/b"), &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot sync the directory above"));
}
END_TEST

/* A process that was killed, or another that has just made it, may not have synced it. */
START_TEST(file_make_directories_syncs_what_may_be_new)
{
    struct error err = ERROR_INIT;
    static const struct {
        mode_t mode;
        unsigned syncs;
    } found[] = {{0700, 1}, {0500, 1}, {0755, 0}, {0711, 0}};

    ck_assert_int_eq(fchdir(fixture_dir), 0);
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
        ck_assert_int_eq(mkdirat(fixture_dir, "a", 0700), 0);
        ck_assert_int_eq(fchmodat(fixture_dir, "a", found[i].mode, 0), 0);
        system_calls.fsync = (struct fault){0};
        ck_assert_int_eq(file_make_directories("a", &err), PLEXCTL_OK);
        ck_assert_uint_eq(system_calls.fsync.calls, found[i].syncs);
        system_calls.fsync = (struct fault){.number = EINVAL, .times = 1};
        ck_assert_int_eq(file_make_directories("a", &err), PLEXCTL_OK);
        system_calls.fsync = (struct fault){.number = EIO, .times = 1};
        ck_assert_int_eq(file_make_directories("a", &err), found[i].syncs ? PLEXCTL_FAILED : PLEXCTL_OK);
        ck_assert_int_eq(unlinkat(fixture_dir, "a", AT_REMOVEDIR), 0);
    }
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

/* Of a directory that may be searched and written, but not read: what exists in it is found, and more can be made. */
START_TEST(file_make_directories_below_an_unreadable_one_works)
{
    ck_assert_int_eq(fchmod(fixture_dir, 0311), 0);
    if (geteuid() == 0)
        ck_assert_int_eq(fchown(fixture_dir, 65534, 65534), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct error err = ERROR_INIT;
        if (fchdir(fixture_dir) != 0)
            _exit(1);
        unit_become_unprivileged();
        if (file_make_directories("a/b", &err) != PLEXCTL_OK)
            _exit(2);
        if (chmod("a", 0500) != 0)
            _exit(3);
        _exit(file_make_directories("a/c", &err) == PLEXCTL_FAILED && strstr(err.text, "Permission denied") ? 0 : 4);
    }
    fixture_join(child);
    ck_assert_int_eq(fchmod(fixture_dir, 0700), 0);
    ck_assert_uint_eq(fixture_mode("a/b"), 0700);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file_directories");
    TCase *tcase = tcase_create("file_directories");

    tcase_add_checked_fixture(tcase, open_fresh, fixture_close);
    tcase_add_loop_test(tcase, file_make_directories_makes_all_private, 0,
                        (int)(sizeof directories / sizeof directories[0]));
    tcase_add_test(tcase, file_make_directories_keeps_what_exists);
    tcase_add_test(tcase, file_make_directories_says_what_is_in_the_way);
    tcase_add_test(tcase, file_make_directories_failing_sync_is_an_error);
    tcase_add_test(tcase, file_make_directories_syncs_what_may_be_new);
    tcase_add_test(tcase, file_make_directories_below_an_unreadable_one_works);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
