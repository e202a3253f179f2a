/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file_lock.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <time.h>

#include "base/cleanup.h"
#include "file_fixture.h"

#define LOCK "config.json.lock"
#define CANCEL_MAX_MS 200
#define REPEATS_MAX 10 /* on a busy machine: one in time will do */
/* Stand before the C library's own: waiting takes no time once it is staged, and others act while we wait. */
int poll_staged(struct pollfd *waits, nfds_t count, int timeout_ms) __asm__("poll");
int flock_staged(int fd, int operation) __asm__("flock");
int clock_gettime_staged(clockid_t clock, struct timespec *now) __asm__("clock_gettime");
int pipe2_staged(int ends[2], int flags) __asm__("pipe2");
pid_t fork_staged(void) __asm__("fork");

static struct {
    struct fault flock, poll, pipe2, fork;
    int timeouts_ms[100];
    unsigned polls;
    int64_t now_ms;                     /* 0: the real time */
    unsigned act_at_poll, act_at_flock; /* from 1; 0 for never */
    void (*act)(void);
} stage;

static int holder = -1;

int poll_staged(struct pollfd *waits, nfds_t count, int timeout_ms)
{
    ck_assert_uint_lt(stage.polls, 100);
    stage.timeouts_ms[stage.polls++] = timeout_ms;
    if (stage.polls == stage.act_at_poll)
        stage.act();
    if (fault_hits(&stage.poll))
        return -1;
    if (stage.now_ms == 0)
        return (int)syscall(SYS_poll, waits, count, timeout_ms);
    stage.now_ms += timeout_ms;
    return (int)syscall(SYS_poll, waits, count, 0);
}

int flock_staged(int fd, int operation)
{
    if (stage.flock.calls + 1 == stage.act_at_flock)
        stage.act();
    return fault_hits(&stage.flock) ? -1 : (int)syscall(SYS_flock, fd, operation);
}

int clock_gettime_staged(clockid_t clock, struct timespec *now)
{
    if (stage.now_ms == 0)
        return (int)syscall(SYS_clock_gettime, clock, now);
    *now = (struct timespec){.tv_sec = stage.now_ms / 1000, .tv_nsec = stage.now_ms % 1000 * 1000000};
    return 0;
}

int pipe2_staged(int ends[2], int flags)
{
    return fault_hits(&stage.pipe2) ? -1 : (int)syscall(SYS_pipe2, ends, flags);
}

pid_t fork_staged(void)
{
    return fault_hits(&stage.fork) ? -1 : _Fork();
}

static void open_fresh(void)
{
    fixture_open();
    memset(&stage, 0, sizeof stage);
}

static void close_all(void)
{
    if (holder >= 0)
        (void)close(holder);
    holder = -1;
    fixture_close();
}

static void hold(void)
{
    holder = openat(fixture_dir, LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_ge(holder, 0);
    ck_assert_int_eq((int)syscall(SYS_flock, holder, LOCK_EX | LOCK_NB), 0);
}

static void move_turn(short type)
{
    struct flock first_byte = {.l_type = type, .l_whence = SEEK_SET, .l_len = 1};
    ck_assert_int_eq(fcntl(holder, F_OFD_SETLK, &first_byte), 0);
}

/* Closing would not do: the child that waits has inherited the descriptor. */
static void let_go(void)
{
    ck_assert_int_eq((int)syscall(SYS_flock, holder, LOCK_UN), 0);
    move_turn(F_UNLCK);
    (void)close(holder);
    holder = -1;
}

static void remove_lock(void)
{
    ck_assert_int_eq(unlinkat(fixture_dir, LOCK, 0), 0);
}

static void remove_lock_and_let_go(void)
{
    remove_lock();
    let_go();
}

static void replace_lock_and_let_go(void)
{
    remove_lock();
    fixture_write(LOCK, "another", 0600);
    let_go();
}

static int is_locked_by_us(int fd)
{
    struct stat held, named;
    int other = openat(fixture_dir, LOCK, O_RDWR | O_CLOEXEC);
    int refused = syscall(SYS_flock, other, LOCK_EX | LOCK_NB) != 0;

    (void)close(other);
    return refused && fstat(fd, &held) == 0 && fstatat(fixture_dir, LOCK, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           held.st_ino == named.st_ino;
}

START_TEST(file_lock_makes_a_private_file_and_holds_it)
{
    static const mode_t masks[] = {0, 022, 0277, 0777};
    struct error err = ERROR_INIT;

    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        int fd = -1;
        (void)umask(masks[i]);
        ck_assert_int_eq(file_lock(fixture_dir, LOCK, 0, -1, &fd, &err), PLEXCTL_OK);
        (void)umask(022);
        ck_assert_uint_eq(fixture_mode(LOCK), 0600);
        ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
        ck_assert(is_locked_by_us(fd));
        (void)close(fd);
        ck_assert_int_eq(file_lock(fixture_dir, LOCK, 0, -1, &fd, &err), PLEXCTL_OK);
        (void)close(fd);
        remove_lock();
    }
    ck_assert_uint_eq(stage.polls, 0);
}
END_TEST

/* No child is left, running or dead. */
static void assert_alone(void)
{
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}

START_TEST(file_lock_held_by_another_times_out)
{
    struct error err = ERROR_INIT;
    int fd = -7;

    hold();
    stage.now_ms = 5000;
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, 500, -1, &fd, &err), PLEXCTL_FAILED);
    ck_assert_int_eq(fd, -7);
    ck_assert_str_eq(err.text, "another process has held the lock " LOCK " for 500 ms");
    ck_assert_uint_eq(stage.polls, 1);
    ck_assert_int_eq(stage.timeouts_ms[0], 500);
    stage.now_ms = 0; /* Check's own clock too */
    assert_alone();

    stage.polls = 0;
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, 0, -1, &fd, &err), PLEXCTL_FAILED);
    ck_assert_uint_eq(stage.polls, 0);
    assert_alone();
    let_go();
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, 0, -1, &fd, &err), PLEXCTL_OK);
    (void)close(fd);
}
END_TEST

