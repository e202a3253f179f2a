/* SPDX-License-Identifier: Apache-2.0 */
#include "state_store.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"
#include "wall_clock.h"

static char home[128];
static char file[192];
static struct state_store *store;
static struct error err;

static char warned[256];

static void warn(const char *text)
{
    (void)snprintf(warned, sizeof warned, "%s", text);
}

/* As another run of the command has it. */
static void open_again(void)
{
    state_store_free(store);
    ck_assert_int_eq(state_store_new("login", warn, &store, &err), PLEXCTL_OK);
}

static void set_up(void)
{
    (void)snprintf(home, sizeof home, "%s/case.XXXXXX", unit_scratch());
    ck_assert_ptr_nonnull(mkdtemp(home));
    ck_assert_int_eq(setenv("HOME", home, 1), 0);
    ck_assert_int_eq(unsetenv("XDG_STATE_HOME"), 0);
    (void)snprintf(file, sizeof file, "%s/.local/state/plexctl/login.staging.json", home);
    err = (struct error)ERROR_INIT;
    ck_assert_int_eq(state_store_new("login", warn, &store, &err), PLEXCTL_OK);
}

static void tear_down(void)
{
    state_store_free(store);
    wall_clock_release();
    (void)umask(022);
}

static plexctl_status put(const char *name, int64_t lives_s)
{
    struct plexctl_json *value = json_new_object();
    const struct state_entry entry = {.name = name, .value = value, .expires_unix_s = (int64_t)time(NULL) + lives_s};

    ck_assert_int_eq(json_set(value, "code", json_new_secret("hidden")), PLEXCTL_OK);
    plexctl_status status = state_store_put(store, &entry, &err);
    json_free(value);
    return status;
}

static plexctl_status get(const char *name)
{
    struct plexctl_json *value = NULL;
    plexctl_status status = state_store_get(store, name, &value, &err);

    if (status == PLEXCTL_OK)
        ck_assert_str_eq(json_string(json_get(value, "code")), "hidden");
    json_free(value);
    return status;
}

static unsigned count_files(void)
{
    char path[192];

    (void)snprintf(path, sizeof path, "%s/.local/state/plexctl", home);
    return unit_count(path);
}

static const mode_t umasks[] = {0, 022, 077};

START_TEST(state_store_keeps_secrets_privately)
{
    struct stat found;
    char directory[192];

    (void)umask(umasks[_i]);
    ck_assert_msg(put("staging", 3600) == PLEXCTL_OK, "%s", err.text);
    ck_assert_int_eq(get("staging"), PLEXCTL_OK);
    ck_assert_int_eq(stat(file, &found), 0);
    ck_assert_uint_eq(found.st_mode & 07777, 0600);
    (void)snprintf(directory, sizeof directory, "%s/.local/state/plexctl", home);
    ck_assert_int_eq(stat(directory, &found), 0);
    ck_assert_uint_eq(found.st_mode & 07777, 0700);
    ck_assert_uint_eq(count_files(), 2); /* with its lock */
}
END_TEST

START_TEST(state_store_names_are_apart)
{
    struct state_store *other = NULL;
    struct plexctl_json *value = NULL;

    ck_assert_int_eq(put("staging", 3600), PLEXCTL_OK);
    ck_assert_int_eq(get("other"), PLEXCTL_NOT_FOUND);
    ck_assert_int_eq(state_store_new("log", warn, &other, &err), PLEXCTL_OK);
    ck_assert_int_eq(state_store_get(other, "staging", &value, &err), PLEXCTL_NOT_FOUND);
    state_store_free(other);
}
END_TEST

START_TEST(state_store_remove_leaves_nothing)
{
    ck_assert_int_eq(state_store_remove(store, "staging", &err), PLEXCTL_OK);
    ck_assert_int_eq(put("staging", 3600), PLEXCTL_OK);
    ck_assert_int_eq(state_store_hold(store, "staging", &err), PLEXCTL_OK);
    ck_assert_int_eq(state_store_remove(store, "staging", &err), PLEXCTL_OK);
    ck_assert_int_eq(get("staging"), PLEXCTL_NOT_FOUND);
    state_store_free(store);
    store = NULL;
    ck_assert_uint_eq(count_files(), 0);
}
END_TEST

