/* SPDX-License-Identifier: Apache-2.0 */
#include "config_owner.h"

#include "config_fixture.h"

static void assert_remedy(const char *path, const char *begin, const char *named)
{
    auto_buf struct buf remedy = BUF_INIT(4096);
    char expected[512];

    (void)snprintf(expected, sizeof expected, "%s%s", begin, named);
    config_owner_append_remedy(&remedy, path);
    ck_assert_msg(strncmp(buf_text(&remedy), expected, strlen(expected)) == 0, "%s", buf_text(&remedy));
    if (!strstr(begin, "chown"))
        ck_assert_ptr_null(strstr(buf_text(&remedy), "chown"));
}

static const char *take(void)
{
    static char begin[64];

    (void)snprintf(begin, sizeof begin, "run `sudo chown %u ", (unsigned)geteuid());
    return begin;
}

#define LOOK "see whose it is and what leads there: `namei -l "

START_TEST(owner_takes_directory_file_and_lock_in_a_place_of_ones_own)
{
    struct config_fixture fixture = config_fixture_new();
    char lock[256];

    config_fixture_write_text(fixture.path, "{}");
    (void)snprintf(lock, sizeof lock, "%s.lock", fixture.path);
    assert_remedy(fixture.directory, take(), fixture.directory);
    assert_remedy(fixture.path, take(), fixture.path);
    assert_remedy(lock, LOOK, lock);
    config_fixture_write_text(lock, "");
    assert_remedy(lock, take(), lock);
}
END_TEST

START_TEST(owner_takes_nothing_else)
{
    struct config_fixture fixture = config_fixture_new();
    char other[256];

    config_fixture_write_text(fixture.path, "{}");
    (void)snprintf(other, sizeof other, "%s.other", fixture.path);
    assert_remedy("/etc", LOOK, "/etc");
    assert_remedy("/", LOOK, "/");
    assert_remedy(fixture.home, LOOK, fixture.home);
    assert_remedy(other, LOOK, other);
    ck_assert_int_eq(link(fixture.path, other), 0);
    assert_remedy(fixture.path, LOOK, fixture.path);
    ck_assert_int_eq(unlink(fixture.path), 0);
    ck_assert_int_eq(symlink("/etc/passwd", fixture.path), 0);
    assert_remedy(fixture.path, LOOK, fixture.path);
    ck_assert_int_eq(unlink(fixture.path), 0);
    ck_assert_int_eq(unlink(other), 0);
    ck_assert_int_eq(rmdir(fixture.directory), 0);
    ck_assert_int_eq(symlink("/etc", fixture.directory), 0);
    assert_remedy(fixture.directory, LOOK, fixture.directory);
}
END_TEST

START_TEST(owner_of_a_wrong_place_is_told_of_the_variable)
{
    (void)config_fixture_new();
    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", "/etc", 1), 0);
    assert_remedy("/etc/plexctl", "XDG_CONFIG_HOME names no place of yours: run `unset XDG_CONFIG_HOME`", "");
    assert_remedy("/etc", "XDG_CONFIG_HOME names no place of yours: run `unset XDG_CONFIG_HOME`", "");
    assert_remedy("/et", LOOK, "/et");
    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", "relative", 1), 0);
    ck_assert_int_eq(setenv("HOME", "/root", 1), 0);
    assert_remedy("/root", "HOME names no place of yours: run `export HOME=", "\"$(getent passwd ");
    assert_remedy("/root/.config/plexctl/config.json", "HOME names no place of yours: run `export HOME=", "");
    ck_assert_int_eq(unsetenv("HOME"), 0);
    assert_remedy("/root", LOOK, "/root");
}
END_TEST

/* Who is nobody has no other home to go to. */
START_TEST(owner_whose_own_home_is_anothers_is_told_to_look)
{
    if (geteuid() != 0) {
        unit_skip("a user whose home is known: only root can become nobody");
        return;
    }
    unit_become_unprivileged();
    ck_assert_int_eq(unsetenv("XDG_CONFIG_HOME"), 0);
    ck_assert_int_eq(setenv("HOME", "/nonexistent", 1), 0);
    assert_remedy("/nonexistent", LOOK, "/nonexistent");
}
END_TEST

START_TEST(owner_without_a_name_is_a_number)
{
    auto_buf struct buf user = BUF_INIT(256);

    config_owner_name(&user, 4242424);
    ck_assert_str_eq(buf_text(&user), "uid 4242424");
    config_owner_name(&user, 0);
    ck_assert_str_eq(buf_text(&user), "uid 4242424root (uid 0)");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config_owner");
    TCase *tcase = tcase_create("owner");

    tcase_add_test(tcase, owner_whose_own_home_is_anothers_is_told_to_look);
    tcase_add_test(tcase, owner_takes_directory_file_and_lock_in_a_place_of_ones_own);
    tcase_add_test(tcase, owner_takes_nothing_else);
    tcase_add_test(tcase, owner_of_a_wrong_place_is_told_of_the_variable);
    tcase_add_test(tcase, owner_without_a_name_is_a_number);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
