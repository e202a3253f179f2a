/* SPDX-License-Identifier: Apache-2.0 */
#include "cancel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

#include "cancel_fixture.h"

/* Stand before the C library's own: what would take time or chance is made to happen at once. */
int poll_staged(struct pollfd *waits, nfds_t count, int timeout_ms) __asm__("poll");
int timerfd_create_noted(int clock, int flags) __asm__("timerfd_create");
int timerfd_settime_noted(int fd, int flags, const struct itimerspec *alarm,
                          struct itimerspec *before) __asm__("timerfd_settime");
int clock_gettime_staged(clockid_t clock, struct timespec *now) __asm__("clock_gettime");

static struct {
    int signal_before_poll;
    unsigned polls, interruptions;
    int poll_errno, create_errno, settime_errno;
    int clock, settime_flags;
    bool stands_still; /* the clock, until something waits */
    struct timespec stood;
} staged;

int clock_gettime_staged(clockid_t clock, struct timespec *now)
{
    if (!staged.stands_still)
        return (int)syscall(SYS_clock_gettime, clock, now);
    *now = staged.stood;
    return 0;
}

int poll_staged(struct pollfd *waits, nfds_t count, int timeout_ms)
{
    staged.polls++;
    staged.stands_still = false;
    if (staged.signal_before_poll) {
        (void)kill(getpid(), staged.signal_before_poll);
        staged.signal_before_poll = 0;
    }
    if (staged.interruptions > 0) {
        staged.interruptions--;
        errno = EINTR;
        return -1;
    }
    if (staged.poll_errno) {
        errno = staged.poll_errno;
        return -1;
    }
    return (int)syscall(SYS_poll, waits, count, timeout_ms);
}

int timerfd_create_noted(int clock, int flags)
{
    staged.clock = clock;
    if (staged.create_errno) {
        errno = staged.create_errno;
        return -1;
    }
    return (int)syscall(SYS_timerfd_create, clock, flags);
}

int timerfd_settime_noted(int fd, int flags, const struct itimerspec *alarm, struct itimerspec *before)
{
    staged.settime_flags = flags;
    if (staged.settime_errno) {
        errno = staged.settime_errno;
        return -1;
    }
    return (int)syscall(SYS_timerfd_settime, fd, flags, alarm, before);
}

START_TEST(cancel_now_is_boottime)
{
    struct timespec before, after;

    ck_assert_int_eq(clock_gettime(CLOCK_BOOTTIME, &before), 0);
    int64_t now_ms = cancel_now_ms();
    ck_assert_int_eq(clock_gettime(CLOCK_BOOTTIME, &after), 0);
    ck_assert_int_ge(now_ms, (int64_t)before.tv_sec * 1000 + before.tv_nsec / 1000000);
    ck_assert_int_le(now_ms, (int64_t)after.tv_sec * 1000 + after.tv_nsec / 1000000);
}
END_TEST

static int play_sleep_past(int number)
{
    static const int64_t past_ms[] = {INT64_MIN, -1, 0, 1};
    struct error err = ERROR_INIT;

    (void)number;
    (void)cancel_install(&err);
    for (size_t i = 0; i < sizeof past_ms / sizeof past_ms[0]; i++) {
        if (cancel_sleep_until_ms(past_ms[i], &err) != PLEXCTL_OK)
            return 1;
    }
    if (cancel_sleep_until_ms(cancel_now_ms(), &err) != PLEXCTL_OK)
        return 2;
    return staged.polls == 0 ? 0 : 3;
}

START_TEST(cancel_sleep_until_the_past_returns_at_once)
{
    assert_played(in_child(play_sleep_past, 0));
}
END_TEST

