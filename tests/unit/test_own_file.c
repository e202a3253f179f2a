/* SPDX-License-Identifier: Apache-2.0 */
#include "own_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

/* With HOME, and without it: the one directory that is named is protected all the same. */
static const struct {
    const char *variable, *file;
    bool has_home;
} rows[] = {{"XDG_CONFIG_HOME", "config.json", true},
            {"XDG_CONFIG_HOME", "config.json", false},
            {"XDG_STATE_HOME", "login.default.json", true},
            {"XDG_STATE_HOME", "login.default.json", false}};

static char base[256], path[512];

static void set_up(void)
{
    static const char *const variables[] = {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"};

    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        ck_assert_int_eq(unsetenv(variables[i]), 0);
    (void)snprintf(base, sizeof base, "%s/XXXXXX", unit_scratch());
    ck_assert_ptr_nonnull(mkdtemp(base));
}

static const char *in_base(const char *name)
{
    (void)snprintf(path, sizeof path, "%s/%s", base, name);
    return path;
}

static void make_own_directory(int _i)
{
    ck_assert_int_eq(setenv(rows[_i].variable, base, 1), 0);
    if (rows[_i].has_home)
        ck_assert_int_eq(setenv("HOME", "/nowhere", 1), 0);
    ck_assert_int_eq(mkdir(in_base("plexctl"), 0700), 0);
}

static void assert_refused(const char *target)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(own_file_refuse(target, &err), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "data of its own"), "%s", err.text);
}

static void assert_let_pass(const char *target)
{
    struct error err = ERROR_INIT;

    ck_assert_msg(own_file_refuse(target, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_str_eq(err.text, "");
}

/* As it will be, as it is, and by another name. */
START_TEST(own_file_refuse_knows_it_by_any_name)
{
    char own[512], name[64];

    make_own_directory(_i);
    (void)snprintf(name, sizeof name, "plexctl/%s", rows[_i].file);
    (void)snprintf(own, sizeof own, "%s", in_base(name));
    assert_refused(own);
    ck_assert_int_eq(close(open(own, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
    assert_refused(own);
    ck_assert_int_eq(symlink(own, in_base("link")), 0);
    assert_refused(path);
    ck_assert_int_eq(link(own, in_base("hard-link")), 0);
    assert_refused(path);
}
END_TEST

static const char *in_own(const char *name)
{
    char below[64];

    (void)snprintf(below, sizeof below, "plexctl/%s", name);
    return in_base(below);
}

/* The config file may be a link, and its lock lies beside what that leads to. */
START_TEST(own_file_refuse_knows_what_a_link_leads_to)
{
    char target[512];

    make_own_directory(0);
    ck_assert_int_eq(mkdir(in_base("dot"), 0700), 0);
    (void)snprintf(target, sizeof target, "%s", in_base("dot/plex.json"));
    ck_assert_int_eq(symlink(target, in_own("config.json")), 0);
    for (int is_there = 0; is_there <= 1; is_there++) {
        assert_refused(in_own("config.json"));
        assert_refused(target);
        assert_refused(in_base("dot/plex.json.lock"));
        assert_let_pass(in_base("dot/other.json"));
        ck_assert_int_eq(close(open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
        ck_assert_int_eq(close(open(in_base("dot/plex.json.lock"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
    }
}
END_TEST

START_TEST(own_file_refuse_knows_the_lock)
{
    make_own_directory(0);
    assert_refused(in_own("config.json.lock"));
    ck_assert_int_eq(close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
    assert_refused(path);
    assert_let_pass(in_own("config.json.old"));
}
END_TEST

/* What may not be listed may be written to all the same. */
START_TEST(own_file_refuse_needs_no_list_of_the_directory)
{
    unit_become_unprivileged();
    set_up();
    make_own_directory(2);
    (void)in_own("login.default.json");
    ck_assert_int_eq(close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
    ck_assert_int_eq(chmod(in_base("plexctl"), 0300), 0);
    assert_refused(in_own("login.default.json"));
    assert_refused(in_own("login.other.json"));
    ck_assert_int_eq(chmod(in_base("plexctl"), 0700), 0);
}
END_TEST

START_TEST(own_file_refuse_takes_relative_names)
{
    make_own_directory(0);
    ck_assert_int_eq(chdir(in_base("plexctl")), 0);
    assert_refused("config.json");
    assert_refused("./config.json");
    assert_let_pass("events");
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(own_file_refuse_knows_descriptors)
{
    char name[64];

    make_own_directory(_i);
    for (int is_own = 0; is_own <= 1; is_own++) {
        int fd = open(is_own ? in_own(rows[_i].file) : in_base("events"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        ck_assert_int_ge(fd, 0);
        (void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        (is_own ? assert_refused : assert_let_pass)(name);
        (void)close(fd);
    }
}
END_TEST

START_TEST(own_file_refuse_lets_others_pass)
{
    make_own_directory(_i);
    assert_let_pass(in_base("events"));
    ck_assert_int_eq(close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
    assert_let_pass(path);
    assert_let_pass(base);
    assert_let_pass("/dev/null");
    assert_let_pass("/no/such/file");
}
END_TEST

START_TEST(own_file_refuse_lets_all_pass_where_there_is_none)
{
    assert_let_pass(in_base("config.json"));
    ck_assert_int_eq(close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
    assert_let_pass(path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("own_file");
    TCase *tests = tcase_create("own_file");
    int count = (int)(sizeof rows / sizeof rows[0]);

    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_loop_test(tests, own_file_refuse_knows_it_by_any_name, 0, count);
    tcase_add_loop_test(tests, own_file_refuse_lets_others_pass, 0, count);
    tcase_add_test(tests, own_file_refuse_lets_all_pass_where_there_is_none);
    tcase_add_test(tests, own_file_refuse_knows_what_a_link_leads_to);
    tcase_add_test(tests, own_file_refuse_knows_the_lock);
    tcase_add_test(tests, own_file_refuse_takes_relative_names);
    tcase_add_loop_test(tests, own_file_refuse_knows_descriptors, 0, count);
    tcase_add_test(tests, own_file_refuse_needs_no_list_of_the_directory); /* gives up root */
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