START_TEST(state_store_what_has_expired_is_removed_by_the_next_run)
{
    ck_assert_int_eq(put("staging", 0), PLEXCTL_OK);
    ck_assert_int_eq(put("older", -1000), PLEXCTL_OK);
    ck_assert_int_eq(put("good", 3600), PLEXCTL_OK);
    ck_assert_int_eq(get("staging"), PLEXCTL_NOT_FOUND);
    open_again();
    ck_assert_int_eq(get("other"), PLEXCTL_NOT_FOUND);
    ck_assert_int_eq(access(file, F_OK), -1);
    ck_assert_uint_eq(count_files(), 2); /* the good one, with its lock */
    ck_assert_int_eq(get("good"), PLEXCTL_OK);
}
END_TEST

static void leave(const char *name)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/.local/state/plexctl/%s", home, name);
    ck_assert_int_eq(close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
}

START_TEST(state_store_what_killed_processes_left_is_removed)
{
    ck_assert_int_eq(put("good", 3600), PLEXCTL_OK);
    leave(".login.staging.json.abcdefghij.tmp");
    leave(".login.good.json.abcdefghij.tmp");
    leave("login.older.json.lock");
    ck_assert_uint_eq(count_files(), 5);
    open_again();
    ck_assert_int_eq(get("other"), PLEXCTL_NOT_FOUND);
    ck_assert_uint_eq(count_files(), 2); /* the good one, with its lock */
}
END_TEST

START_TEST(state_store_leaves_what_is_not_the_commands)
{
    ck_assert_int_eq(put("good", 3600), PLEXCTL_OK);
    leave(".log.staging.json.abcdefghij.tmp");
    leave(".login.staging.json.tmp");
    leave("login.staging.json.old");
    leave("log.older.json.lock");
    open_again();
    ck_assert_int_eq(get("other"), PLEXCTL_NOT_FOUND);
    ck_assert_uint_eq(count_files(), 6);
}
END_TEST

START_TEST(state_store_lists_what_is_good)
{
    struct plexctl_json *names = NULL;

    ck_assert_int_eq(state_store_list(store, &names, &err), PLEXCTL_OK);
    ck_assert_uint_eq(json_length(names), 0);
    json_free(names);
    ck_assert_int_eq(put("old", 0), PLEXCTL_OK);
    ck_assert_int_eq(put("a.json.b", 3600), PLEXCTL_OK);
    leave("login.json"); /* ends before its name begins */
    ck_assert_int_eq(state_store_list(store, &names, &err), PLEXCTL_OK);
    ck_assert_uint_eq(json_length(names), 1);
    ck_assert_str_eq(json_string(json_at(names, 0)), "a.json.b");
    json_free(names);
}
END_TEST

START_TEST(state_store_what_others_can_read_is_warned_of)
{
    ck_assert_int_eq(put("staging", 3600), PLEXCTL_OK);
    ck_assert_int_eq(get("staging"), PLEXCTL_OK);
    ck_assert_str_eq(warned, "");
    ck_assert_int_eq(chmod(file, 0640), 0);
    ck_assert_int_eq(get("staging"), PLEXCTL_OK);
    ck_assert_msg(strstr(warned, "can be read by others; run `chmod 600 "), "%s", warned);
}
END_TEST

static void hold_in_child(int ready_fd, int end_fd)
{
    struct state_store *own = NULL;
    char byte = 0;

    if (state_store_new("login", warn, &own, &err) == PLEXCTL_OK &&
        state_store_hold(own, "staging", &err) == PLEXCTL_OK)
        byte = 1;
    ssize_t ignored = write(ready_fd, &byte, 1);
    ignored = read(end_fd, &byte, 1);
    (void)ignored;
    _exit(0);
}

/* Killed, it lets go as well. */
START_TEST(state_store_name_is_held_by_one_process)
{
    int ready[2], end[2];
    char byte = 0;

    ck_assert_int_eq(pipe2(ready, O_CLOEXEC), 0);
    ck_assert_int_eq(pipe2(end, O_CLOEXEC), 0);
    ck_assert_int_eq(put("staging", 3600), PLEXCTL_OK);
    pid_t child = fork();
    if (child == 0)
        hold_in_child(ready[1], end[0]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    ck_assert_int_eq(byte, 1);
    ck_assert_int_eq(state_store_hold(store, "staging", &err), PLEXCTL_UNREACHABLE);
    ck_assert_msg(strstr(err.text, "fuser -v"), "%s", err.text);
    ck_assert_int_eq(state_store_remove(store, "staging", &err), PLEXCTL_UNREACHABLE);
    ck_assert_int_eq(get("staging"), PLEXCTL_OK);
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    ck_assert_int_eq(state_store_hold(store, "staging", &err), PLEXCTL_OK);
    ck_assert_int_eq(state_store_hold(store, "staging", &err), PLEXCTL_OK);
}
END_TEST

static const char *const damages[] = {"", "{", "[]", "{\"expires_at\":\"soon\",\"value\":{}}",
                                      "{\"expires_at\":\"2999-01-01T00:00:00Z\",\"value\":1}"};

START_TEST(state_store_damaged_file_is_usage)
{
    ck_assert_int_eq(put("staging", 3600), PLEXCTL_OK);
    int fd = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC);
    ck_assert_int_eq(write(fd, damages[_i], strlen(damages[_i])), (ssize_t)strlen(damages[_i]));
    (void)close(fd);
    ck_assert_int_eq(get("staging"), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "run `rm "), "%s", err.text);
    ck_assert_int_eq(put("staging", 3600), PLEXCTL_OK);
    ck_assert_int_eq(get("staging"), PLEXCTL_OK);
}
END_TEST

