/* SPDX-License-Identifier: Apache-2.0 */
#include "check/surroundings.h"

#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

static void open_file(void)
{
    ck_assert_int_ge(open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
}

static void close_file(void)
{
    ck_assert_int_eq(close(STDIN_FILENO), 0);
}

static void *wait_for_ever(void *unused)
{
    (void)pause();
    return unused;
}

static void start_thread(void)
{
    pthread_t thread;

    ck_assert_int_eq(pthread_create(&thread, NULL, wait_for_ever, NULL), 0);
}

static void start_child(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0); /* waits to be reaped */
    ck_assert_int_gt(child, 0);
}

static void catch_signal(void)
{
    ck_assert(signal(SIGUSR1, SIG_IGN) != SIG_ERR);
}

static void block_signal(void)
{
    sigset_t mask;

    (void)sigemptyset(&mask);
    (void)sigaddset(&mask, SIGUSR2);
    ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &mask, NULL), 0);
}

static void set_variable(void)
{
    ck_assert_int_eq(setenv("NEW_ONE", "with-a-value", 1), 0);
}

static void unset_variable(void)
{
    ck_assert_int_eq(unsetenv("OLD_ONE"), 0);
}

static void change_directory(void)
{
    ck_assert_int_eq(chdir("/"), 0);
}

static void change_umask(void)
{
    (void)umask(0111);
}

static void change_locale(void)
{
    ck_assert_ptr_nonnull(setlocale(LC_NUMERIC, "C.UTF-8"));
}

static void leave_file(void)
{
    int fd = open("left", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    ck_assert_int_ge(fd, 0);
    (void)close(fd);
}

static void do_nothing(void)
{
}

static const struct {
    void (*change)(void);
    const char *found; /* the beginning */
} changes[] = {
    {do_nothing, ""},
    {open_file, "now there is: descriptor "},
    {close_file, "is gone: descriptor 0, "},
    {start_thread, "now there is: thread "},
    {start_child, "now there is: child processes "},
    {catch_signal, "now there is: no effect for signal 10"},
    {block_signal, "now there is: a mask that blocks signal 12"},
    {set_variable, "now there is: variable NEW_ONE"},
    {unset_variable, "is gone: variable OLD_ONE"},
    {change_directory, "now there is: current directory /"},
    {change_umask, "now there is: umask 111"},
    {change_locale, "now there is: locale "},
    {leave_file, "now there is: file in the current directory left"},
};

START_TEST(surroundings_compare_finds_change)
{
    struct surroundings before = SURROUNDINGS_INIT, after = SURROUNDINGS_INIT;
    auto_buf struct buf found = BUF_INIT(4096);

    ck_assert_int_eq(chdir(unit_scratch()), 0);
    ck_assert_int_eq(setenv("OLD_ONE", "a-value", 1), 0);
    ck_assert(signal(SIGUSR1, SIG_DFL) != SIG_ERR);
    surroundings_take(&before, ".");
    changes[_i].change();
    surroundings_take(&after, ".");
    surroundings_compare(&before, &after, NULL, &found);
    if (changes[_i].found[0])
        ck_assert_msg(strncmp(buf_text(&found), changes[_i].found, strlen(changes[_i].found)) == 0, "%s",
                      buf_text(&found));
    else
        ck_assert_str_eq(buf_text(&found), "");
    ck_assert_ptr_null(strstr(buf_text(&found), "a-value"));
    surroundings_release(&before);
    surroundings_release(&after);
}
END_TEST

START_TEST(surroundings_compare_spares_one_path)
{
    struct surroundings before = SURROUNDINGS_INIT, after = SURROUNDINGS_INIT;
    auto_buf struct buf found = BUF_INIT(4096);

    surroundings_take(&before, unit_scratch());
    open_file();
    surroundings_take(&after, unit_scratch());
    surroundings_compare(&before, &after, "/dev/null", &found);
    ck_assert_str_eq(buf_text(&found), "");
    surroundings_release(&before);
    surroundings_release(&after);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_surroundings");
    TCase *cases = tcase_create("cases");

    tcase_add_loop_test(cases, surroundings_compare_finds_change, 0, sizeof changes / sizeof changes[0]);
    tcase_add_test(cases, surroundings_compare_spares_one_path);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