static int play_sleep(int number)
{
    struct error err = ERROR_INIT;

    (void)number;
    (void)cancel_install(&err);
    staged.interruptions = 2;
    for (int i = 0; i < 2; i++) {
        /* So that the time is not over before the sleep begins, however late that is. */
        (void)clock_gettime(CLOCK_BOOTTIME, &staged.stood);
        staged.stands_still = true;
        int64_t when_ms = cancel_now_ms() + 3;
        if (cancel_sleep_until_ms(when_ms, &err) != PLEXCTL_OK)
            return 1;
        if (cancel_now_ms() < when_ms)
            return 2;
    }
    if (staged.clock != CLOCK_BOOTTIME || staged.settime_flags != TFD_TIMER_ABSTIME)
        return 3;
    return staged.polls == 4 ? 0 : 4;
}

START_TEST(cancel_sleep_ends_at_its_time_and_not_before)
{
    assert_played(in_child(play_sleep, 0));
}
END_TEST

static int play_sleep_without_install(int number)
{
    struct error err = ERROR_INIT;

    (void)number;
    return cancel_sleep_until_ms(cancel_now_ms() + 3, &err) == PLEXCTL_OK ? 0 : 1;
}

START_TEST(cancel_sleep_without_install_sleeps)
{
    assert_played(in_child(play_sleep_without_install, 0));
}
END_TEST

static int play_sleep_cancelled(int number)
{
    struct error err = ERROR_INIT;
    int64_t far_ms = cancel_now_ms() + 3600000;

    (void)cancel_install(&err);
    staged.signal_before_poll = number;
    if (cancel_sleep_until_ms(far_ms, &err) != PLEXCTL_CANCELLED)
        return 1;
    if (!strstr(err.text, "SIG"))
        return 2;
    if (cancel_sleep_until_ms(far_ms, &err) != PLEXCTL_CANCELLED || cancel_sleep_until_ms(0, &err) != PLEXCTL_CANCELLED)
        return 3;
    return staged.polls == 1 ? 0 : 4;
}

static int play_sleep_interrupted(int number)
{
    staged.interruptions = 1;
    struct error err = ERROR_INIT;

    (void)cancel_install(&err);
    staged.signal_before_poll = number;
    return cancel_sleep_until_ms(cancel_now_ms() + 3600000, &err) == PLEXCTL_CANCELLED ? 0 : 1;
}

START_TEST(cancel_sleep_is_cancelled_by_a_signal)
{
    assert_played(in_child(play_sleep_cancelled, stops[_i]));
    assert_played(in_child(play_sleep_interrupted, stops[_i]));
}
END_TEST

static int play_failures(int number)
{
    struct error err = ERROR_INIT;

    (void)number;
    staged.create_errno = EMFILE;
    if (cancel_install(&err) != PLEXCTL_FAILED || !strstr(err.text, "Too many open files"))
        return 1;
    if (cancel_sleep_until_ms(cancel_now_ms() + 3600000, &err) != PLEXCTL_FAILED)
        return 2;
    staged.create_errno = 0;
    if (cancel_install(&err) != PLEXCTL_OK)
        return 3;
    staged.settime_errno = EINVAL;
    if (cancel_sleep_until_ms(cancel_now_ms() + 3600000, &err) != PLEXCTL_FAILED)
        return 4;
    staged.settime_errno = 0;
    staged.poll_errno = ENOMEM;
    return cancel_sleep_until_ms(cancel_now_ms() + 3600000, &err) == PLEXCTL_NO_MEMORY ? 0 : 5;
}

START_TEST(cancel_failing_calls_are_errors)
{
    assert_played(in_child(play_failures, 0));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cancel_sleep");
    TCase *tcase = tcase_create("cancel_sleep");

    tcase_add_test(tcase, cancel_now_is_boottime);
    tcase_add_test(tcase, cancel_sleep_until_the_past_returns_at_once);
    tcase_add_test(tcase, cancel_sleep_ends_at_its_time_and_not_before);
    tcase_add_test(tcase, cancel_sleep_without_install_sleeps);
    tcase_add_loop_test(tcase, cancel_sleep_is_cancelled_by_a_signal, 0, 4);
    tcase_add_test(tcase, cancel_failing_calls_are_errors);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
