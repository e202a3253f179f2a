/* SPDX-License-Identifier: Apache-2.0
 *
 * config_doctor: what the doctor of the credentials says of the config file, its directory, its lock and what lies
 * beside it.
 */
#include <sched.h>
#include <sys/mount.h>

#include "base/file_replacement.h"
#include "doctor_fixture.h"

START_TEST(doctor_without_a_file_is_content_and_makes_nothing)
{
    struct config_fixture fixture = config_fixture_new();

    assert_finding("config file", FINDING_OK, "nothing is saved yet", NULL);
    assert_finding("config file", FINDING_OK, fixture.path, NULL);
    config_fixture_assert_only(fixture.home, NULL, NULL);
    ck_assert_int_eq(mkdir(fixture.directory, 0700), 0);
    assert_finding("config file", FINDING_OK, "nothing is saved yet", NULL);
    config_fixture_assert_only(fixture.directory, NULL, NULL);
}
END_TEST

START_TEST(doctor_without_a_home_says_so)
{
    (void)config_fixture_new();
    ck_assert_int_eq(unsetenv("XDG_CONFIG_HOME"), 0);
    ck_assert_int_eq(unsetenv("HOME"), 0);
    assert_finding("config file", FINDING_FAULT, "HOME is not set", "export HOME=");
}
END_TEST

START_TEST(doctor_of_the_well_names_path_mode_and_owner)
{
    struct config_fixture fixture = config_fixture_new();

    config_fixture_write_text(fixture.path, ONE(GOOD "," LATER));
    assert_finding("config file", FINDING_OK, fixture.path, NULL);
    assert_finding("config file", FINDING_OK, "mode 0600, owned by ", NULL);
    assert_finding("directory", FINDING_OK, "/plexctl, mode 0700, owned by ", NULL);
    assert_finding("profile \"a\"", FINDING_OK, "https://cp.example.com, expires at 2026-12-24T12:00:00Z", NULL);
    struct plexctl_json *findings = examine();
    ck_assert_uint_eq(json_length(findings), 3);
    json_free(findings);
    config_fixture_assert_only(fixture.directory, "config.json", NULL);
}
END_TEST

static const struct mode_row {
    mode_t file, directory;
    const char *item, *part, *fix;
} modes[] = {{0644, 0700, "config file", "mode 0644, owned by", "chmod 600 /"},
             {0640, 0700, "config file", "others can read it", "chmod 600 /"},
             {0620, 0700, "config file", "can be written by others", "chmod 600 /"},
             {0000, 0700, "config file", "cannot be read by you", "chmod 600 /"},
             {0600, 0770, "directory", "mode 0770", "chmod go-w /"},
             {0600, 0702, "directory", "others can write in it", "chmod go-w /"},
             {0600, 0500, "directory", "is none that you can save in", "chmod u+rwx /"},
             {0600, 0000, "config file", "may not enter", "namei -l /"}};

START_TEST(doctor_judges_modes)
{
    struct config_fixture fixture = config_fixture_new();

    config_fixture_write_text(fixture.path, ONE(GOOD "," LATER));
    ck_assert_int_eq(chmod(fixture.path, modes[_i].file), 0);
    ck_assert_int_eq(chmod(fixture.directory, modes[_i].directory), 0);
    assert_finding(modes[_i].item, FINDING_FAULT, modes[_i].part, modes[_i].fix);
    ck_assert_int_eq(config_fixture_stat(fixture.directory).st_mode & 07777, modes[_i].directory);
    ck_assert_int_eq(chmod(fixture.directory, 0700), 0);
    ck_assert_int_eq(config_fixture_stat(fixture.path).st_mode & 07777, modes[_i].file);
}
END_TEST

START_TEST(doctor_judges_what_is_no_file)
{
    struct config_fixture fixture = config_fixture_new();

    ck_assert_int_eq(mkdir(fixture.directory, 01777), 0);
    ck_assert_int_eq(chmod(fixture.directory, 01777), 0);
    ck_assert_int_eq(_i ? mkfifo(fixture.path, 0600) : mkdir(fixture.path, 0700), 0);
    assert_finding("config file", FINDING_FAULT, _i ? ": is a FIFO" : ": is a directory",
                   "move it away: `mv --backup=numbered /");
    assert_finding("directory", FINDING_OK, "mode 1777", NULL);
    assert_no_row("hard links"); /* a directory has two names at least */
}
END_TEST

