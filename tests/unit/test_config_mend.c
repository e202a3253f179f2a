/* SPDX-License-Identifier: Apache-2.0 */
#include "config_mend.h"

#include <errno.h>

#include "config_fixture.h"

/* %s is the path as far as it exists. */
static const struct number_case {
    int number;
    const char *mend;
} numbers[] = {
    {EACCES, "; see what stands in the way: `namei -l %s`"},
    {EPERM, "; see what stands in the way: `namei -l %s`"},
    {ENOSPC, "; make room there: `df -h %s` and "},
    {EDQUOT, "`quota -s`"},
    {EROFS, "-T %s)\"`"},
    {EFBIG, "; run `ulimit -f unlimited`"},
    {EMFILE, "; run `ulimit -n 1024`"},
    {ENFILE, "; run `ulimit -n 1024`"},
    {EAGAIN, "; run `ulimit -u unlimited`"},
    {ENOTDIR, "`namei -l %s`"},
    {ELOOP, "`namei -l %s`"},
    {ENAMETOOLONG, "`namei -l %s`"},
    {EIO, "`findmnt -T %s`"},
    {0, "`findmnt -T %s`"},
};

static void assert_mend(const char *path, const struct error *err, const char *template)
{
    const char *hole = strstr(template, "%s");
    char mend[512];

    if (hole)
        (void)snprintf(mend, sizeof mend, "%.*s%s%s", (int)(hole - template), template, path, hole + 2);
    config_fixture_assert_error(err, "what was found", hole ? mend : template);
}

START_TEST(mend_follows_the_errno)
{
    struct config_fixture fixture = config_fixture_new();
    struct error err = ERROR_INIT;

    if (numbers[_i].number)
        (void)error_set_errno(&err, PLEXCTL_FAILED, numbers[_i].number, "what was found");
    else
        (void)error_set(&err, PLEXCTL_FAILED, "what was found");
    (void)error_prefix(&err, "above");
    ck_assert_int_eq(config_mend(fixture.directory, &err), PLEXCTL_FAILED);
    assert_mend(fixture.home, &err, numbers[_i].mend);
}
END_TEST

START_TEST(mend_follows_owner_and_mode)
{
    struct config_fixture fixture = config_fixture_new();
    struct error err = ERROR_INIT;

    ck_assert_int_eq(chmod(fixture.home, 0500), 0);
    (void)error_set_errno(&err, PLEXCTL_FAILED, EACCES, "what was found");
    (void)config_mend(fixture.path, &err);
    assert_mend(fixture.home, &err, "; run `chmod u+rwx %s`");
    ck_assert_int_eq(chmod(fixture.home, 0700), 0);
    config_fixture_write(fixture.path, "", 0, 0400);
    (void)error_set_errno(&err, PLEXCTL_FAILED, EACCES, "what was found");
    (void)config_mend(fixture.path, &err);
    assert_mend(fixture.path, &err, "; run `chmod 600 %s`");
    (void)error_set_errno(&err, PLEXCTL_FAILED, EACCES, "what was found");
    (void)config_mend("/etc/passwd", &err);
    assert_mend("/etc/passwd", &err, "`namei -l %s`");
}
END_TEST

/* Not the directory that holds it: / and /home are nobody's to take. */
START_TEST(mend_of_a_missing_directory_makes_it)
{
    struct error err = ERROR_INIT;
    char expected[128];

    unit_become_unprivileged();
    (void)snprintf(expected, sizeof expected, "what was found: %s; run `sudo install -d -m 700 -o %u /nonexistent`",
                   strerror(EACCES), (unsigned)geteuid());
    (void)error_set_errno(&err, PLEXCTL_FAILED, EACCES, "what was found");
    (void)config_mend("/nonexistent/.config/plexctl", &err);
    ck_assert_str_eq(err.text, expected);
}
END_TEST

/* Root's own home neither: it is the variable that is wrong. */
START_TEST(mend_in_the_home_of_root_makes_nothing)
{
    struct error err = ERROR_INIT;

    unit_become_unprivileged();
    ck_assert_int_eq(unsetenv("XDG_CONFIG_HOME"), 0);
    ck_assert_int_eq(setenv("HOME", "/root", 1), 0);
    (void)error_set_errno(&err, PLEXCTL_FAILED, EACCES, "what was found");
    (void)config_mend("/root/.config/plexctl", &err);
    ck_assert_msg(strncmp(error_advice(&err), "HOME names no place of yours: run `export HOME=", 40) == 0, "%s",
                  err.text);
}
END_TEST

START_TEST(mend_of_a_lock_follows_what_it_is)
{
    struct config_fixture fixture = config_fixture_new();
    struct error err = ERROR_INIT;

    config_fixture_write(fixture.path, "", 0, 0400);
    (void)error_set(&err, PLEXCTL_FAILED, "what was found");
    (void)config_mend_lock(fixture.path, &err);
    assert_mend(fixture.path, &err, "; try again when it has ended; `fuser -v %s` shows it");
    (void)error_set_errno(&err, PLEXCTL_FAILED, EACCES, "what was found");
    (void)config_mend_lock(fixture.path, &err);
    assert_mend(fixture.path, &err, "; run `chmod 600 %s`");
    ck_assert_int_eq(unlink(fixture.path), 0);
    (void)error_set_errno(&err, PLEXCTL_FAILED, ENOSPC, "what was found");
    (void)config_mend_lock(fixture.path, &err);
    assert_mend(fixture.directory, &err, "`df -h %s`");
    ck_assert_int_eq(mkdir(fixture.path, 0700), 0);
    (void)error_set_errno(&err, PLEXCTL_FAILED, EISDIR, "what was found");
    (void)config_mend_lock(fixture.path, &err);
    assert_mend(fixture.path, &err, "; move it away: `mv --backup=numbered %s ");
}
END_TEST

static const plexctl_status untouched[] = {PLEXCTL_OK, PLEXCTL_CANCELLED, PLEXCTL_NO_MEMORY, PLEXCTL_USAGE};

START_TEST(mend_leaves_what_needs_none)
{
    struct error err = ERROR_INIT;

    (void)error_set(&err, untouched[_i], "as it was");
    ck_assert_int_eq(config_mend("/", &err), untouched[_i]);
    ck_assert_int_eq(config_mend_lock("/etc/passwd", &err), untouched[_i]);
    ck_assert_str_eq(err.text, "as it was");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config_mend");
    TCase *tcase = tcase_create("mend");

    tcase_add_loop_test(tcase, mend_follows_the_errno, 0, (int)(sizeof numbers / sizeof numbers[0]));
    tcase_add_test(tcase, mend_follows_owner_and_mode);
    tcase_add_test(tcase, mend_of_a_missing_directory_makes_it);
    tcase_add_test(tcase, mend_in_the_home_of_root_makes_nothing);
    tcase_add_test(tcase, mend_of_a_lock_follows_what_it_is);
    tcase_add_loop_test(tcase, mend_leaves_what_needs_none, 0, (int)(sizeof untouched / sizeof untouched[0]));
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
