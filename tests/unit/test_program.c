/* SPDX-License-Identifier: Apache-2.0
 *
 * A shell stands for the program, and leaves what it was given in `report`.
 */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

static void set_up(void)
{
    ck_assert_int_eq(chdir(unit_scratch()), 0);
    ck_assert_int_eq(setenv("PLEXSPHERE_TOKEN", "canary", 1), 0);
    ck_assert_int_eq(setenv("OURS", "old", 1), 0);
    (void)signal(SIGPIPE, SIG_IGN); /* as main does */
}

static void tear_down(void)
{
    ck_assert_int_eq(chdir("/"), 0);
}

static int start(char *script, int input_fd, pid_t *ret_process)
{
    static char shell[] = "sh", option[] = "-c";
    char *const words[] = {shell, option, script, NULL};
    const struct program program = {"/bin/sh", words, "OURS=new", input_fd};

    return program_start(&program, ret_process);
}

static const char *report(void)
{
    static char text[65536];
    int fd = open("report", O_RDONLY | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    ssize_t count = read(fd, text, sizeof text - 1);
    ck_assert_int_ge(count, 0);
    text[count] = '\0';
    ck_assert_int_eq(close(fd), 0);
    return text;
}

START_TEST(program_start_gives_an_environment_without_token)
{
    static char script[] = "env >report; exit 7";
    pid_t process;

    ck_assert_int_eq(start(script, PROGRAM_ON_NULL, &process), 0);
    int how = program_wait(process);
    ck_assert(WIFEXITED(how) && WEXITSTATUS(how) == 7);
    ck_assert_ptr_null(strstr(report(), "canary"));
    ck_assert_ptr_null(strstr(report(), "OURS=old"));
    ck_assert_ptr_nonnull(strstr(report(), "OURS=new\n"));
    ck_assert_ptr_nonnull(strstr(report(), "PATH="));
}
END_TEST

START_TEST(program_start_gives_standard_descriptors_only)
{
    static char on_null[] = "links=$(readlink /proc/$$/fd/[012]); echo \"$links\" >report; "
                            "test -e /proc/$$/fd/9 || echo none >>report";
    static char on_pipe[] = "read line; echo \"$line\" >report; test -e /proc/$$/fd/9 || echo none >>report";
    int fds[2];
    pid_t process;

    ck_assert_int_eq(dup2(STDERR_FILENO, 9), 9); /* as an inherited one is */
    ck_assert_int_eq(start(on_null, PROGRAM_ON_NULL, &process), 0);
    ck_assert_int_eq(program_wait(process), 0);
    ck_assert_str_eq(report(), "/dev/null\n/dev/null\n/dev/null\nnone\n");
    ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
    ck_assert_int_eq(write(fds[1], "given\n", 6), 6);
    ck_assert_int_eq(start(on_pipe, fds[0], &process), 0);
    ck_assert_int_eq(program_wait(process), 0);
    ck_assert_str_eq(report(), "given\nnone\n");
    ck_assert_int_eq(close(fds[0]) | close(fds[1]) | close(9), 0);
}
END_TEST

START_TEST(program_start_gives_signals_as_usual)
{
    static char script[] = "grep -E '^Sig(Blk|Ign)' /proc/self/status >report";
    sigset_t held, before;
    pid_t process;

    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGTERM);
    ck_assert_int_eq(sigprocmask(SIG_BLOCK, &held, &before), 0);
    ck_assert_int_eq(start(script, PROGRAM_ON_NULL, &process), 0);
    ck_assert_int_eq(program_wait(process), 0);
    ck_assert_int_eq(sigprocmask(SIG_SETMASK, &before, NULL), 0);
    ck_assert_ptr_nonnull(strstr(report(), "SigBlk:\t0000000000000000\n"));
    unsigned long ignored = strtoul(strstr(report(), "SigIgn:\t") + strlen("SigIgn:\t"), NULL, 16);
    ck_assert_uint_eq(ignored & (1UL << (SIGPIPE - 1)), 0);
}
END_TEST

START_TEST(program_that_cannot_be_executed_is_an_errno)
{
    static char word[] = "x";
    char *const words[] = {word, NULL};
    const struct program absent = {"/no/such/program", words, NULL, PROGRAM_ON_NULL};
    const struct program no_program = {"/etc/passwd", words, NULL, PROGRAM_ON_NULL};
    pid_t process;

    if (unit_skips_under_valgrind("a program that cannot be executed: valgrind's posix_spawn does not tell"))
        return;
    ck_assert_int_eq(program_start(&absent, &process), ENOENT);
    ck_assert_int_eq(program_detach(&absent), ENOENT);
    ck_assert_int_eq(program_detach(&no_program), EACCES);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}
END_TEST

START_TEST(program_detach_leaves_no_child)
{
    static char shell[] = "sh", option[] = "-c", script[] = "cut -d' ' -f6 /proc/$$/stat >report; : <fifo";
    char *const words[] = {shell, option, script, NULL};
    const struct program program = {"/bin/sh", words, NULL, PROGRAM_ON_NULL};

    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    ck_assert_int_eq(program_detach(&program), 0);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
    int fd = open("fifo", O_WRONLY | O_CLOEXEC); /* which waits for it */
    ck_assert_int_ge(fd, 0);
    ck_assert_int_ne(strtol(report(), NULL, 10), getsid(0));
    ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(program_find_takes_absolute_directories)
{
    char path[PATH_MAX] = "";
    int fd = open("tool", O_CREAT | O_WRONLY | O_CLOEXEC, 0755);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(close(fd), 0);
    ck_assert_int_eq(setenv("PATH", ".::/nowhere", 1), 0);
    ck_assert(!program_find("tool", path));
    ck_assert(!program_find("./tool", path));
    ck_assert_int_eq(setenv("PATH", ".:/nowhere:/bin", 1), 0);
    ck_assert(program_find("sh", path));
    ck_assert_str_eq(path, "/bin/sh");
    ck_assert(program_find("/bin/sh", path));
    ck_assert(!program_find("/bin", path));
    ck_assert_int_eq(setenv("PATH", "/", 1), 0);
    ck_assert(!program_find("bin", path));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("program");
    TCase *tests = tcase_create("program");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, program_start_gives_an_environment_without_token);
    tcase_add_test(tests, program_start_gives_standard_descriptors_only);
    tcase_add_test(tests, program_start_gives_signals_as_usual);
    tcase_add_test(tests, program_that_cannot_be_executed_is_an_errno);
    tcase_add_test(tests, program_detach_leaves_no_child);
    tcase_add_test(tests, program_find_takes_absolute_directories);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
