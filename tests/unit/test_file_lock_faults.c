/* SPDX-License-Identifier: Apache-2.0
 *
 * What the system can do to a process that takes a lock or waits for one.
 */
#include "base/file_lock.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <time.h>

#include "file_fixture.h"

#define LOCK "config.json.lock"
#define LONG_MS 60000

/* Stand before the C library's own. */
int fcntl_staged(int fd, int command, ...) __asm__("fcntl");
int openat_staged(int dir_fd, const char *name, int flags, ...) __asm__("openat");
int poll_staged(struct pollfd *waits, nfds_t count, int timeout_ms) __asm__("poll");
int clock_gettime_staged(clockid_t clock, struct timespec *now) __asm__("clock_gettime");
pid_t fork_staged(void) __asm__("fork");
pid_t waitpid_staged(pid_t child, int *wait_status, int options) __asm__("waitpid");

static struct {
    struct fault turn, openat, waitpid;
    time_t now_s; /* 0: the real time; each openat takes a second of this one */
    unsigned forks;
    pid_t child;
    void (*act)(void); /* at each poll that waits */
} stage;

int fcntl_staged(int fd, int command, ...)
{
    va_list arguments;

    va_start(arguments, command);
    long argument = va_arg(arguments, long);
    va_end(arguments);
    if (command == F_OFD_SETLK && fault_hits(&stage.turn))
        return -1;
    return (int)syscall(SYS_fcntl, fd, command, argument);
}

int openat_staged(int dir_fd, const char *name, int flags, ...)
{
    va_list arguments;

    va_start(arguments, flags);
    unsigned mode = flags & O_CREAT ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    stage.now_s += stage.now_s > 0;
    return fault_hits(&stage.openat) ? -1 : (int)syscall(SYS_openat, dir_fd, name, flags, mode);
}

int poll_staged(struct pollfd *waits, nfds_t count, int timeout_ms)
{
    if (timeout_ms != 0 && stage.act)
        stage.act();
    return (int)syscall(SYS_poll, waits, count, timeout_ms);
}

int clock_gettime_staged(clockid_t clock, struct timespec *now)
{
    if (stage.now_s == 0)
        return (int)syscall(SYS_clock_gettime, clock, now);
    *now = (struct timespec){.tv_sec = stage.now_s};
    return 0;
}

pid_t fork_staged(void)
{
    stage.forks++;
    pid_t child = _Fork();
    if (child > 0)
        stage.child = child;
    return child;
}

pid_t waitpid_staged(pid_t child, int *wait_status, int options)
{
    return fault_hits(&stage.waitpid) ? -1 : (pid_t)syscall(SYS_wait4, child, wait_status, options, NULL);
}

static void open_fresh(void)
{
    fixture_open();
    memset(&stage, 0, sizeof stage);
}

static void assert_alone(void)
{
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}

