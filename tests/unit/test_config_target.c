/* SPDX-License-Identifier: Apache-2.0 */
#include "config_target.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "config_fixture.h"
#include "credential_store.h"

/* A descriptor that is readable already: a lock that is not free is given up at once. */
static int readable_fd(void)
{
    int ends[2];

    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    (void)close(ends[1]);
    return ends[0];
}

static void assert_target(const char *path, const char *expected)
{
    auto_config_target struct config_target target = CONFIG_TARGET_INIT;
    struct error err = ERROR_INIT;

    ck_assert_msg(config_target_lock(path, -1, &target, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_str_eq(target.path, expected);
    ck_assert_str_eq(target.name, strrchr(expected, '/') + 1);
    char lock[256];
    (void)snprintf(lock, sizeof lock, "%s.lock", expected);
    ck_assert_uint_eq(config_fixture_stat(lock).st_mode & 07777, 0600);
}

static void assert_not_locked(const char *path, plexctl_status status, const char *part)
{
    struct config_target target = {.dir_fd = 4711};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(config_target_lock(path, -1, &target, &err), status);
    config_fixture_assert_error(&err, "cannot save to ", part);
    ck_assert_int_eq(target.dir_fd, 4711);
}

START_TEST(lock_makes_directories_of_mode_0700)
{
    static const mode_t masks[] = {0, 022, 077, 0777};
    struct config_fixture fixture = config_fixture_new();
    char path[320], directory[256];

    (void)snprintf(directory, sizeof directory, "%s/x/y/z", fixture.home);
    (void)snprintf(path, sizeof path, "%s/config.json", directory);
    (void)umask(masks[_i]);
    assert_target(path, path);
    (void)umask(022);
    for (int i = 0; i < 3; i++) {
        ck_assert_uint_eq(config_fixture_stat(directory).st_mode & 07777, 0700);
        *strrchr(directory, '/') = '\0';
    }
}
END_TEST

/* Each link in turn is made in the config directory; the target is below home. */
static const struct link_case {
    const char *links[6]; /* name, content, name, content, ... */
    const char *target;
} links[] = {
    {{"config.json", "../real.json"}, "plexctl/../real.json"},
    {{"config.json", "one", "one", "two"}, "plexctl/two"},
    {{"config.json", "sub/deep/file"}, "plexctl/sub/deep/file"},
    {{"config.json", "one", "one", "../other/two", "../two", "unused"}, "plexctl/../other/two"},
};

START_TEST(lock_follows_links_to_a_target_that_may_not_exist)
{
    struct config_fixture fixture = config_fixture_new();
    char path[256], expected[256];

    ck_assert_int_eq(mkdir(fixture.directory, 0700), 0);
    for (int i = 0; i < 6 && links[_i].links[i]; i += 2) {
        (void)snprintf(path, sizeof path, "%s/%s", fixture.directory, links[_i].links[i]);
        ck_assert_int_eq(symlink(links[_i].links[i + 1], path), 0);
    }
    (void)snprintf(expected, sizeof expected, "%s/%s", fixture.home, links[_i].target);
    assert_target(fixture.path, expected);
    config_fixture_write_text(expected, "{}");
    assert_target(fixture.path, expected);
}
END_TEST

START_TEST(lock_follows_an_absolute_link)
{
    struct config_fixture fixture = config_fixture_new();
    char expected[256];

    (void)snprintf(expected, sizeof expected, "%s/elsewhere.json", fixture.home);
    ck_assert_int_eq(mkdir(fixture.directory, 0700), 0);
    ck_assert_int_eq(symlink(expected, fixture.path), 0);
    assert_target(fixture.path, expected);
    config_fixture_assert_only(fixture.directory, "config.json", NULL);
}
END_TEST

START_TEST(lock_refuses_loops_and_directories)
{
    struct config_fixture fixture = config_fixture_new();
    char said[640];

    ck_assert_int_eq(mkdir(fixture.directory, 0700), 0);
    ck_assert_int_eq(symlink("config.json", fixture.path), 0);
    assert_not_locked(fixture.path, PLEXCTL_USAGE, "symbolic links");
    (void)snprintf(said, sizeof said, "cannot save to %s: %s; see where they lead: `namei -l %s`", fixture.path,
                   strerror(ELOOP), fixture.path);
    assert_not_locked(fixture.path, PLEXCTL_USAGE, said);
    ck_assert_int_eq(unlink(fixture.path), 0);
    ck_assert_int_eq(symlink("nowhere/", fixture.path), 0);
    assert_not_locked(fixture.path, PLEXCTL_USAGE, "directory; see where: `namei -l ");
}
END_TEST

/* What a link leads to is not for the user to move away: `mv /dev/null /dev/null.old` would be no mend. */
START_TEST(lock_refuses_what_is_no_file_by_the_name_of_the_link)
{
    struct config_fixture fixture = config_fixture_new();
    char fifo[192], part[512];

    (void)snprintf(fifo, sizeof fifo, "%s/fifo", fixture.home);
    (void)snprintf(part, sizeof part,
                   "config.json is a FIFO, not a regular file; move it away: `mv --backup=numbered %s %s.old`",
                   fixture.path, fixture.path);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    ck_assert_int_eq(mkdir(fixture.directory, 0700), 0);
    ck_assert_int_eq(symlink(fifo, fixture.path), 0);
    assert_not_locked(fixture.path, PLEXCTL_USAGE, part);
    config_fixture_assert_only(fixture.home, "fifo", "plexctl");
}
END_TEST

START_TEST(lock_where_nothing_can_be_made_fails)
{
    struct config_fixture fixture = config_fixture_new();

    ck_assert_int_eq(chmod(fixture.home, 0500), 0);
    assert_not_locked(fixture.path, PLEXCTL_FAILED, strerror(EACCES));
    assert_not_locked(fixture.path, PLEXCTL_FAILED, "; run `chmod u+rwx ");
    ck_assert_int_eq(chmod(fixture.home, 0700), 0);
    ck_assert_int_eq(mkdir(fixture.directory, 0500), 0);
    assert_not_locked(fixture.path, PLEXCTL_FAILED, strerror(EACCES));
    assert_not_locked(fixture.path, PLEXCTL_FAILED, "; run `chmod u+rwx ");
    config_fixture_assert_only(fixture.directory, NULL, NULL);
}
END_TEST

START_TEST(lock_is_exclusive_and_freed_by_release)
{
    struct config_fixture fixture = config_fixture_new();
    auto_config_target struct config_target first = CONFIG_TARGET_INIT, second = CONFIG_TARGET_INIT;
    auto_fd int cancel_fd = readable_fd();
    struct error err = ERROR_INIT;

    ck_assert_int_eq(config_target_lock(fixture.path, -1, &first, &err), PLEXCTL_OK);
    ck_assert_int_eq(config_target_lock(fixture.path, cancel_fd, &second, &err), PLEXCTL_CANCELLED);
    ck_assert_int_eq(second.lock_fd, -1);
    config_target_release(&first);
    config_target_release(&first);
    ck_assert_int_eq(config_target_lock(fixture.path, -1, &second, &err), PLEXCTL_OK);
}
END_TEST

static struct config_target locked(const struct config_fixture *fixture)
{
    struct config_target target = CONFIG_TARGET_INIT;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(config_target_lock(fixture->path, -1, &target, &err), PLEXCTL_OK);
    return target;
}

START_TEST(replace_makes_a_new_file_of_mode_0600)
{
    static const mode_t masks[] = {0, 022, 077, 0777};
    struct config_fixture fixture = config_fixture_new();
    auto_buf struct buf text = BUF_INIT(64);
    struct error err = ERROR_INIT;

    (void)umask(masks[_i]);
    auto_config_target struct config_target target = locked(&fixture);
    buf_append_text(&text, "{ }\n");
    ck_assert_int_eq(config_target_replace(&target, &text, &err), PLEXCTL_OK);
    (void)umask(022);
    ck_assert_uint_eq(config_fixture_stat(fixture.path).st_mode & 07777, 0600);
    ck_assert_uint_eq(config_fixture_stat(fixture.directory).st_mode & 07777, 0700);
    config_fixture_assert_text(fixture.path, "{ }\n");
    config_fixture_assert_only(fixture.directory, "config.json", "config.json.lock");
}
END_TEST

START_TEST(replace_that_cannot_stage_leaves_bytes_and_inode)
{
    struct config_fixture fixture = config_fixture_new();
    auto_buf struct buf text = BUF_INIT(64);
    struct error err = ERROR_INIT;

    config_fixture_write_text(fixture.path, "{\"old\":1}");
    ino_t inode = config_fixture_stat(fixture.path).st_ino;
    auto_config_target struct config_target target = locked(&fixture);
    buf_append_text(&text, "{\"new\":1}");
    ck_assert_int_eq(chmod(fixture.directory, 0500), 0);
    ck_assert_int_eq(config_target_replace(&target, &text, &err), PLEXCTL_FAILED);
    config_fixture_assert_error(&err, fixture.path, strerror(EACCES));
    config_fixture_assert_error(&err, fixture.path, "; run `chmod u+rwx ");
    ck_assert_int_eq(config_target_rehearse(&target, 10, &err), PLEXCTL_FAILED);
    config_fixture_assert_error(&err, fixture.path, strerror(EACCES));
    ck_assert_int_eq(chmod(fixture.directory, 0700), 0);
    ck_assert_uint_eq(config_fixture_stat(fixture.path).st_ino, inode);
    config_fixture_assert_text(fixture.path, "{\"old\":1}");
    config_fixture_assert_only(fixture.directory, "config.json", "config.json.lock");
}
END_TEST

START_TEST(rehearse_finds_out_about_room_and_leaves_nothing)
{
    struct config_fixture fixture = config_fixture_new();
    auto_config_target struct config_target target = locked(&fixture);
    struct rlimit old, low;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(config_target_rehearse(&target, 65536, &err), PLEXCTL_OK);
    config_fixture_assert_only(fixture.directory, "config.json.lock", NULL);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    low = old;
    low.rlim_cur = 32768;
    (void)signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &low), 0);
    plexctl_status too_large = config_target_rehearse(&target, 65536, &err);
    struct error ignored = ERROR_INIT;
    plexctl_status fits = config_target_rehearse(&target, 32768, &ignored);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    ck_assert_int_eq(too_large, PLEXCTL_FAILED);
    config_fixture_assert_error(&err, fixture.path, strerror(EFBIG));
    config_fixture_assert_error(&err, fixture.path, "; run `ulimit -f unlimited`");
    ck_assert_int_eq(fits, PLEXCTL_OK);
    config_fixture_assert_only(fixture.directory, "config.json.lock", NULL);
}
END_TEST

