/* SPDX-License-Identifier: Apache-2.0 */
#include "trust.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "plugin_fixture.h"

static void assert_directory(const char *path, plexctl_status expected, const char *reason)
{
    struct error err = ERROR_INIT;
    auto_fd int fd = -1;

    ck_assert_msg(trust_open_directory(path, &fd, &err) == expected, "%s: %s", path, err.text);
    ck_assert_int_eq(fd >= 0, expected == PLEXCTL_OK);
    ck_assert_msg(strstr(err.text, reason) != NULL, "\"%s\" is not in \"%s\"", reason, err.text);
}

static void assert_file(const char *directory, const char *name, plexctl_status expected, const char *reason)
{
    auto_fd int dir_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct fixture_path path = fixture_at(directory, name);
    struct trust_file file = {.fd = -1};
    struct error err = ERROR_INIT;

    ck_assert_int_ge(dir_fd, 0);
    ck_assert_msg(trust_open_file(dir_fd, path.text, &file, &err) == expected, "%s: %s", name, err.text);
    ck_assert_int_eq(file.fd >= 0, expected == PLEXCTL_OK);
    ck_assert_msg(strstr(err.text, reason) != NULL, "\"%s\" is not in \"%s\"", reason, err.text);
    if (expected == PLEXCTL_OK)
        (void)close(file.fd);
}

/* Directories */

static const struct {
    mode_t parent, directory;
    plexctl_status expected;
} directory_modes[] = {
    {0700, 0700, PLEXCTL_OK},      {0755, 0755, PLEXCTL_OK},      {0711, 0711, PLEXCTL_OK},
    {0700, 0500, PLEXCTL_OK},      {02755, 0755, PLEXCTL_OK},     {01777, 0755, PLEXCTL_OK},
    {01775, 0755, PLEXCTL_OK},     {0700, 0775, PLEXCTL_FAILED},  {0700, 0757, PLEXCTL_FAILED},
    {0700, 0720, PLEXCTL_FAILED},  {0700, 01777, PLEXCTL_FAILED}, {0700, 01775, PLEXCTL_FAILED},
    {0777, 0755, PLEXCTL_FAILED},  {0775, 0755, PLEXCTL_FAILED},  {0757, 0755, PLEXCTL_FAILED},
    {01777, 0775, PLEXCTL_FAILED},
};

START_TEST(trust_open_directory_judges_modes)
{
    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    struct fixture_path parent = fixture_make_directory(root.text, "parent", 0700);
    struct fixture_path directory = fixture_make_directory(parent.text, "directory", directory_modes[_i].directory);
    plexctl_status expected = directory_modes[_i].expected;

    ck_assert_int_eq(chmod(parent.text, directory_modes[_i].parent), 0);
    assert_directory(directory.text, expected,
                     expected == PLEXCTL_OK                            ? ""
                     : directory_modes[_i].directory & (mode_t)S_ISVTX ? "fix: keep plugins in a directory of your own"
                                                                       : "fix: chmod go-w ");
}
END_TEST

START_TEST(trust_open_directory_names_parent_at_fault)
{
    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    struct fixture_path parent = fixture_make_directory(root.text, "parent", 0777);
    struct fixture_path directory = fixture_make_directory(parent.text, "directory", 0755);
    char expected[2048];

    (void)snprintf(
        expected, sizeof expected,
        "directory %s can be written by others (mode 0777); wanted is by its owner alone; fix: chmod go-w %s",
        parent.text, parent.text);
    assert_directory(directory.text, PLEXCTL_FAILED, expected);
}
END_TEST

START_TEST(trust_open_directory_of_no_directory_is_not_found)
{
    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();

    (void)fixture_write(root.text, "file", "", 0);
    assert_directory(fixture_at(root.text, "none").text, PLEXCTL_NOT_FOUND, "/none");
    assert_directory(fixture_at(root.text, "none/below").text, PLEXCTL_NOT_FOUND, "");
    assert_directory(fixture_at(root.text, "file").text, PLEXCTL_NOT_FOUND, "");
    assert_directory(fixture_at(root.text, "file/below").text, PLEXCTL_NOT_FOUND, "");
}
END_TEST

START_TEST(trust_open_directory_of_relative_path_is_refused)
{
    unit_become_unprivileged();
    assert_directory("tmp", PLEXCTL_FAILED, "relative");
    assert_directory("", PLEXCTL_FAILED, "relative");
}
END_TEST

START_TEST(trust_open_directory_of_root_is_judged)
{
    unit_become_unprivileged();
    assert_directory("/", PLEXCTL_OK, "");
    assert_directory("/tmp", PLEXCTL_FAILED, "directory /tmp can be written by others");
}
END_TEST

START_TEST(trust_open_directory_without_search_is_refused)
{
    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    struct fixture_path closed = fixture_make_directory(root.text, "closed", 0700);
    struct fixture_path below = fixture_make_directory(closed.text, "below", 0700);

    ck_assert_int_eq(chmod(closed.text, 0), 0);
    assert_directory(below.text, PLEXCTL_FAILED, "Permission denied");
    ck_assert_int_eq(chmod(closed.text, 0700), 0);
}
END_TEST