START_TEST(doctor_judges_no_directory_where_there_is_a_file)
{
    struct config_fixture fixture = config_fixture_new();

    config_fixture_write_text(fixture.directory, "");
    assert_no_row("directory");
}
END_TEST

/* Stands first: the other tests give root up. */
START_TEST(doctor_judges_owners)
{
    char path[160], directory[128];

    if (geteuid() != 0) {
        unit_skip("a file of another user: only root can make one");
        return;
    }
    (void)snprintf(directory, sizeof directory, "%s/plexctl", unit_scratch());
    (void)snprintf(path, sizeof path, "%s/config.json", directory);
    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", unit_scratch(), 1), 0);
    config_fixture_write_text(path, ONE(GOOD));
    ck_assert_int_eq(chown(path, 65534, 65534), 0);
    assert_finding("config file", FINDING_FAULT, ": is owned by", "without sudo");
    ck_assert_int_eq(chown(path, 0, 0), 0);
    ck_assert_int_eq(chown(directory, 65534, 65534), 0);
    assert_finding("directory", FINDING_FAULT, "uid 65534): is owned by", "without sudo");
}
END_TEST

/* A single-file bind mount, as container engines make them: only root can make one here. */
START_TEST(doctor_finds_out_what_no_rename_can_replace)
{
    char path[160];

    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 || mount("", "/", "", MS_REC | MS_PRIVATE, NULL) != 0) {
        unit_skip("a file mounted on its own: mounting is not possible here");
        return;
    }
    (void)snprintf(path, sizeof path, "%s/plexctl/config.json", unit_scratch());
    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", unit_scratch(), 1), 0);
    config_fixture_write_text(path, ONE(GOOD));
    assert_finding("config file", FINDING_OK, path, NULL);
    ck_assert_int_eq(mount(path, path, "", MS_BIND, NULL), 0);
    assert_finding("config file", FINDING_FAULT, "mounted on its own", "mount its directory instead");
    assert_finding("profile \"a\"", FINDING_OK, "https://cp.example.com", NULL);
    ck_assert_int_eq(umount2(path, MNT_DETACH), 0);
}
END_TEST

START_TEST(doctor_follows_links)
{
    struct config_fixture fixture = config_fixture_new();
    char target[256], other[256];

    ck_assert_int_eq(mkdir(fixture.directory, 0700), 0);
    (void)snprintf(target, sizeof target, "%s/real", fixture.home);
    (void)snprintf(other, sizeof other, "%s/other", fixture.directory);
    ck_assert_int_eq(symlink("../real", other), 0);
    ck_assert_int_eq(symlink("other", fixture.path), 0);
    assert_finding("symbolic link", FINDING_NOTE, "/plexctl/../real, which is not there", NULL);
    config_fixture_write_text(target, ONE(GOOD));
    assert_finding("symbolic link", FINDING_OK, "/config.json -> /", NULL);
    assert_finding("symbolic link", FINDING_OK, "/plexctl/other -> /", NULL);
    ck_assert_int_eq(chmod(target, 0620), 0);
    assert_finding("config file", FINDING_FAULT, ": can be written by others", "chmod 600 /");
    ck_assert_int_eq(unlink(other), 0);
    ck_assert_int_eq(symlink("config.json", other), 0);
    assert_finding("config file", FINDING_FAULT, "leads back to itself", "namei -l /");
    ck_assert_int_eq(unlink(other), 0);
    ck_assert_int_eq(symlink("../none/", other), 0);
    assert_finding("config file", FINDING_FAULT, "leads to a directory", "namei -l /");
}
END_TEST

/* What login is refused by before anything is asked. */
START_TEST(doctor_judges_the_lock)
{
    struct config_fixture fixture = config_fixture_new();
    char lock[256];

    (void)snprintf(lock, sizeof lock, "%s.lock", fixture.path);
    config_fixture_write_text(fixture.path, ONE(GOOD));
    config_fixture_write(lock, "", 0, 0400);
    assert_finding("lock file", FINDING_FAULT, "mode 0400, owned by ", "run `chmod 600 /");
    ck_assert_int_eq(chmod(lock, 0600), 0);
    assert_no_row("lock file");
    ck_assert_int_eq(unlink(lock), 0);
    ck_assert_int_eq(symlink("config.json", lock), 0);
    assert_finding("lock file", FINDING_FAULT, "no regular file", "`mv --backup=numbered /");
    ck_assert_int_eq(unlink(lock), 0);
    ck_assert_int_eq(mkdir(lock, 0700), 0);
    assert_finding("lock file", FINDING_FAULT, "no regular file", "`mv --backup=numbered /");
}
END_TEST