static const struct {
    void (*act)(void);
    unsigned at_poll, at_flock;
} scenes[] = {
    {let_go, 1, 0},
    {remove_lock_and_let_go, 1, 0},
    {remove_lock_and_let_go, 0, 1},
    {replace_lock_and_let_go, 1, 0},
};

START_TEST(file_lock_held_then_free_ends_on_the_current_file)
{
    struct error err = ERROR_INIT;
    int fd = -1;

    hold();
    stage.act = scenes[_i].act;
    stage.act_at_poll = scenes[_i].at_poll;
    stage.act_at_flock = scenes[_i].at_flock;
    stage.poll = (struct fault){.number = EINTR, .times = 1};
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, 60000, -1, &fd, &err), PLEXCTL_OK);
    ck_assert(is_locked_by_us(fd));
    (void)close(fd);
    assert_alone();
}
END_TEST

START_TEST(file_lock_removed_between_open_and_lock_is_taken_anew)
{
    struct error err = ERROR_INIT;
    int fd = -1;

    stage.act = remove_lock;
    stage.act_at_flock = 1;
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, 60000, -1, &fd, &err), PLEXCTL_OK);
    ck_assert_uint_eq(stage.flock.calls, 2);
    ck_assert(is_locked_by_us(fd));
    (void)close(fd);
}
END_TEST

static int64_t real_ms(void)
{
    struct timespec now;
    (void)syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int cancel_event = -1;

static void cancel(void)
{
    (void)eventfd_write(cancel_event, 1);
}

START_TEST(file_lock_is_cancelled_while_it_waits)
{
    struct error err = ERROR_INIT;
    int64_t spent_ms = INT64_MAX;
    int fd = -7;

    hold();
    stage.act = cancel;
    stage.act_at_poll = 1;
    for (unsigned repeats = 0; repeats < REPEATS_MAX && spent_ms > CANCEL_MAX_MS; repeats++) {
        cancel_event = eventfd(0, EFD_CLOEXEC);
        stage.polls = 0;
        const int64_t start_ms = real_ms();
        ck_assert_int_eq(file_lock(fixture_dir, LOCK, 60000, cancel_event, &fd, &err), PLEXCTL_CANCELLED);
        spent_ms = real_ms() - start_ms;
        assert_alone();
        (void)close(cancel_event);
    }
    ck_assert(unit_skips_under_valgrind("how soon it ends") || spent_ms <= CANCEL_MAX_MS);
    ck_assert_int_eq(fd, -7);
}
END_TEST

/* The lock is free, and yet a newcomer waits behind the one that is about to take it. */
START_TEST(file_lock_overtakes_nobody)
{
    struct error err = ERROR_INIT;
    int fd = -7;

    fixture_write(LOCK, "", 0600);
    holder = openat(fixture_dir, LOCK, O_RDWR | O_CLOEXEC);
    move_turn(F_WRLCK);
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, 0, -1, &fd, &err), PLEXCTL_FAILED);
    ck_assert_uint_eq(stage.flock.calls, 0);
    stage.act = let_go;
    stage.act_at_poll = 1;
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, 60000, -1, &fd, &err), PLEXCTL_OK);
    (void)close(fd);
}
END_TEST

