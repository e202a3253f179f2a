/* SPDX-License-Identifier: Apache-2.0
 *
 * What is said of a plugin at fault, and how the process ends: each scene in a process of its own.
 */
#include "plugin_fault.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "capture.h"

static const struct plexctl_note note = {.command = "hello", .version = "1.2.3"};

#define WHO "plugin \"hello\" 1.2.3 (/p/hello.so) "
#define AUTHOR "; report this fault of the plugin to its author"

static void load(void)
{
    plugin_fault_loading(&note, "/p/hello.so", false);
}

/* Words */

START_TEST(plugin_fault_set_names_plugin_version_file_and_command)
{
    struct error err = ERROR_INIT;

    load();
    ck_assert_int_eq(plugin_fault_set(&err, PLEXCTL_INVALID, "was odd", NULL), PLEXCTL_INVALID);
    ck_assert_str_eq(err.text, WHO "was odd while being loaded" AUTHOR);
    plugin_fault_running("hello", NULL);
    (void)plugin_fault_set(&err, PLEXCTL_FAILED, "was odd", "it sang");
    ck_assert_str_eq(err.text, WHO "was odd while running `plexctl hello`: it sang" AUTHOR);
    plugin_fault_running("hello", "world");
    plugin_fault_returned();
    (void)plugin_fault_set(&err, PLEXCTL_FAILED, "was odd", NULL);
    ck_assert_str_eq(err.text, WHO "was odd while running `plexctl hello world`" AUTHOR);
    plugin_fault_loading(&note, "/p/hello.so", true);
    plugin_fault_returned();
    (void)plugin_fault_set(&err, PLEXCTL_FAILED, "was odd", NULL);
    ck_assert_str_eq(err.text, WHO "was odd while being loaded; report this fault of plexctl");
}
END_TEST

/* However long the words are, the line has its end. */
START_TEST(plugin_fault_set_cuts_path_and_reason)
{
    static char path[4096], why[4096];
    struct error err = ERROR_INIT;
    const char *shown;

    memset(path, 'p', sizeof path - 1);
    memset(why, 'w', sizeof why - 1);
    path[0] = '\n';
    plugin_fault_loading(&note, path, false);
    plugin_fault_returned();
    (void)plugin_fault_set(&err, PLEXCTL_FAILED, "was odd", why);
    shown = strstr(err.text, "...) was odd while being loaded: wwww");
    ck_assert_msg(shown && strncmp(err.text, "plugin \"hello\" 1.2.3 (\\x0appp", 28) == 0, "%s", err.text);
    ck_assert_str_eq(err.text + strlen(err.text) - strlen("www..." AUTHOR), "www..." AUTHOR);
}
END_TEST

/* Ends */

static void crash(void)
{
    (void)raise(SIGSEGV);
}

static void crash_by(int number)
{
    (void)number;
    crash();
}

static void crash_while_loaded(void)
{
    load();
    crash();
}

static void abort_while_run(void)
{
    load();
    plugin_fault_returned();
    plugin_fault_running("hello", NULL);
    abort();
}

static void crash_after_it_returned(void)
{
    load();
    plugin_fault_running("hello", NULL);
    plugin_fault_returned();
    crash();
}

static void exit_while_run(void)
{
    load();
    plugin_fault_running("hello", NULL);
    exit(0);
}

/* 0 where the child's exit is its own. */
static void exit_in_a_fork(void)
{
    int how = -1;

    load();
    plugin_fault_running("hello", NULL);
    pid_t child = fork();
    if (child == 0)
        exit(7);
    (void)waitpid(child, &how, 0);
    plugin_fault_returned();
    exit(WIFEXITED(how) && WEXITSTATUS(how) == 7 ? 0 : 1);
}

static void quick_exit_in_a_fork(void)
{
    int how = -1;

    load();
    pid_t child = fork();
    if (child == 0)
        quick_exit(7);
    (void)waitpid(child, &how, 0);
    _exit(WIFEXITED(how) && WEXITSTATUS(how) == 7 ? 0 : 1);
}

static void exit_after_it_returned(void)
{
    load();
    plugin_fault_running("hello", NULL);
    plugin_fault_returned();
    exit(7);
}

