/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages and questions, on a pseudo-terminal.
 */
#include "output.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "pty_fixture.h"

/* As on a terminal that has no colours; COLUMNS would stand above the terminal's own. */
static void set_up(void)
{
    ck_assert_int_eq(setenv("TERM", "xterm", 1), 0);
    ck_assert_int_eq(setenv("NO_COLOR", "1", 1), 0);
    ck_assert_int_eq(unsetenv("COLUMNS"), 0);
}

START_TEST(output_message_is_coloured_where_it_may_be)
{
    struct pty terminal;

    ck_assert_int_eq(unsetenv("NO_COLOR"), 0);
    pty_open(&terminal, 80, 24);
    int saved = capture_replace(STDERR_FILENO, terminal.slave);
    output_warning("w");
    output_error("e\x1b[0m");
    output_debug("d");
    capture_restore(STDERR_FILENO, saved);
    ck_assert_str_eq(pty_close(&terminal), "\033[33mplexctl: warning:\033[0m w\n"
                                           "\033[31mplexctl:\033[0m e\\x1b[0m\n"
                                           "plexctl: debug: d\n");
}
END_TEST

/* Never inside a word. */
START_TEST(output_on_a_narrow_terminal_is_broken_between_words)
{
    struct pty terminal;
    struct error err = ERROR_INIT;

    ck_assert_int_eq(unsetenv("NO_COLOR"), 0);
    pty_open(&terminal, 20, 24);
    int saved_stderr = capture_replace(STDERR_FILENO, terminal.slave);
    int saved_stdout = capture_replace(STDOUT_FILENO, terminal.slave);
    output_warning("a bb ccc");
    output_error("https://cp.example.com/device is far");
    plexctl_status status = output_line("open https://cp.example.com/device in a browser", &err);
    capture_restore(STDOUT_FILENO, saved_stdout);
    capture_restore(STDERR_FILENO, saved_stderr);
    ck_assert_int_eq(status, PLEXCTL_OK);
    ck_assert_str_eq(pty_close(&terminal), "\033[33mplexctl: warning:\033[0m a\nbb ccc\n"
                                           "\033[31mplexctl:\033[0m\nhttps://cp.example.com/device\nis far\n"
                                           "open\nhttps://cp.example.com/device\nin a browser\n");
}
END_TEST

/* Confirmation */

static plexctl_status ask(const char *typed, int stop_fd, const char **ret_shown, struct error *err)
{
    static struct pty terminal;

    pty_open(&terminal, 80, 24);
    ck_assert_int_eq(write(terminal.master, typed, strlen(typed)), (ssize_t)strlen(typed));
    int saved_stdin = capture_replace(STDIN_FILENO, terminal.slave);
    int saved_stderr = capture_replace(STDERR_FILENO, terminal.slave);
    plexctl_status status = output_confirm("Remove \x1b[1mit?", false, stop_fd, err);
    capture_restore(STDERR_FILENO, saved_stderr);
    capture_restore(STDIN_FILENO, saved_stdin);
    *ret_shown = pty_close(&terminal);
    return status;
}

static const struct answer_case {
    const char *typed;
    plexctl_status status;
} answers[] = {
    {"y\n", PLEXCTL_OK},
    {"Y\n", PLEXCTL_OK},
    {"yes\n", PLEXCTL_OK},
    {" YES \n", PLEXCTL_OK},
    {"n\n", PLEXCTL_FAILED},
    {"\n", PLEXCTL_FAILED},
    {"\x04", PLEXCTL_FAILED},
    {"yes please\n", PLEXCTL_FAILED},
    {"yesterday\n", PLEXCTL_FAILED},
    {"no yes\n", PLEXCTL_FAILED},
    {"y n\n", PLEXCTL_FAILED},
};

START_TEST(output_confirm_by_answer)
{
    struct error err = ERROR_INIT;
    const char *shown;

    ck_assert_int_eq(ask(answers[_i].typed, -1, &shown, &err), answers[_i].status);
    ck_assert_int_eq(strncmp(shown, "Remove \\x1b[1mit? [y/N] ", strlen("Remove \\x1b[1mit? [y/N] ")), 0);
    ck_assert_int_eq(err.text[0] != '\0', answers[_i].status != PLEXCTL_OK);
}
END_TEST

START_TEST(output_confirm_of_overlong_answer_is_no)
{
    static char typed[2000];
    struct error err = ERROR_INIT;
    const char *shown;

    memset(typed, ' ', sizeof typed - 3);
    typed[sizeof typed - 3] = 'y';
    typed[sizeof typed - 2] = '\n';
    ck_assert_int_eq(ask(typed, -1, &shown, &err), PLEXCTL_FAILED);
}
END_TEST

START_TEST(output_confirm_is_cancelled_while_it_waits)
{
    struct error err = ERROR_INIT;
    const char *shown;
    int fds[2];

    ck_assert_int_eq(pipe(fds), 0);
    ck_assert_int_eq(write(fds[1], "x", 1), 1);
    ck_assert_int_eq(ask("", fds[0], &shown, &err), PLEXCTL_CANCELLED);
    ck_assert_ptr_nonnull(strchr(shown, '\n'));
    (void)close(fds[0]);
    (void)close(fds[1]);
}
END_TEST

START_TEST(output_confirm_by_flag_asks_nothing)
{
    struct capture capture;
    struct error err = ERROR_INIT;

    capture_start(&capture, STDERR_FILENO);
    plexctl_status status = output_confirm("Remove it?", true, -1, &err);
    ck_assert_str_eq(capture_end(&capture), "");
    ck_assert_int_eq(status, PLEXCTL_OK);
}
END_TEST

/* 0: no terminal at all; 1: only stdin is one; 2: only stderr is one. */
START_TEST(output_confirm_without_terminal_names_the_flag)
{
    struct pty terminal;
    struct error err = ERROR_INIT;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    pty_open(&terminal, 80, 24);
    int saved_stdin = capture_replace(STDIN_FILENO, _i == 1 ? terminal.slave : null);
    int saved_stderr = capture_replace(STDERR_FILENO, _i == 2 ? terminal.slave : null);
    plexctl_status status = output_confirm("Remove it?", false, -1, &err);
    capture_restore(STDERR_FILENO, saved_stderr);
    capture_restore(STDIN_FILENO, saved_stdin);
    (void)close(null);
    ck_assert_str_eq(pty_close(&terminal), "");
    ck_assert_int_eq(status, PLEXCTL_USAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "--yes"));
    ck_assert_ptr_nonnull(strstr(err.text, "Remove it?"));
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("output_terminal");
    TCase *tests = tcase_create("terminal");

    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_test(tests, output_message_is_coloured_where_it_may_be);
    tcase_add_test(tests, output_on_a_narrow_terminal_is_broken_between_words);
    tcase_add_loop_test(tests, output_confirm_by_answer, 0, COUNT(answers));
    tcase_add_test(tests, output_confirm_of_overlong_answer_is_no);
    tcase_add_test(tests, output_confirm_is_cancelled_while_it_waits);
    tcase_add_test(tests, output_confirm_by_flag_asks_nothing);
    tcase_add_loop_test(tests, output_confirm_without_terminal_names_the_flag, 0, 3);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
