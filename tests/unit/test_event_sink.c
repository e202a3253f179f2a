/* SPDX-License-Identifier: Apache-2.0 */
#include "event_sink.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

static char dir[128];
static char path[256];
static struct event_sink sink;
static struct error err;

static void set_up(void)
{
    (void)snprintf(dir, sizeof dir, "%s/case.XXXXXX", unit_scratch());
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(setenv("HOME", dir, 1), 0);
    (void)close(99); /* may have been inherited */
    (void)snprintf(path, sizeof path, "%s/events", dir);
    sink = (struct event_sink)EVENT_SINK_INIT;
    err = (struct error)ERROR_INIT;
}

static void tear_down(void)
{
    event_sink_close(&sink);
    (void)umask(022);
}

static void write_line(const char *line)
{
    ck_assert_msg(event_sink_write(&sink, line, strlen(line), &err) == PLEXCTL_OK, "%s", err.text);
}

static void check_content(const char *wanted)
{
    char content[64] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_ge(read(fd, content, sizeof content - 1), 0);
    ck_assert_str_eq(content, wanted);
    (void)close(fd);
}

static const mode_t umasks[] = {0, 022, 077, 0777};

START_TEST(event_sink_new_file_is_private)
{
    struct stat found;

    (void)umask(umasks[_i]);
    ck_assert_msg(event_sink_open(path, &sink, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_int_eq(stat(path, &found), 0);
    ck_assert_uint_eq(found.st_mode & 07777, 0600);
}
END_TEST

START_TEST(event_sink_file_is_appended_to)
{
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(event_sink_open(path, &sink, &err), PLEXCTL_OK);
        write_line("line\n");
        event_sink_close(&sink);
    }
    check_content("line\nline\n");
}
END_TEST

START_TEST(event_sink_own_link_is_followed)
{
    char link[160];

    (void)snprintf(link, sizeof link, "%s/link", dir);
    ck_assert_int_eq(close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
    ck_assert_int_eq(symlink(path, link), 0);
    ck_assert_int_eq(event_sink_open(link, &sink, &err), PLEXCTL_OK);
    write_line("line\n");
    check_content("line\n");
}
END_TEST

/* As root, who may give things away; tests/e2e/events.test.js does the same as nobody. */
START_TEST(event_sink_what_is_another_users_is_refused)
{
    char link[160];

    if (geteuid() != 0)
        return;
    (void)snprintf(link, sizeof link, "%s/link", dir);
    ck_assert_int_eq(close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666)), 0);
    ck_assert_int_eq(symlink(path, link), 0);
    ck_assert_int_eq(lchown(link, 65534, 65534), 0);
    ck_assert_int_eq(event_sink_open(link, &sink, &err), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "is another user's symbolic link"), "%s", err.text);
    ck_assert_int_eq(chown(path, 65534, 65534), 0);
    ck_assert_int_eq(event_sink_open(path, &sink, &err), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "another user owns"), "%s", err.text);
    check_content("");
}
END_TEST

static const char *const bad_targets[] = {
    "",     "fd:",         "fd:x", "fd:-1", "fd:0",       "fd:99",      "fd:99999999999",   "fd:1 ",    "/no/such/file",
    "/tmp", "/dev/null/x", "3",    "fd3",   "/dev/stdin", "/dev/fd/99", "/proc/self/fd/99", "/dev/fd/x"};

START_TEST(event_sink_what_cannot_be_written_is_usage)
{
    ck_assert_int_eq(event_sink_open(bad_targets[_i], &sink, &err), PLEXCTL_USAGE);
    ck_assert_str_ne(err.text, "");
    ck_assert_int_eq(sink.fd, -1);
}
END_TEST

START_TEST(event_sink_fifo_without_reader_is_usage)
{
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(event_sink_open(path, &sink, &err), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "nobody reads"), "%s", err.text);
}
END_TEST

static plexctl_status open_number(int fd)
{
    char target[16];

    (void)snprintf(target, sizeof target, "fd:%d", fd);
    return event_sink_open(target, &sink, &err);
}

START_TEST(event_sink_descriptor_from_outside_is_written)
{
    int ends[2];
    char line[8] = "";

    ck_assert_int_eq(pipe(ends), 0); /* NOLINT(android-cloexec-pipe) */
    ck_assert_int_eq(open_number(ends[1]), PLEXCTL_OK);
    ck_assert_int_eq(fcntl(ends[1], F_GETFD), FD_CLOEXEC);
    write_line("line\n");
    ck_assert_int_eq(read(ends[0], line, sizeof line), 5);
    event_sink_close(&sink);
    ck_assert_int_eq(fcntl(ends[1], F_GETFD), 0);
    ck_assert_int_eq(open_number(ends[0]), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "not open for writing"), "%s", err.text);
}
END_TEST