START_TEST(file_lock_that_cannot_wait_says_so)
{
    struct fault *const faults[] = {&stage.pipe2, &stage.fork, &stage.poll};
    struct error err = ERROR_INIT;
    int fd = -7;

    hold();
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        *faults[i] = (struct fault){.number = EAGAIN, .times = 1};
        ck_assert_int_eq(file_lock(fixture_dir, LOCK, 60000, -1, &fd, &err), PLEXCTL_FAILED);
        ck_assert_str_eq(err.text, "cannot wait for the lock " LOCK ": Resource temporarily unavailable");
        assert_alone();
    }
    ck_assert_int_eq(fd, -7);
}
END_TEST

START_TEST(file_lock_is_let_go_when_its_holder_is_killed)
{
    struct error err = ERROR_INIT;
    int ready[2];
    int fd = -1;
    int wait_status = 0;
    char byte = 0;

    ck_assert_int_eq(pipe(ready), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (file_lock(fixture_dir, LOCK, 0, -1, &fd, &err) != PLEXCTL_OK || write(ready[1], "", 1) != 1)
            _exit(1);
        for (;;)
            (void)pause();
    }
    (void)close(ready[1]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    (void)close(ready[0]);
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, 0, -1, &fd, &err), PLEXCTL_FAILED);
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, &wait_status, 0), child);
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, 0, -1, &fd, &err), PLEXCTL_OK);
    (void)close(fd);
}
END_TEST

START_TEST(file_lock_failing_flock_is_an_error)
{
    static const int numbers[] = {ENOLCK, EOPNOTSUPP, EIO};
    struct error err = ERROR_INIT;
    int fd = -1;

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        for (unsigned waits = 0; waits < 2; waits++) {
            if (waits)
                hold();
            stage.flock = (struct fault){.number = numbers[i], .skip = waits, .times = 1};
            ck_assert_int_eq(file_lock(fixture_dir, LOCK, 60000, -1, &fd, &err), PLEXCTL_FAILED);
            ck_assert_int_eq(strncmp(err.text, "cannot lock " LOCK ": ", 30), 0);
            ck_assert_uint_eq(stage.polls, waits);
            stage.polls = 0;
            if (waits)
                let_go();
        }
    }
    stage.flock = (struct fault){.number = EINTR, .times = 2};
    ck_assert_int_eq(file_lock(fixture_dir, LOCK, 60000, -1, &fd, &err), PLEXCTL_OK);
    (void)close(fd);
}
END_TEST

START_TEST(file_lock_of_what_is_no_lock_file_fails)
{
    struct error err = ERROR_INIT;
    int fd = -1;

    ck_assert_int_eq(mkfifoat(fixture_dir, "fifo", 0600), 0);
    ck_assert_int_eq(mkdirat(fixture_dir, "directory", 0700), 0);
    ck_assert_int_eq(symlinkat("elsewhere", fixture_dir, "link"), 0);
    ck_assert_int_eq(file_lock(fixture_dir, "fifo", 0, -1, &fd, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "the lock file fifo is not a regular file");
    ck_assert_int_eq(file_lock(fixture_dir, "directory", 0, -1, &fd, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "cannot open the lock file directory: Is a directory");
    ck_assert_int_eq(file_lock(fixture_dir, "link", 0, -1, &fd, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "cannot open the lock file link: Too many levels of symbolic links");
    ck_assert_int_ne(faccessat(fixture_dir, "elsewhere", F_OK, 0), 0);
    ck_assert_int_eq(file_lock(-1, LOCK, 0, -1, &fd, &err), PLEXCTL_FAILED);
    ck_assert_int_eq(fd, -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file_lock");
    TCase *tcase = tcase_create("file_lock");

    tcase_add_checked_fixture(tcase, open_fresh, close_all);
    tcase_add_test(tcase, file_lock_makes_a_private_file_and_holds_it);
    tcase_add_test(tcase, file_lock_held_by_another_times_out);
    tcase_add_loop_test(tcase, file_lock_held_then_free_ends_on_the_current_file, 0,
                        (int)(sizeof scenes / sizeof scenes[0]));
    tcase_add_test(tcase, file_lock_removed_between_open_and_lock_is_taken_anew);
    tcase_add_test(tcase, file_lock_is_cancelled_while_it_waits);
    tcase_add_test(tcase, file_lock_overtakes_nobody);
    tcase_add_test(tcase, file_lock_that_cannot_wait_says_so);
    tcase_add_test(tcase, file_lock_is_let_go_when_its_holder_is_killed);
    tcase_add_test(tcase, file_lock_failing_flock_is_an_error);
    tcase_add_test(tcase, file_lock_of_what_is_no_lock_file_fails);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