static int hold(void)
{
    int fd = openat(fixture_dir, LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(flock(fd, LOCK_EX | LOCK_NB), 0);
    return fd;
}

static void assert_lock(unsigned forks)
{
    struct error err = ERROR_INIT;
    int fd = -1;

    ck_assert_msg(file_lock(fixture_dir, LOCK, LONG_MS, -1, &fd, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
    ck_assert_uint_eq(stage.forks, forks);
    assert_alone();
    (void)close(fd);
}

/* Whoever starts us with standard input closed gets no other lock. */
START_TEST(file_lock_may_be_descriptor_0)
{
    struct error err = ERROR_INIT;
    int fd = -1;
    int kept = dup(STDIN_FILENO);

    fixture_write(LOCK, "", 0600);
    (void)close(STDIN_FILENO);
    errno = ENOENT; /* of some earlier call */
    plexctl_status status = file_lock(fixture_dir, LOCK, 0, -1, &fd, &err);
    if (fd >= 0)
        (void)close(fd);
    (void)dup2(kept, STDIN_FILENO);
    (void)close(kept);
    ck_assert_msg(status == PLEXCTL_OK, "%s", err.text);
    ck_assert_int_eq(fd, STDIN_FILENO);
}
END_TEST

static const struct {
    int number;
    unsigned forks;
} turns[] = {{EAGAIN, 1}, {EACCES, 1}, {EINTR, 1}, {ENOLCK, 0}, {EINVAL, 0}};

/* Only who is told to wait does; a file system that knows no such turns costs no process. */
START_TEST(file_lock_without_its_turn_waits_or_does_without)
{
    stage.turn = (struct fault){.number = turns[_i].number, .times = 1};
    assert_lock(turns[_i].forks);
}
END_TEST

START_TEST(file_lock_interrupted_open_is_tried_again)
{
    stage.openat = (struct fault){.number = EINTR, .times = 3};
    assert_lock(0);
    ck_assert_uint_eq(stage.openat.calls, 5); /* the fifth makes what the fourth missed */
}
END_TEST

START_TEST(file_lock_made_by_another_meanwhile_is_opened)
{
    fixture_write(LOCK, "theirs", 0600);
    memset(&stage, 0, sizeof stage);
    stage.openat = (struct fault){.number = ENOENT, .times = 1};
    assert_lock(0);
    ck_assert_uint_eq(stage.openat.calls, 3);
    assert_content(LOCK, "theirs");
}
END_TEST

START_TEST(file_lock_that_is_never_held_ends_in_time)
{
    struct error err = ERROR_INIT;
    int fd = -7;

    stage.openat = (struct fault){.number = EINTR, .times = 1000};
    stage.now_s = 1000;
    plexctl_status status = file_lock(fixture_dir, LOCK, 5000, -1, &fd, &err);
    stage.now_s = 0;
    ck_assert_int_eq(status, PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "the lock file " LOCK " could not be locked within 5000 ms");
    ck_assert_uint_eq(stage.openat.calls, 5);
    ck_assert_int_eq(fd, -7);
}
END_TEST

START_TEST(file_lock_that_is_never_held_is_cancelled)
{
    struct error err = ERROR_INIT;
    int fd = -7;
    int cancel_fd = eventfd(1, EFD_CLOEXEC);

    stage.openat = (struct fault){.number = EINTR, .times = 1000};
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, LONG_MS, cancel_fd, &fd, &err), PLEXCTL_CANCELLED);
    ck_assert_str_eq(err.text, "cancelled while waiting for the lock " LOCK);
    ck_assert_uint_eq(stage.openat.calls, 1);
    ck_assert_int_eq(fd, -7);
    (void)close(cancel_fd);
}
END_TEST

static void kill_child(void)
{
    ck_assert_int_gt(stage.child, 0);
    ck_assert_int_eq(kill(stage.child, SIGKILL), 0);
}

START_TEST(file_lock_whose_waiting_process_is_killed_says_so)
{
    struct error err = ERROR_INIT;
    int fd = -7;
    int holder = hold();

    stage.act = kill_child;
    stage.waitpid = (struct fault){.number = EINTR, .times = 2};
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, LONG_MS, -1, &fd, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "the process that waited for the lock " LOCK " was killed");
    ck_assert_uint_eq(stage.waitpid.calls, 3);
    ck_assert_int_eq(fd, -7);
    assert_alone();
    (void)close(holder);
}
END_TEST

static int waiting_fd;

static void say_waiting(void)
{
    ssize_t written = write(waiting_fd, "w", 1);
    (void)written;
}

/* The descriptor is open in it too: its end is read when both processes are gone. */
START_TEST(file_lock_waiting_process_goes_with_its_parent)
{
    struct error err = ERROR_INIT;
    int ends[2];
    int fd = -1;
    char byte = 0;
    int holder = hold();

    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)close(ends[0]);
        waiting_fd = ends[1];
        stage.act = say_waiting;
        (void)file_lock(fixture_dir, LOCK, LONG_MS, -1, &fd, &err);
        _exit(1);
    }
    (void)close(ends[1]);
    ck_assert_int_eq(read(ends[0], &byte, 1), 1);
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    struct pollfd gone = {.fd = ends[0], .events = POLLIN};
    ck_assert_int_eq(poll(&gone, 1, LONG_MS), 1);
    ck_assert_int_eq(read(ends[0], &byte, 1), 0);
    (void)close(ends[0]);
    (void)close(holder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file_lock_faults");
    TCase *tcase = tcase_create("faults");

    tcase_add_checked_fixture(tcase, open_fresh, fixture_close);
    tcase_add_test(tcase, file_lock_may_be_descriptor_0);
    tcase_add_loop_test(tcase, file_lock_without_its_turn_waits_or_does_without, 0, sizeof turns / sizeof turns[0]);
    tcase_add_test(tcase, file_lock_interrupted_open_is_tried_again);
    tcase_add_test(tcase, file_lock_made_by_another_meanwhile_is_opened);
    tcase_add_test(tcase, file_lock_that_is_never_held_ends_in_time);
    tcase_add_test(tcase, file_lock_that_is_never_held_is_cancelled);
    tcase_add_test(tcase, file_lock_whose_waiting_process_is_killed_says_so);
    tcase_add_test(tcase, file_lock_waiting_process_goes_with_its_parent);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
