/* SPDX-License-Identifier: Apache-2.0 */
#include "cancel.h"

#include <errno.h>
#include <poll.h>

#include "cancel_fixture.h"

/* Stands before the C library's own: as in the first process of a container, a signal's default effect may be none. */
int raise_staged(int number) __asm__("raise");

static bool survives_raise;

int raise_staged(int number)
{
    return survives_raise ? 0 : kill(getpid(), number);
}

static bool is_readable(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};

    return poll(&wait, 1, 0) == 1 && wait.revents == POLLIN;
}

static int play_flag_and_fd(int number)
{
    struct error err = ERROR_INIT;

    if (cancel_fd() != -1)
        return 1;
    if (cancel_install(&err) != PLEXCTL_OK)
        return 2;
    if (cancel_signal() != 0 || is_readable(cancel_fd()))
        return 3;
    (void)kill(getpid(), number);
    if (cancel_signal() != number)
        return 4;
    for (int i = 0; i < 2; i++) {
        if (!is_readable(cancel_fd()))
            return 5;
    }
    return 0;
}

START_TEST(cancel_signal_sets_flag_and_descriptor)
{
    assert_played(in_child(play_flag_and_fd, stops[_i]));
}
END_TEST

static int play_second_same(int number)
{
    struct error err = ERROR_INIT;

    (void)cancel_install(&err);
    (void)kill(getpid(), number);
    (void)kill(getpid(), number);
    return 1;
}

static int play_second_other(int number)
{
    struct error err = ERROR_INIT;

    (void)cancel_install(&err);
    (void)kill(getpid(), number == SIGINT ? SIGHUP : SIGINT);
    (void)kill(getpid(), number);
    return 1;
}

START_TEST(cancel_second_signal_kills_at_once)
{
    assert_killed(in_child(play_second_same, stops[_i]), stops[_i]);
    assert_killed(in_child(play_second_other, stops[_i]), stops[_i]);
}
END_TEST

static int play_ignored(int number)
{
    struct error err = ERROR_INIT;

    (void)signal(number, SIG_IGN);
    if (cancel_install(&err) != PLEXCTL_OK)
        return 1;
    (void)kill(getpid(), number);
    if (cancel_signal() != 0)
        return 2;
    int other = number == SIGTERM ? SIGINT : SIGTERM;
    (void)kill(getpid(), other);
    (void)kill(getpid(), number);
    return cancel_signal() == other ? 0 : 3;
}

START_TEST(cancel_ignored_signal_stays_ignored)
{
    assert_played(in_child(play_ignored, stops[_i]));
}
END_TEST

static int play_errno(int number)
{
    struct error err = ERROR_INIT;
    const uint64_t full = UINT64_MAX - 1;

    (void)cancel_install(&err);
    /* The handler's own write fails now. */
    if (write(cancel_fd(), &full, sizeof full) != (ssize_t)sizeof full)
        return 1;
    errno = ENOTTY;
    (void)kill(getpid(), number);
    return errno == ENOTTY && cancel_signal() == number ? 0 : 2;
}

START_TEST(cancel_handler_keeps_errno)
{
    assert_played(in_child(play_errno, SIGINT));
}
END_TEST

static int play_interrupts_read(int number)
{
    struct error err = ERROR_INIT;
    struct sigaction action;

    (void)cancel_install(&err);
    if (sigaction(number, NULL, &action) != 0)
        return 1;
    return action.sa_flags & SA_RESTART ? 2 : 0;
}

START_TEST(cancel_handler_interrupts_blocking_calls)
{
    assert_played(in_child(play_interrupts_read, stops[_i]));
}
END_TEST

static int play_die(int number)
{
    struct error err = ERROR_INIT;

    (void)cancel_install(&err);
    (void)kill(getpid(), number);
    cancel_die();
    return 1;
}

static int play_die_while_blocked(int number)
{
    struct error err = ERROR_INIT;
    sigset_t mask;

    (void)cancel_install(&err);
    (void)kill(getpid(), number);
    (void)sigemptyset(&mask);
    (void)sigaddset(&mask, number);
    (void)sigprocmask(SIG_BLOCK, &mask, NULL);
    cancel_die();
    return 1;
}

static int play_die_while_ignored(int number)
{
    struct error err = ERROR_INIT;

    (void)cancel_install(&err);
    (void)kill(getpid(), number);
    (void)signal(number, SIG_IGN);
    cancel_die();
    return 1;
}

START_TEST(cancel_die_ends_by_the_signal)
{
    assert_killed(in_child(play_die, stops[_i]), stops[_i]);
    assert_killed(in_child(play_die_while_blocked, stops[_i]), stops[_i]);
    assert_killed(in_child(play_die_while_ignored, stops[_i]), stops[_i]);
}
END_TEST

static int play_die_surviving(int number)
{
    survives_raise = true;
    return play_die(number);
}

START_TEST(cancel_die_ends_also_where_the_signal_does_nothing)
{
    int wait_status = in_child(play_die_surviving, stops[_i]);

    ck_assert(WIFEXITED(wait_status));
    ck_assert_int_eq(WEXITSTATUS(wait_status), 128 + stops[_i]);
}
END_TEST

static int play_die_uncaught(int number)
{
    struct error err = ERROR_INIT;

    (void)number;
    cancel_die();
    (void)cancel_install(&err);
    cancel_die();
    return 0;
}

START_TEST(cancel_die_without_a_signal_returns)
{
    assert_played(in_child(play_die_uncaught, 0));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cancel");
    TCase *tcase = tcase_create("cancel");

    tcase_add_loop_test(tcase, cancel_signal_sets_flag_and_descriptor, 0, 4);
    tcase_add_loop_test(tcase, cancel_second_signal_kills_at_once, 0, 4);
    tcase_add_loop_test(tcase, cancel_ignored_signal_stays_ignored, 0, 4);
    tcase_add_test(tcase, cancel_handler_keeps_errno);
    tcase_add_loop_test(tcase, cancel_handler_interrupts_blocking_calls, 0, 4);
    tcase_add_loop_test(tcase, cancel_die_ends_by_the_signal, 0, 4);
    tcase_add_loop_test(tcase, cancel_die_ends_also_where_the_signal_does_nothing, 0, 4);
    tcase_add_test(tcase, cancel_die_without_a_signal_returns);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