/* Opened again it would have an offset of its own. */
START_TEST(event_sink_standard_output_is_not_opened_again)
{
    static const char *const names[] = {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"};
    int before = dup(STDOUT_FILENO); /* NOLINT(android-cloexec-dup) */
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    ck_assert_int_eq(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        ck_assert_int_eq(event_sink_open(names[i], &sink, &err), PLEXCTL_OK);
        ck_assert_int_eq(sink.fd, STDOUT_FILENO);
        event_sink_close(&sink);
    }
    plexctl_status status = event_sink_open(path, &sink, &err);
    ck_assert_int_eq(dup2(before, STDOUT_FILENO), STDOUT_FILENO);
    (void)close(before);
    (void)close(fd);
    ck_assert_int_eq(status, PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "use fd:1"), "%s", err.text);
    ck_assert_int_eq(sink.fd, -1);
}
END_TEST

static const char *const own_files[][2] = {{"config", "config.json"}, {"state", "login.default.json"}};

/* As it will be, as it is, and by another name. */
START_TEST(event_sink_own_files_are_refused)
{
    char base[160], link[160];

    (void)snprintf(base, sizeof base, "%s/%s", dir, own_files[_i][0]);
    ck_assert_int_eq(setenv(_i == 0 ? "XDG_CONFIG_HOME" : "XDG_STATE_HOME", base, 1), 0);
    ck_assert_int_eq(mkdir(base, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/plexctl", base);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/plexctl/%s", base, own_files[_i][1]);
    ck_assert_int_eq(event_sink_open(path, &sink, &err), PLEXCTL_USAGE);
    ck_assert_int_eq(access(path, F_OK), -1);
    ck_assert_int_eq(close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
    ck_assert_int_eq(event_sink_open(path, &sink, &err), PLEXCTL_USAGE);
    int fd = open(path, O_WRONLY | O_APPEND); /* NOLINT(android-cloexec-open): as a shell hands it over */
    ck_assert_int_eq(open_number(fd), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "data of its own"), "%s", err.text);
    (void)close(fd);
    (void)snprintf(link, sizeof link, "%s/link", dir);
    ck_assert_int_eq(symlink(path, link), 0);
    ck_assert_int_eq(event_sink_open(link, &sink, &err), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "data of its own"), "%s", err.text);
    (void)snprintf(path, sizeof path, "%s/events", base);
    ck_assert_int_eq(event_sink_open(path, &sink, &err), PLEXCTL_OK);
}
END_TEST

/* Such as the descriptor that a signal is told by. */
START_TEST(event_sink_descriptor_of_ours_is_none)
{
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

    ck_assert_int_eq(open_number(fd), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, "is not open"), "%s", err.text);
    (void)close(fd);
}
END_TEST

/* It is a reader's to read: nobody waits for it. */
START_TEST(event_sink_full_pipe_closes_the_sink)
{
    int ends[2];
    const char filling[4096] = "";

    ck_assert_int_eq(pipe(ends), 0); /* NOLINT(android-cloexec-pipe) */
    ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    while (write(ends[1], filling, sizeof filling) > 0)
        continue;
    ck_assert_int_eq(fcntl(ends[1], F_SETFL, 0), 0);
    ck_assert_int_eq(open_number(ends[1]), PLEXCTL_OK);
    ck_assert_int_eq(event_sink_write(&sink, "line\n", 5, &err), PLEXCTL_FAILED);
    ck_assert_msg(strstr(err.text, "does not read"), "%s", err.text);
    ck_assert_int_eq(sink.fd, -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("event_sink");
    TCase *tests = tcase_create("all");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, event_sink_new_file_is_private, 0, (int)(sizeof umasks / sizeof umasks[0]));
    tcase_add_test(tests, event_sink_file_is_appended_to);
    tcase_add_test(tests, event_sink_own_link_is_followed);
    tcase_add_test(tests, event_sink_what_is_another_users_is_refused);
    tcase_add_loop_test(tests, event_sink_what_cannot_be_written_is_usage, 0,
                        (int)(sizeof bad_targets / sizeof bad_targets[0]));
    tcase_add_test(tests, event_sink_fifo_without_reader_is_usage);
    tcase_add_test(tests, event_sink_descriptor_from_outside_is_written);
    tcase_add_test(tests, event_sink_descriptor_of_ours_is_none);
    tcase_add_test(tests, event_sink_standard_output_is_not_opened_again);
    tcase_add_loop_test(tests, event_sink_own_files_are_refused, 0, 2);
    tcase_add_test(tests, event_sink_full_pipe_closes_the_sink);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