START_TEST(read_judges_the_target)
{
    struct config_fixture fixture = config_fixture_new();
    auto_config_target struct config_target target = locked(&fixture);
    auto_config_file struct config_file missing = CONFIG_FILE_INIT(target.path), good = CONFIG_FILE_INIT(target.path);
    auto_config_file struct config_file bad = CONFIG_FILE_INIT(target.path);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(config_target_read(&target, &missing, &err), PLEXCTL_OK);
    ck_assert(!missing.exists);
    config_fixture_write_text(fixture.path, "{}");
    ck_assert_int_eq(config_target_read(&target, &good, &err), PLEXCTL_OK);
    ck_assert_str_eq(buf_text(&good.text), "{}");
    ck_assert_int_eq(chmod(fixture.path, 0622), 0);
    ck_assert_int_eq(config_target_read(&target, &bad, &err), PLEXCTL_USAGE);
    config_fixture_assert_error(&err, fixture.path, "chmod 600");
}
END_TEST

/* sudo with a kept HOME, before there is a config file. Stands first: the other tests give root up. */
START_TEST(lock_as_root_in_a_users_directory_is_refused)
{
    char home[128], path[192], directory[160];
    struct config_target target = CONFIG_TARGET_INIT;
    struct error err = ERROR_INIT;

    if (geteuid() != 0) {
        unit_skip("a file of another user: only root can make one");
        return;
    }
    (void)snprintf(home, sizeof home, "%s/home.XXXXXX", unit_scratch());
    ck_assert_ptr_nonnull(mkdtemp(home));
    ck_assert_int_eq(chown(home, 65534, 65534), 0);
    (void)snprintf(directory, sizeof directory, "%s/.config", home);
    (void)snprintf(path, sizeof path, "%s/plexctl/config.json", directory);
    plexctl_status status = config_target_lock(path, -1, &target, &err);
    struct stat found;
    bool made = stat(directory, &found) == 0;
    ck_assert_int_eq(rmdir(home), 0);
    ck_assert_int_eq(status, PLEXCTL_USAGE);
    ck_assert(!made);
    config_fixture_assert_error(&err, home, "(uid 65534)");
    config_fixture_assert_error(&err, home, "without sudo");
}
END_TEST