START_TEST(state_store_what_others_can_write_is_usage)
{
    char directory[192];

    ck_assert_int_eq(put("staging", 3600), PLEXCTL_OK);
    ck_assert_int_eq(chmod(file, 0620), 0);
    ck_assert_int_eq(get("staging"), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "chmod 600"), "%s", err.text);
    ck_assert_int_eq(chmod(file, 0600), 0);
    (void)snprintf(directory, sizeof directory, "%s/.local/state/plexctl", home);
    ck_assert_int_eq(chmod(directory, 0770), 0);
    ck_assert_int_eq(get("staging"), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "chmod 700"), "%s", err.text);
    ck_assert_int_eq(put("staging", 3600), PLEXCTL_USAGE);
}
END_TEST

/* Which the operator can mend, and no plugin's author. */
static const int64_t wrong_clocks[] = {INT64_MIN / 2, WALL_CLOCK_1901, WALL_CLOCK_1969, WALL_CLOCK_LAST + 1};

START_TEST(state_store_names_a_clock_that_is_wrong)
{
    wall_clock_set(wrong_clocks[_i]);
    ck_assert_int_eq(put("staging", 600), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "this machine's clock is not between the years 1970 and 9999; set it");
    ck_assert_int_eq(access(file, F_OK), -1);
}
END_TEST

START_TEST(state_store_date_out_of_range_is_the_callers_fault)
{
    wall_clock_set(_i ? WALL_CLOCK_LAST : 0);
    ck_assert_int_eq(put("staging", _i ? 1 : -1), PLEXCTL_INVALID);
    ck_assert_int_eq(access(file, F_OK), -1);
}
END_TEST

START_TEST(state_store_needs_a_place)
{
    state_store_free(store);
    store = NULL;
    ck_assert_int_eq(setenv("XDG_STATE_HOME", "relative", 1), 0);
    ck_assert_int_eq(setenv("HOME", "", 1), 0);
    ck_assert_int_eq(state_store_new("login", warn, &store, &err), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "XDG_STATE_HOME"), "%s", err.text);
    ck_assert_int_eq(setenv("XDG_STATE_HOME", home, 1), 0);
    ck_assert_int_eq(state_store_new("login", warn, &store, &err), PLEXCTL_OK);
    ck_assert_int_eq(put("staging", 3600), PLEXCTL_OK);
    (void)snprintf(file, sizeof file, "%s/plexctl/login.staging.json", home);
    ck_assert_int_eq(access(file, F_OK), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("state_store");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, state_store_keeps_secrets_privately, 0, (int)(sizeof umasks / sizeof umasks[0]));
    tcase_add_test(tests, state_store_names_are_apart);
    tcase_add_test(tests, state_store_remove_leaves_nothing);
    tcase_add_test(tests, state_store_what_has_expired_is_removed_by_the_next_run);
    tcase_add_test(tests, state_store_what_killed_processes_left_is_removed);
    tcase_add_test(tests, state_store_leaves_what_is_not_the_commands);
    tcase_add_test(tests, state_store_lists_what_is_good);
    tcase_add_test(tests, state_store_what_others_can_read_is_warned_of);
    tcase_add_test(tests, state_store_name_is_held_by_one_process);
    tcase_add_loop_test(tests, state_store_damaged_file_is_usage, 0, (int)(sizeof damages / sizeof damages[0]));
    tcase_add_test(tests, state_store_what_others_can_write_is_usage);
    tcase_add_loop_test(tests, state_store_names_a_clock_that_is_wrong, 0,
                        (int)(sizeof wrong_clocks / sizeof wrong_clocks[0]));
    tcase_add_loop_test(tests, state_store_date_out_of_range_is_the_callers_fault, 0, 2);
    tcase_add_test(tests, state_store_needs_a_place);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