START_TEST(doctor_judges_where_the_directory_is_to_be_made)
{
    struct config_fixture fixture = config_fixture_new();
    char place[256];

    (void)snprintf(place, sizeof place, "%s/a/b", fixture.home);
    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", place, 1), 0);
    assert_no_row("directory");
    ck_assert_int_eq(chmod(fixture.home, 0500), 0);
    assert_finding("directory", FINDING_FAULT, "/a/b/plexctl is not there and you cannot make it: Permission denied",
                   "run `chmod u+rwx /");
    ck_assert_int_eq(chmod(fixture.home, 0700), 0);
    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", "/etc", 1), 0);
    assert_finding("directory", FINDING_FAULT, "/etc/plexctl is not there", "sudo install -d ");
}
END_TEST

START_TEST(doctor_counts_hard_links)
{
    struct config_fixture fixture = config_fixture_new();
    char other[256], again[256];

    config_fixture_write_text(fixture.path, ONE(GOOD));
    assert_no_row("hard links");
    (void)snprintf(other, sizeof other, "%s/other", fixture.home);
    ck_assert_int_eq(link(fixture.path, other), 0);
    assert_finding("hard links", FINDING_FAULT, "/config.json has 2 names", "/config.json` shows");
    ck_assert_int_eq(unlink(fixture.path), 0);
    ck_assert_int_eq(symlink(other, fixture.path), 0);
    (void)snprintf(again, sizeof again, "%s/again", fixture.home);
    ck_assert_int_eq(link(other, again), 0);
    assert_finding("hard links", FINDING_FAULT, "/config.json has 2 names", "/other` shows");
}
END_TEST

START_TEST(doctor_finds_leftovers_and_lets_them_lie)
{
    struct config_fixture fixture = config_fixture_new();
    struct file_replacement staged = FILE_REPLACEMENT_INIT;
    struct error err = ERROR_INIT;
    char path[512];

    assert_saved("a");
    config_fixture_assert_only(fixture.directory, "config.json", LOCK);
    assert_no_row("leftover");
    int dir_fd = open(fixture.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_eq(file_stage(dir_fd, "config.json", "x", 1, &staged, &err), PLEXCTL_OK);
    (void)snprintf(path, sizeof path, "%s/%s", fixture.directory, staged.name);
    assert_finding("leftover", FINDING_FAULT, path, "run `rm /");
    assert_finding("leftover", FINDING_FAULT, " was left by a save that was killed", ".tmp`");
    ck_assert_int_eq(config_fixture_stat(path).st_size, 1);
    file_abandon(&staged);
    ck_assert_int_eq(close(dir_fd), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config_doctor");
    TCase *root = tcase_create("root"), *tests = tcase_create("doctor");

    tcase_add_test(root, doctor_judges_owners);
    tcase_add_test(root, doctor_finds_out_what_no_rename_can_replace);
    suite_add_tcase(suite, root);
    tcase_add_test(tests, doctor_without_a_file_is_content_and_makes_nothing);
    tcase_add_test(tests, doctor_without_a_home_says_so);
    tcase_add_test(tests, doctor_of_the_well_names_path_mode_and_owner);
    ADD_TABLE(tests, doctor_judges_modes, modes);
    tcase_add_loop_test(tests, doctor_judges_what_is_no_file, 0, 2);
    tcase_add_test(tests, doctor_judges_no_directory_where_there_is_a_file);
    tcase_add_test(tests, doctor_follows_links);
    tcase_add_test(tests, doctor_judges_the_lock);
    tcase_add_test(tests, doctor_judges_where_the_directory_is_to_be_made);
    tcase_add_test(tests, doctor_counts_hard_links);
    tcase_add_test(tests, doctor_finds_leftovers_and_lets_them_lie);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