/* A single-file bind mount, as container engines make them: only root can make one here. */
START_TEST(read_of_a_file_mounted_on_its_own_is_refused)
{
    char home[128], path[192];
    auto_config_target struct config_target target = CONFIG_TARGET_INIT;
    auto_config_file struct config_file file = CONFIG_FILE_INIT(path);
    struct error err = ERROR_INIT, free_err = ERROR_INIT;

    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 || mount("", "/", "", MS_REC | MS_PRIVATE, NULL) != 0) {
        unit_skip("a file mounted on its own: mounting is not possible here");
        return;
    }
    (void)snprintf(home, sizeof home, "%s/bind.XXXXXX", unit_scratch());
    ck_assert_ptr_nonnull(mkdtemp(home));
    (void)snprintf(path, sizeof path, "%s/config.json", home);
    config_fixture_write_text(path, "{}");
    ck_assert_int_eq(config_target_lock(path, -1, &target, &free_err), PLEXCTL_OK);
    ck_assert_int_eq(mount(path, path, "", MS_BIND, NULL), 0);
    plexctl_status mounted = config_target_read(&target, &file, &err);
    ck_assert_int_eq(umount2(path, MNT_DETACH), 0);
    config_file_release(&file);
    plexctl_status plain = config_target_read(&target, &file, &free_err);
    ck_assert_int_eq(unlink(path), 0);
    (void)strncat(path, ".lock", sizeof path - strlen(path) - 1);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(rmdir(home), 0);
    ck_assert_int_eq(mounted, PLEXCTL_USAGE);
    config_fixture_assert_error(&err, home, "mounted on its own");
    config_fixture_assert_error(&err, home, "`sudo umount ");
    ck_assert_int_eq(plain, PLEXCTL_OK);
}
END_TEST