static void crash_ignored(void)
{
    load();
    plugin_fault_ignore();
    crash();
}

static void exit_ignored(void)
{
    plugin_fault_ignore();
    load();
    exit(7);
}

static void be_crashed_by_another(void)
{
    load();
    pid_t self = getpid(), child = fork();
    if (child == 0) {
        /* Ended with it, and so before its number can be another process's. */
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != self)
            _exit(0);
        /* Again and again: valgrind does not wake a process for one that came just before it slept. */
        for (;;)
            (void)kill(self, SIGSEGV);
    }
    for (;;)
        (void)pause();
}

static void leave_with_9(int number)
{
    (void)number;
    _exit(9);
}

static void crash_with_a_handler_of_another(void)
{
    (void)signal(SIGSEGV, leave_with_9);
    load();
    crash();
}

static void crash_by_atexit(void)
{
    load();
    (void)atexit(crash);
    exit(0);
}

/* Without an end to it, the second report would wait for the first. */
static void crash_in_a_report(void)
{
    int fds[2];

    if (pipe(fds) != 0 || dup2(fds[1], STDERR_FILENO) < 0 || close(fds[0]) != 0)
        _exit(98);
    (void)signal(SIGPIPE, crash_by);
    load();
    exit(0);
}

static const struct scene {
    void (*play)(void);
    int code, number;
    const char *said;
} scenes[] = {
    {crash_while_loaded, 1, 0, "plexctl: " WHO "crashed by SIGSEGV while being loaded" AUTHOR "\n"},
    {abort_while_run, 1, 0, "plexctl: " WHO "crashed by SIGABRT while running `plexctl hello`" AUTHOR "\n"},
    {crash_after_it_returned, 1, 0, "plexctl: " WHO "crashed by SIGSEGV after running `plexctl hello`" AUTHOR "\n"},
    {exit_while_run, 1, 0,
     "plexctl: " WHO "ended the process with exit code 0 while running `plexctl hello`" AUTHOR "\n"},
    {crash_by_atexit, 1, 0, "plexctl: " WHO "crashed by SIGSEGV while being loaded" AUTHOR "\n"},
    {crash_in_a_report, 1, 0, ""},
    {exit_after_it_returned, 7, 0, ""},
    {exit_in_a_fork, 0, 0, ""},
    {quick_exit_in_a_fork, 0, 0, ""},
    {crash_ignored, 0, SIGSEGV, ""},
    {exit_ignored, 7, 0, ""},
    {be_crashed_by_another, 0, SIGSEGV, ""},
    {crash_with_a_handler_of_another, 9, 0, ""},
};

/* As a program begins, without what a sanitizer has put there. */
static _Noreturn void play_from_the_start(const struct scene *scene)
{
    static const int numbers[] = {SIGSEGV, SIGABRT};
    const struct rlimit no_core = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &no_core);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        (void)signal(numbers[i], SIG_DFL);
    scene->play();
    _exit(99);
}

START_TEST(plugin_fault_ends_the_process_with_one_line)
{
    const struct scene *scene = &scenes[_i];
    static struct capture capture;
    int how = 0;

    capture_start(&capture, STDERR_FILENO);
    pid_t child = fork();
    if (child == 0)
        play_from_the_start(scene);
    pid_t ended = waitpid(child, &how, 0);
    ck_assert_str_eq(capture_end(&capture), scene->said);
    ck_assert_int_eq(ended, child);
    ck_assert_int_eq(WIFSIGNALED(how) ? WTERMSIG(how) : 0, scene->number);
    ck_assert_int_eq(WIFEXITED(how) ? WEXITSTATUS(how) : 0, scene->code);
    ck_assert(!WCOREDUMP(how));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plugin_fault");
    TCase *tests = tcase_create("plugin_fault");

    /* First those that need the process as it was. */
    tcase_add_loop_test(tests, plugin_fault_ends_the_process_with_one_line, 0, (int)(sizeof scenes / sizeof scenes[0]));
    tcase_add_test(tests, plugin_fault_set_names_plugin_version_file_and_command);
    tcase_add_test(tests, plugin_fault_set_cuts_path_and_reason);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
