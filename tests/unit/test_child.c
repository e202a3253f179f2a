/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cancel.h"
#include "unit.h"

#define LONG_MS 60000
#define LARGE 300000 /* more than a pipe holds */

static void answer_text(void *context, struct buf *answer)
{
    buf_append_text(answer, context);
}

static void answer_much(void *context, struct buf *answer)
{
    (void)context;
    for (int i = 0; i < LARGE; i++)
        buf_append_char(answer, 'x');
}

static void run_out_of_room(void *context, struct buf *answer)
{
    (void)context;
    buf_append_text(answer, "half");
    answer->failed = PLEXCTL_NO_MEMORY;
}

/* Prints where nobody sees it, and reads the end of a file. */
static void use_standard_files(void *context, struct buf *answer)
{
    char byte;

    (void)context;
    buf_appendf(answer, "%d%d", (int)write(STDOUT_FILENO, "out", 3), (int)write(STDERR_FILENO, "err", 3));
    buf_appendf(answer, "%d", (int)read(STDIN_FILENO, &byte, 1));
}

static void crash(void *context, struct buf *answer)
{
    const struct rlimit no_core = {0, 0};

    (void)context, (void)answer;
    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)signal(SIGSEGV, SIG_DFL);
    (void)raise(SIGSEGV);
}

static void leave(void *context, struct buf *answer)
{
    (void)context;
    buf_append_text(answer, "half");
    _exit(0);
}

static void hang(void *context, struct buf *answer)
{
    (void)context, (void)answer;
    for (;;)
        (void)pause();
}

/* Lets go of the pipe, and goes on. */
static void hang_without_pipe(void *context, struct buf *answer)
{
    for (int fd = 3; fd < 64; fd++)
        (void)close(fd);
    hang(context, answer);
}

/* As a daemon does that forgot its descriptors */
static void start_another(void *context, struct buf *answer)
{
    if (fork() == 0)
        hang(context, answer);
    buf_append_text(answer, "started");
}

/* Both come back, and only one of them was asked. */
static void come_back_twice(void *context, struct buf *answer)
{
    (void)context;
    buf_appendf(answer, "%s", fork() == 0 ? "twice" : "once");
}

static void have_no_terminal(void *context, struct buf *answer)
{
    (void)context;
    buf_append_text(answer, getsid(0) == getpid() ? "own session" : "other session");
}

static const struct child_case {
    void (*run)(void *context, struct buf *answer);
    int limit_ms;
    bool has_answered, is_late;
    const char *answer;
} cases[] = {
    {answer_text, LONG_MS, true, false, "hello"},
    {run_out_of_room, LONG_MS, false, false, NULL},
    {come_back_twice, LONG_MS, true, false, "once"},
    {have_no_terminal, LONG_MS, true, false, "own session"},
    {use_standard_files, LONG_MS, true, false, "330"},
    {crash, LONG_MS, false, false, NULL},
    {leave, LONG_MS, false, false, NULL},
    {hang, 1, false, true, NULL},
    {hang_without_pipe, LONG_MS, false, false, NULL},
};

START_TEST(child_run_tells_how_it_ended)
{
    char text[] = "hello";
    struct child child = {.run = cases[_i].run, .context = text, .limit_ms = cases[_i].limit_ms};
    auto_buf struct buf answer = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(child_run(&child, &answer, &err), PLEXCTL_OK);
    ck_assert_int_eq(child.has_answered, cases[_i].has_answered);
    ck_assert_int_eq(child.is_late, cases[_i].is_late);
    if (cases[_i].answer)
        ck_assert_str_eq(buf_text(&answer), cases[_i].answer);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(child_run_ends_what_the_child_started)
{
    struct child child = {.run = start_another, .limit_ms = LONG_MS};
    auto_buf struct buf answer = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;
    int fds[2];
    char byte;

    ck_assert_int_eq(pipe(fds), 0);
    ck_assert_int_eq(child_run(&child, &answer, &err), PLEXCTL_OK);
    ck_assert(child.has_answered && !child.is_late);
    ck_assert_str_eq(buf_text(&answer), "started");
    ck_assert_int_eq(close(fds[1]), 0);
    struct pollfd end = {.fd = fds[0], .events = POLLIN};
    ck_assert_int_eq(poll(&end, 1, LONG_MS), 1);
    ck_assert_int_eq(read(fds[0], &byte, 1), 0); /* nobody has the other end any more */
    (void)close(fds[0]);
}
END_TEST

START_TEST(child_run_of_a_crash_names_the_signal)
{
    struct child child = {.run = crash, .limit_ms = LONG_MS};
    auto_buf struct buf answer = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(child_run(&child, &answer, &err), PLEXCTL_OK);
    ck_assert(WIFSIGNALED(child.how) && WTERMSIG(child.how) == SIGSEGV);
}
END_TEST

START_TEST(child_run_takes_an_answer_larger_than_a_pipe)
{
    struct child child = {.run = answer_much, .limit_ms = LONG_MS};
    auto_buf struct buf answer = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(child_run(&child, &answer, &err), PLEXCTL_OK);
    ck_assert(child.has_answered);
    ck_assert_uint_eq(answer.len, LARGE);
}
END_TEST

START_TEST(child_run_refuses_an_answer_over_the_buffers_maximum)
{
    struct child child = {.run = answer_much, .limit_ms = LONG_MS};
    auto_buf struct buf answer = BUF_INIT(100);
    struct error err = ERROR_INIT;

    ck_assert_int_eq(child_run(&child, &answer, &err), PLEXCTL_FAILED);
    ck_assert(!child.has_answered);
}
END_TEST

/* In a child, since a caught signal is for good. */
static _Noreturn void run_cancelled(void)
{
    struct child child = {.run = hang, .limit_ms = LONG_MS};
    struct buf answer = BUF_INIT(SIZE_MAX / 2);
    struct error err = ERROR_INIT;

    if (cancel_install(&err) != PLEXCTL_OK)
        _exit(2);
    (void)raise(SIGINT);
    if (child_run(&child, &answer, &err) != PLEXCTL_CANCELLED)
        _exit(1);
    _exit(waitpid(-1, NULL, WNOHANG) == -1 ? 0 : 3);
}

START_TEST(child_run_ends_by_signal_and_leaves_no_process)
{
    int how = 0;
    pid_t process = fork();

    if (process == 0)
        run_cancelled();
    ck_assert_int_gt(process, 0);
    ck_assert_int_eq(waitpid(process, &how, 0), process);
    ck_assert_int_eq(how, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("child");
    TCase *tests = tcase_create("child");

    tcase_add_loop_test(tests, child_run_tells_how_it_ended, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tests, child_run_ends_what_the_child_started);
    tcase_add_test(tests, child_run_of_a_crash_names_the_signal);
    tcase_add_test(tests, child_run_takes_an_answer_larger_than_a_pipe);
    tcase_add_test(tests, child_run_refuses_an_answer_over_the_buffers_maximum);
    tcase_add_test(tests, child_run_ends_by_signal_and_leaves_no_process);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