/* Also where the lock could still be made (+a), or is there already. */
START_TEST(lock_in_a_marked_directory_is_refused)
{
    static const char *const marks[] = {"+a", "+i"};
    char directory[128], path[192], command[256], advice[192];
    struct config_target target = CONFIG_TARGET_INIT;
    struct error err = ERROR_INIT;

    (void)snprintf(directory, sizeof directory, "%s/marked", unit_scratch());
    (void)snprintf(path, sizeof path, "%s/config.json", directory);
    (void)snprintf(advice, sizeof advice, "run `sudo chattr -i -a %s`", directory);
    (void)mkdir(directory, 0700);
    (void)snprintf(command, sizeof command, "exec 2>/dev/null; chattr %s %s", marks[_i], directory);
    if (geteuid() != 0 || system(command) != 0) { /* NOLINT: no interface but ioctls */
        unit_skip("a directory that is marked: chattr is impossible here");
        return;
    }
    plexctl_status status = config_target_lock(path, -1, &target, &err);
    (void)snprintf(command, sizeof command, "chattr -a -i %s", directory);
    ck_assert_int_eq(system(command), 0); /* NOLINT */
    ck_assert_int_eq(status, PLEXCTL_USAGE);
    config_fixture_assert_error(&err, directory, "is marked as unchangeable");
    ck_assert_str_eq(error_advice(&err), advice);
    config_fixture_assert_only(directory, NULL, NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config_target");
    TCase *root = tcase_create("root"), *tcase = tcase_create("target");

    tcase_add_test(root, lock_as_root_in_a_users_directory_is_refused);
    tcase_add_test(root, read_of_a_file_mounted_on_its_own_is_refused);
    tcase_add_loop_test(root, lock_in_a_marked_directory_is_refused, 0, 2);
    suite_add_tcase(suite, root);
    tcase_add_loop_test(tcase, lock_makes_directories_of_mode_0700, 0, 4);
    tcase_add_loop_test(tcase, lock_follows_links_to_a_target_that_may_not_exist, 0,
                        (int)(sizeof links / sizeof links[0]));
    tcase_add_test(tcase, lock_follows_an_absolute_link);
    tcase_add_test(tcase, lock_refuses_loops_and_directories);
    tcase_add_test(tcase, lock_refuses_what_is_no_file_by_the_name_of_the_link);
    tcase_add_test(tcase, lock_where_nothing_can_be_made_fails);
    tcase_add_test(tcase, lock_is_exclusive_and_freed_by_release);
    tcase_add_loop_test(tcase, replace_makes_a_new_file_of_mode_0600, 0, 4);
    tcase_add_test(tcase, replace_that_cannot_stage_leaves_bytes_and_inode);
    tcase_add_test(tcase, rehearse_finds_out_about_room_and_leaves_nothing);
    tcase_add_test(tcase, read_judges_the_target);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