START_TEST(trust_open_directory_without_descriptors_says_so)
{
    struct rlimit old, low;
    auto_fd int lowest = dup(STDERR_FILENO);

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
    low = (struct rlimit){.rlim_cur = (rlim_t)lowest, .rlim_max = old.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
    assert_directory("/", PLEXCTL_FAILED, "Too many open files; fix: run `ulimit -n 1024`");
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
}
END_TEST

START_TEST(trust_open_directory_follows_link_to_what_it_judges)
{
    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    struct fixture_path good = fixture_make_directory(root.text, "good", 0755);
    struct fixture_path bad = fixture_make_directory(root.text, "bad", 0777);
    struct fixture_path link = fixture_at(root.text, "link");
    struct error err = ERROR_INIT;
    auto_fd int fd = -1;
    struct stat wanted;
    struct stat found;

    ck_assert_int_eq(symlink("good", link.text), 0);
    ck_assert_int_eq(trust_open_directory(link.text, &fd, &err), PLEXCTL_OK);
    ck_assert_int_eq(fstat(fd, &found), 0);
    ck_assert_int_eq(stat(good.text, &wanted), 0);
    ck_assert_uint_eq(found.st_ino, wanted.st_ino);

    ck_assert_int_eq(unlink(link.text), 0);
    ck_assert_int_eq(symlink(bad.text, link.text), 0);
    assert_directory(link.text, PLEXCTL_FAILED, bad.text);
    ck_assert_int_eq(unlink(link.text), 0);
    ck_assert_int_eq(symlink("link", link.text), 0);
    assert_directory(link.text, PLEXCTL_FAILED, "cannot open");
}
END_TEST

START_TEST(trust_open_directory_escapes_name)
{
    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    struct fixture_path directory = fixture_make_directory(root.text, "a\n\x1b[2Jb", 0777);

    assert_directory(directory.text, PLEXCTL_FAILED, "/a\\x0a\\x1b[2Jb can be written");
}
END_TEST

START_TEST(trust_open_directory_of_another_user_is_refused)
{
    if (!fixture_may_chown())
        return;
    struct fixture_path root = fixture_new_directory();
    struct fixture_path foreign = fixture_make_directory(root.text, "foreign", 0755);
    struct fixture_path below = fixture_make_directory(foreign.text, "below", 0755);
    struct fixture_path of_root = fixture_make_directory(root.text, "of-root", 0755);
    struct fixture_path sticky = fixture_make_directory(root.text, "sticky", 01777);
    struct fixture_path in_sticky = fixture_make_directory(sticky.text, "foreign", 0755);

    ck_assert_int_eq(chown(root.text, FIXTURE_USER, FIXTURE_USER), 0);
    ck_assert_int_eq(chown(foreign.text, FIXTURE_OTHER_USER, 0), 0);
    ck_assert_int_eq(chown(in_sticky.text, FIXTURE_OTHER_USER, 0), 0);
    assert_directory(of_root.text, PLEXCTL_FAILED, "belongs to user 65534; wanted is root or the user who runs");
    fixture_act_as_user(true);
    assert_directory(of_root.text, PLEXCTL_OK, "");
    assert_directory(foreign.text, PLEXCTL_FAILED, "belongs to user 12345; wanted is root or the user who runs");
    assert_directory(below.text, PLEXCTL_FAILED, "/foreign belongs to user 12345");
    assert_directory(in_sticky.text, PLEXCTL_FAILED, "belongs to user 12345");
    fixture_act_as_user(false);
    const char *const made[] = {below.text, foreign.text, of_root.text, in_sticky.text, sticky.text, root.text};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        ck_assert_int_eq(rmdir(made[i]), 0);
}
END_TEST

/* Files */

static const struct {
    mode_t mode;
    plexctl_status expected;
    const char *reason;
} file_modes[] = {
    {0644, PLEXCTL_OK, ""},
    {0600, PLEXCTL_OK, ""},
    {0444, PLEXCTL_OK, ""},
    {0755, PLEXCTL_OK, ""},
    {04755, PLEXCTL_OK, ""},
    {0664, PLEXCTL_FAILED, "can be written by others (mode 0664); wanted is by its owner alone; fix: chmod go-w /"},
    {0646, PLEXCTL_FAILED, "mode 0646"},
    {01666, PLEXCTL_FAILED, "mode 1666"},
    {0200, PLEXCTL_FAILED, "Permission denied"},
};

START_TEST(trust_open_file_judges_modes)
{
    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    struct fixture_path path = fixture_write(root.text, "file.so", "text", 4);

    ck_assert_int_eq(chmod(path.text, file_modes[_i].mode), 0);
    assert_file(root.text, "file.so", file_modes[_i].expected, file_modes[_i].reason);
}
END_TEST

START_TEST(trust_open_file_of_other_kind_is_refused)
{
    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    auto_fd int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%.90s/socket", root.text);
    ck_assert_int_eq(bind(listener, (const struct sockaddr *)&address, sizeof address), 0);
    (void)fixture_write(root.text, "target", "text", 4);
    ck_assert_int_eq(symlink("target", fixture_at(root.text, "link").text), 0);
    ck_assert_int_eq(symlink("none", fixture_at(root.text, "dangling").text), 0);
    ck_assert_int_eq(mkfifo(fixture_at(root.text, "pipe").text, 0600), 0);
    (void)fixture_make_directory(root.text, "directory", 0700);

    assert_file(root.text, "link", PLEXCTL_FAILED, "/link is a symbolic link; wanted is a regular file; fix: copy");
    assert_file(root.text, "dangling", PLEXCTL_FAILED, "is a symbolic link");
    assert_file(root.text, "pipe", PLEXCTL_FAILED, "is a pipe or a device");
    assert_file(root.text, "socket", PLEXCTL_FAILED, "is a socket or a device");
    assert_file(root.text, "directory", PLEXCTL_FAILED, "is a directory");
    assert_file(root.text, "none", PLEXCTL_NOT_FOUND, "/none");
}
END_TEST

START_TEST(trust_open_file_of_another_user_is_refused)
{
    if (!fixture_may_chown())
        return;
    struct fixture_path root = fixture_new_directory();
    struct fixture_path foreign = fixture_write(root.text, "foreign", "text", 4);

    ck_assert_int_eq(chown(root.text, FIXTURE_USER, FIXTURE_USER), 0);
    (void)fixture_write(root.text, "of-root", "text", 4);
    ck_assert_int_eq(chown(foreign.text, FIXTURE_OTHER_USER, 0), 0);
    assert_file(root.text, "foreign", PLEXCTL_FAILED, "belongs to user 12345");
    fixture_act_as_user(true);
    assert_file(root.text, "foreign", PLEXCTL_FAILED, "file ");
    assert_file(root.text, "foreign", PLEXCTL_FAILED, "belongs to user 12345; wanted is root or the user who runs");
    assert_file(root.text, "of-root", PLEXCTL_OK, "");
    fixture_act_as_user(false);
}
END_TEST

START_TEST(trust_check_unchanged_notices_each_change)
{
    unit_become_unprivileged();
    struct fixture_path root = fixture_new_directory();
    struct fixture_path path = fixture_write(root.text, "file", "text", 4);
    auto_fd int dir_fd = open(root.text, O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct trust_file file;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(trust_open_file(dir_fd, path.text, &file, &err), PLEXCTL_OK);
    auto_fd int fd = file.fd;
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(trust_check_unchanged(dir_fd, path.text, &file, &err), PLEXCTL_OK);

    struct trust_file earlier = file;
    earlier.status.st_ctim.tv_nsec ^= 1;
    ck_assert_int_eq(trust_check_unchanged(dir_fd, path.text, &earlier, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "changed while it was being loaded"));
    earlier = file;
    earlier.status.st_ctim.tv_sec--;
    ck_assert_int_eq(trust_check_unchanged(dir_fd, path.text, &earlier, &err), PLEXCTL_FAILED);

    struct fixture_path other = fixture_write(root.text, "other", "text", 4);
    ck_assert_int_eq(rename(other.text, path.text), 0);
    ck_assert_int_eq(trust_check_unchanged(dir_fd, path.text, &file, &err), PLEXCTL_FAILED);
    ck_assert_int_eq(unlink(path.text), 0);
    ck_assert_int_eq(trust_check_unchanged(dir_fd, path.text, &file, &err), PLEXCTL_FAILED);
    ck_assert_ptr_nonnull(strstr(err.text, "taken away"));
}
END_TEST

static Suite *trust_suite(void)
{
    Suite *suite = suite_create("trust");
    TCase *as_root = tcase_create("as root");
    TCase *cases = tcase_create("trust");

    tcase_add_test(as_root, trust_open_directory_of_another_user_is_refused);
    tcase_add_test(as_root, trust_open_file_of_another_user_is_refused);
    suite_add_tcase(suite, as_root);
    tcase_add_loop_test(cases, trust_open_directory_judges_modes, 0,
                        (int)(sizeof directory_modes / sizeof directory_modes[0]));
    tcase_add_test(cases, trust_open_directory_names_parent_at_fault);
    tcase_add_test(cases, trust_open_directory_of_no_directory_is_not_found);
    tcase_add_test(cases, trust_open_directory_of_relative_path_is_refused);
    tcase_add_test(cases, trust_open_directory_of_root_is_judged);
    tcase_add_test(cases, trust_open_directory_without_search_is_refused);
    tcase_add_test(cases, trust_open_directory_without_descriptors_says_so);
    tcase_add_test(cases, trust_open_directory_follows_link_to_what_it_judges);
    tcase_add_test(cases, trust_open_directory_escapes_name);
    tcase_add_loop_test(cases, trust_open_file_judges_modes, 0, (int)(sizeof file_modes / sizeof file_modes[0]));
    tcase_add_test(cases, trust_open_file_of_other_kind_is_refused);
    tcase_add_test(cases, trust_check_unchanged_notices_each_change);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return unit_run(trust_suite());
}
