/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture.h"
#include "output.h"
#include "pty_fixture.h"

static void set_up(void)
{
    ck_assert_int_eq(setenv("TERM", "xterm", 1), 0);
    ck_assert_int_eq(setenv("NO_COLOR", "1", 1), 0);
    ck_assert_int_eq(unsetenv("COLUMNS"), 0);
}

START_TEST(progress_on_terminal_is_replaced_and_removed)
{
    struct pty terminal;
    struct capture capture;
    struct error err = ERROR_INIT;

    pty_open(&terminal, 80, 24);
    int saved = capture_replace(STDERR_FILENO, terminal.slave);
    capture_start(&capture, STDOUT_FILENO);
    progress_show(NULL);
    progress_show("waiting 1");
    progress_show("waiting\n2");
    output_warning("w");
    progress_show("waiting 3");
    output_error("e");
    progress_show("waiting 4");
    plexctl_status status = output_line("done", &err);
    progress_show(NULL);
    (void)capture_end(&capture);
    capture_restore(STDERR_FILENO, saved);
    ck_assert_int_eq(status, PLEXCTL_OK);
    ck_assert_str_eq(pty_close(&terminal), "\r\033[Kwaiting 1\r\033[Kwaiting\\x0a2\r\033[Kplexctl: warning: w\n"
                                           "\r\033[Kwaiting 3\r\033[Kplexctl: e\n"
                                           "\r\033[Kwaiting 4\r\033[K");
}
END_TEST

/* With room for "^C", which the terminal writes behind it. */
START_TEST(progress_wider_than_terminal_is_cut)
{
    struct pty terminal;

    ck_assert_int_eq(setenv("COLUMNS", "100", 1), 0); /* as it was before the window was made narrow */
    pty_open(&terminal, 10, 24);
    int saved = capture_replace(STDERR_FILENO, terminal.slave);
    progress_show("0123456789abcdef");
    progress_show("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9");
    progress_show(NULL);
    capture_restore(STDERR_FILENO, saved);
    ck_assert_str_eq(pty_close(&terminal), "\r\033[K01234567"
                                           "\r\033[K\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                                           "\r\033[K");
}
END_TEST

START_TEST(progress_without_terminal_writes_nothing)
{
    struct capture capture;

    capture_start(&capture, STDERR_FILENO);
    progress_show("waiting");
    progress_show(NULL);
    ck_assert_str_eq(capture_end(&capture), "");
}
END_TEST

START_TEST(progress_on_dumb_terminal_writes_nothing)
{
    struct pty terminal;

    ck_assert_int_eq(setenv("TERM", "dumb", 1), 0);
    pty_open(&terminal, 80, 24);
    int saved = capture_replace(STDERR_FILENO, terminal.slave);
    progress_show("waiting");
    output_warning("w");
    progress_show(NULL);
    capture_restore(STDERR_FILENO, saved);
    ck_assert_str_eq(pty_close(&terminal), "plexctl: warning: w\n");
}
END_TEST

/* Job control: a session leader, on its controlling terminal, with one job. */

static _Noreturn void play_job(int terminal)
{
    (void)signal(SIGTSTP, SIG_DFL); /* which may have been ignored from the start */
    (void)dup2(terminal, STDERR_FILENO);
    (void)raise(SIGSTOP); /* until it is in the foreground */
    progress_show("waiting");
    (void)raise(SIGTSTP);
    progress_show(progress_is_possible() ? "again" : "background");
    output_warning("w");
    progress_show(NULL);
    _exit(0);
}

static bool has_stopped_by(pid_t job, int number)
{
    int status = 0;

    return waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status) && WSTOPSIG(status) == number;
}

static int play_shell(int terminal, bool goes_on_in_background)
{
    int status = 0;

    (void)signal(SIGTTOU, SIG_IGN);
    if (setsid() < 0 || ioctl(terminal, TIOCSCTTY, 0) != 0)
        return 1;
    pid_t job = fork();
    if (job == 0)
        play_job(terminal);
    if (job < 0 || setpgid(job, job) != 0 || !has_stopped_by(job, SIGSTOP))
        return 2;
    if (tcsetpgrp(terminal, job) != 0 || kill(job, SIGCONT) != 0 || !has_stopped_by(job, SIGTSTP))
        return 3;
    if (tcsetpgrp(terminal, getpgrp()) != 0 || write(terminal, "$ ", 2) != 2)
        return 4;
    if (!goes_on_in_background && tcsetpgrp(terminal, job) != 0)
        return 5;
    if (kill(job, SIGCONT) != 0 || waitpid(job, &status, 0) != job)
        return 6;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 7;
}

#define CLEAR "\r\033[K"

static const struct job_case {
    bool goes_on_in_background;
    const char *written;
} jobs[] = {{false, CLEAR "waiting" CLEAR "$ " CLEAR "waiting" CLEAR "again" CLEAR "plexctl: warning: w\n"},
            {true, CLEAR "waiting" CLEAR "$ plexctl: warning: w\n"}};

START_TEST(progress_is_the_foregrounds_and_leaves_no_trace_of_a_stop)
{
    struct pty terminal;
    int status = 0;

    if (unit_skips_under_valgrind("job control: valgrind delivers signals in its own way"))
        return;
    pty_open(&terminal, 80, 24);
    pid_t shell = fork();
    ck_assert_int_ge(shell, 0);
    if (shell == 0)
        _exit(play_shell(terminal.slave, jobs[_i].goes_on_in_background));
    ck_assert_int_eq(waitpid(shell, &status, 0), shell);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "wait status %#x", (unsigned)status);
    ck_assert_str_eq(pty_close(&terminal), jobs[_i].written);
}
END_TEST

/* 0: by default; 1: ignored, as under a shell without job control; and no handler is left without a line. */
START_TEST(progress_leaves_the_signal_as_it_was)
{
    struct pty terminal;
    struct sigaction with, without;

    (void)signal(SIGTSTP, _i ? SIG_IGN : SIG_DFL);
    pty_open(&terminal, 80, 24);
    int saved = capture_replace(STDERR_FILENO, terminal.slave);
    progress_show("waiting");
    (void)sigaction(SIGTSTP, NULL, &with);
    progress_show(NULL);
    (void)sigaction(SIGTSTP, NULL, &without);
    capture_restore(STDERR_FILENO, saved);
    (void)pty_close(&terminal);
    (void)signal(SIGTSTP, SIG_DFL);
    ck_assert_int_eq(with.sa_handler == SIG_IGN, _i == 1);
    ck_assert(without.sa_handler == (_i ? SIG_IGN : SIG_DFL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("progress");
    TCase *tests = tcase_create("progress");

    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_test(tests, progress_on_terminal_is_replaced_and_removed);
    tcase_add_test(tests, progress_wider_than_terminal_is_cut);
    tcase_add_test(tests, progress_without_terminal_writes_nothing);
    tcase_add_test(tests, progress_on_dumb_terminal_writes_nothing);
    tcase_add_loop_test(tests, progress_is_the_foregrounds_and_leaves_no_trace_of_a_stop, 0, 2);
    tcase_add_loop_test(tests, progress_leaves_the_signal_as_it_was, 0, 2);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
