/* SPDX-License-Identifier: Apache-2.0 */
#include "config_file.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "config_fixture.h"
#include "credential_store.h"

static void set_or_unset(const char *name, const char *value)
{
    ck_assert_int_eq(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

static const struct path_case {
    const char *xdg, *home, *path; /* NULL path: refused */
} paths[] = {
    {"/x", "/h", "/x/plexctl/config.json"},
    {"/x", NULL, "/x/plexctl/config.json"},
    {NULL, "/h", "/h/.config/plexctl/config.json"},
    {"", "/h", "/h/.config/plexctl/config.json"},
    {"relative/x", "/h", "/h/.config/plexctl/config.json"},
    {NULL, NULL, NULL},
    {"", "", NULL},
    {"relative", "relative", NULL},
    {"relative", NULL, NULL},
    {NULL, "~", NULL},
};

START_TEST(path_follows_the_environment)
{
    char *path = NULL;
    struct error err = ERROR_INIT;

    set_or_unset("XDG_CONFIG_HOME", paths[_i].xdg);
    set_or_unset("HOME", paths[_i].home);
    plexctl_status status = config_file_path(&path, &err);
    ck_assert_int_eq(status, paths[_i].path ? PLEXCTL_OK : PLEXCTL_USAGE);
    ck_assert_pstr_eq(path, paths[_i].path);
    if (!paths[_i].path)
        ck_assert_ptr_nonnull(strstr(err.text, "HOME"));
    free(path);
}
END_TEST

static plexctl_status read_path(const char *path, struct config_file *file, struct error *err)
{
    *file = (struct config_file)CONFIG_FILE_INIT(path);
    return config_file_read(file, AT_FDCWD, path, err);
}

static void assert_refused(const char *path, const char *part)
{
    auto_config_file struct config_file file;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(read_path(path, &file, &err), PLEXCTL_USAGE);
    config_fixture_assert_error(&err, path, part);
    ck_assert(!file.exists);
    ck_assert_uint_eq(file.text.len, 0);
}

START_TEST(read_of_a_missing_file_is_an_empty_one)
{
    struct config_fixture fixture = config_fixture_new();
    auto_config_file struct config_file file;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(read_path(fixture.path, &file, &err), PLEXCTL_OK);
    ck_assert(!file.exists);
    ck_assert_uint_eq(file.text.len, 0);
}
END_TEST

static const struct mode_case {
    mode_t mode;
    bool fit, readable_by_others;
} modes[] = {
    {0600, true, false},  {0400, true, false},  {0700, true, false},  {0640, true, true},
    {0604, true, true},   {0644, true, true},   {0660, false, false}, {0606, false, false},
    {0620, false, false}, {0602, false, false}, {0777, false, false}, {0666, false, false},
};

START_TEST(read_judges_the_mode)
{
    struct config_fixture fixture = config_fixture_new();
    auto_config_file struct config_file file;
    struct error err = ERROR_INIT;

    config_fixture_write(fixture.path, "{}", 2, modes[_i].mode);
    plexctl_status status = read_path(fixture.path, &file, &err);
    ck_assert_int_eq(status, modes[_i].fit ? PLEXCTL_OK : PLEXCTL_USAGE);
    ck_assert(file.exists == modes[_i].fit);
    ck_assert(file.readable_by_others == modes[_i].readable_by_others);
    if (modes[_i].fit) {
        ck_assert_str_eq(buf_text(&file.text), "{}");
        return;
    }
    char command[256];
    (void)snprintf(command, sizeof command, "`chmod 600 %s`", fixture.path);
    config_fixture_assert_error(&err, fixture.path, command);
    ck_assert_uint_eq(config_fixture_stat(fixture.path).st_mode & 07777, modes[_i].mode);
}
END_TEST

START_TEST(read_of_no_regular_file_is_refused_at_once)
{
    struct config_fixture fixture = config_fixture_new();
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    ck_assert_int_eq(mkdir(fixture.directory, 0700), 0);
    ck_assert_int_eq(mkfifo(fixture.path, 0600), 0);
    assert_refused(fixture.path, "FIFO");
    ck_assert_int_eq(unlink(fixture.path), 0);

    ck_assert_int_eq(mkdir(fixture.path, 0700), 0);
    assert_refused(fixture.path, "directory");
    ck_assert_int_eq(rmdir(fixture.path), 0);

    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_uint_lt(strlen(fixture.path), sizeof address.sun_path);
    memcpy(address.sun_path, fixture.path, strlen(fixture.path));
    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_refused(fixture.path, "socket");
    (void)close(fd);
    assert_refused("/dev/null", "device");
}
END_TEST

START_TEST(read_of_an_empty_file_is_refused)
{
    struct config_fixture fixture = config_fixture_new();

    config_fixture_write_text(fixture.path, "");
    assert_refused(fixture.path, "run `rm ");
}
END_TEST

/* Without the link, the empty file would still be there. */
START_TEST(read_of_a_link_to_an_empty_file_names_the_file)
{
    struct config_fixture fixture = config_fixture_new();
    auto_config_file struct config_file file;
    struct error err = ERROR_INIT;
    char target[192], advice[256];

    (void)snprintf(target, sizeof target, "%s/target", fixture.home);
    (void)snprintf(advice, sizeof advice, "run `rm %s`", target);
    config_fixture_write(target, "", 0, 0600);
    ck_assert_int_eq(mkdir(fixture.directory, 0700), 0);
    ck_assert_int_eq(symlink("../target", fixture.path), 0);
    ck_assert_int_eq(read_path(fixture.path, &file, &err), PLEXCTL_USAGE);
    ck_assert_str_eq(error_advice(&err), advice);
}
END_TEST

START_TEST(read_of_a_sparse_giant_is_refused)
{
    struct config_fixture fixture = config_fixture_new();

    config_fixture_write_text(fixture.path, "{}");
    ck_assert_int_eq(truncate(fixture.path, (off_t)CREDENTIAL_STORE_MAX_BYTES + 1), 0);
    assert_refused(fixture.path, "too large");
    ck_assert_int_eq(truncate(fixture.path, (off_t)1 << 30), 0);
    assert_refused(fixture.path, "too large");
}
END_TEST

START_TEST(read_of_another_users_file_names_the_owner)
{
    (void)config_fixture_new();
    assert_refused("/etc/passwd", "owned by root (uid 0)");
    assert_refused("/etc/passwd", "`namei -l ");
}
END_TEST

START_TEST(read_that_cannot_open_says_how_to_mend_it)
{
    struct config_fixture fixture = config_fixture_new();
    char below[256];

    config_fixture_write(fixture.path, "{}", 2, 0);
    assert_refused(fixture.path, "`chmod 600 ");
    ck_assert_int_eq(chmod(fixture.directory, 0), 0);
    assert_refused(fixture.path, "`namei -l ");
    ck_assert_int_eq(chmod(fixture.directory, 0700), 0);
    (void)snprintf(below, sizeof below, "%s/config.json", fixture.path);
    assert_refused(below, "no directory");
    ck_assert_int_eq(unlink(fixture.path), 0);
    ck_assert_int_eq(symlink("config.json", fixture.path), 0);
    assert_refused(fixture.path, "symbolic link");
}
END_TEST

START_TEST(read_without_descriptors_is_no_usage_fault)
{
    struct config_fixture fixture = config_fixture_new();
    auto_config_file struct config_file file = CONFIG_FILE_INIT(fixture.path);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(config_file_read(&file, 9999, "config.json", &err), PLEXCTL_FAILED);
    config_fixture_assert_error(&err, fixture.path, strerror(EBADF));
}
END_TEST

/* sudo with a kept HOME. Stands first: the other tests give root up. */
START_TEST(read_as_root_of_a_users_file_is_refused)
{
    char path[128];
    int status;

    if (geteuid() != 0) {
        unit_skip("a file of another user: only root can make one");
        return;
    }
    (void)snprintf(path, sizeof path, "%s/file.XXXXXX", unit_scratch());
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, "{}", 2), 2);
    ck_assert_int_eq(fchown(fd, 65534, 65534), 0);
    (void)close(fd);
    assert_refused(path, "(uid 65534)");
    assert_refused(path, "without sudo");
    ck_assert_int_eq(chown(path, 0, 0), 0);
    auto_config_file struct config_file file;
    struct error err = ERROR_INIT;
    status = read_path(path, &file, &err);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(status, PLEXCTL_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config_file");
    TCase *root = tcase_create("root"), *tcase = tcase_create("file");

    tcase_add_test(root, read_as_root_of_a_users_file_is_refused);
    suite_add_tcase(suite, root);
    tcase_add_loop_test(tcase, path_follows_the_environment, 0, (int)(sizeof paths / sizeof paths[0]));
    tcase_add_test(tcase, read_of_a_missing_file_is_an_empty_one);
    tcase_add_loop_test(tcase, read_judges_the_mode, 0, (int)(sizeof modes / sizeof modes[0]));
    tcase_add_test(tcase, read_of_no_regular_file_is_refused_at_once);
    tcase_add_test(tcase, read_of_an_empty_file_is_refused);
    tcase_add_test(tcase, read_of_a_link_to_an_empty_file_names_the_file);
    tcase_add_test(tcase, read_of_a_sparse_giant_is_refused);
    tcase_add_test(tcase, read_of_another_users_file_names_the_owner);
    tcase_add_test(tcase, read_that_cannot_open_says_how_to_mend_it);
    tcase_add_test(tcase, read_without_descriptors_is_no_usage_fault);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
