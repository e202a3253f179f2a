/* SPDX-License-Identifier: Apache-2.0
 *
 * On a terminal of 80 columns and 5 lines; pagers are lines for the shell.
 */
#include "pager.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cancel.h"
#include "capture.h"
#include "pty_fixture.h"

#define FITS "1\n2\n3\n4\n"
#define LONGER "1\n2\n3\n4\n5\n"

static char *path_before;

static void set_up(void)
{
    static const char *const unset[] = {"PLEXCTL_PAGER", "PAGER", "LESS", "LINES", "COLUMNS", "PLEXSPHERE_TOKEN"};

    for (size_t i = 0; i < sizeof unset / sizeof unset[0]; i++)
        ck_assert_int_eq(unsetenv(unset[i]), 0);
    ck_assert_int_eq(setenv("TERM", "xterm", 1), 0);
    (void)signal(SIGPIPE, SIG_IGN); /* as main does */
    ck_assert_int_eq(chdir(unit_scratch()), 0);
    path_before = strdup(getenv("PATH"));
    ck_assert_ptr_nonnull(path_before);
}

/* For the next test, where Check does not fork. */
static void tear_down(void)
{
    ck_assert_int_eq(setenv("PATH", path_before, 1), 0);
    free(path_before);
    ck_assert_int_eq(chdir("/"), 0);
}

/* What the terminal shows. */
static const char *page(const char *text, size_t len, plexctl_status *ret_status)
{
    static struct pty pty;
    struct error err = ERROR_INIT;

    pty_open(&pty, 80, 5);
    int saved = capture_replace(STDOUT_FILENO, pty.slave);
    *ret_status = pager_write(text, len, &err);
    capture_restore(STDOUT_FILENO, saved);
    return pty_close(&pty);
}

static const char *read_file(const char *name)
{
    static char text[65536];
    int fd = open(name, O_RDONLY | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    ssize_t count = read(fd, text, sizeof text - 1);
    ck_assert_int_ge(count, 0);
    text[count] = '\0';
    ck_assert_int_eq(close(fd), 0);
    return text;
}

static void set_variable(const char *name, const char *value)
{
    if (value)
        ck_assert_int_eq(setenv(name, value, 1), 0);
}

#define MARK "sed s/^/paged./"
#define PAGED "paged.1\npaged.2\npaged.3\npaged.4\npaged.5\n"

static const struct page_case {
    const char *own, *usual, *path, *terminal; /* PLEXCTL_PAGER, PAGER, PATH, TERM; NULL for as it is */
    const char *text, *shown;
} pages[] = {
    {MARK, NULL, NULL, NULL, LONGER, PAGED},
    {MARK, "false", NULL, NULL, LONGER, PAGED},
    {NULL, MARK, NULL, NULL, LONGER, PAGED},
    {MARK, NULL, NULL, "dumb", LONGER, PAGED},
    {MARK, NULL, NULL, NULL, FITS, FITS},
    {"", MARK, NULL, NULL, LONGER, LONGER},
    {"cat", MARK, NULL, NULL, LONGER, LONGER},
    {NULL, "cat", NULL, NULL, LONGER, LONGER},
    {NULL, "", NULL, NULL, LONGER, LONGER},
    {NULL, NULL, "/nowhere", NULL, LONGER, LONGER}, /* where there is no less */
    {NULL, NULL, NULL, "dumb", LONGER, LONGER},
    {NULL, MARK, NULL, "dumb", LONGER, LONGER},
    {"no-such-pager-of-anyone 2>/dev/null", NULL, NULL, NULL, LONGER, LONGER},
    {"exec /etc/passwd 2>/dev/null", NULL, NULL, NULL, LONGER, LONGER},
    {MARK "; exit 3", NULL, NULL, NULL, LONGER, PAGED},
    {"head -n 2", NULL, NULL, NULL, LONGER, "1\n2\n"},
    {"kill $$", NULL, NULL, NULL, LONGER, ""},
};

START_TEST(pager_write_by_variables)
{
    const struct page_case *c = &pages[_i];
    plexctl_status status;

    set_variable("PLEXCTL_PAGER", c->own);
    set_variable("PAGER", c->usual);
    set_variable("PATH", c->path);
    set_variable("TERM", c->terminal);
    ck_assert_str_eq(page(c->text, strlen(c->text), &status), c->shown);
    ck_assert_int_eq(status, PLEXCTL_OK);
}
END_TEST

START_TEST(pager_write_without_terminal_starts_none)
{
    struct capture capture;
    struct error err = ERROR_INIT;

    set_variable("PLEXCTL_PAGER", MARK);
    capture_start(&capture, STDOUT_FILENO);
    plexctl_status status = pager_write(LONGER, strlen(LONGER), &err);
    ck_assert_str_eq(capture_end(&capture), LONGER);
    ck_assert_int_eq(status, PLEXCTL_OK);
}
END_TEST

static const struct less_case {
    const char *less, *shown;
} lesses[] = {{NULL, "FRX\n"}, {"-S", "-R -S\n"}, {"", "-R \n"}};

START_TEST(pager_has_less_behind_ours_or_our_options)
{
    plexctl_status status;

    set_variable("LESS", lesses[_i].less);
    set_variable("PLEXCTL_PAGER", "cat >/dev/null; echo \"$LESS\" >less");
    ck_assert_str_eq(page(LONGER, strlen(LONGER), &status), "");
    ck_assert_str_eq(read_file("less"), lesses[_i].shown);
}
END_TEST

/* The writing end of its pipe would keep it from its end. */
START_TEST(pager_gets_neither_descriptors_nor_token)
{
    int held = open("held", O_RDWR | O_CREAT, 0600); /* as an inherited one is */
    plexctl_status status;

    set_variable("PLEXSPHERE_TOKEN", "canary-canary-canary");
    set_variable("PLEXCTL_PAGER", "ls -l /proc/$$/fd >fds; env >env; cat >/dev/null");
    (void)page(LONGER, strlen(LONGER), &status);
    ck_assert_ptr_nonnull(strstr(read_file("fds"), " 0 -> pipe:"));
    ck_assert_ptr_null(strstr(read_file("fds"), "held"));
    ck_assert_ptr_null(strstr(read_file("env"), "canary"));
    ck_assert_ptr_nonnull(strstr(read_file("env"), "TERM=xterm"));
    ck_assert_int_eq(close(held), 0);
}
END_TEST

START_TEST(pager_that_has_seen_enough_ends_the_writing)
{
    static char text[1 << 20];
    plexctl_status status;

    memset(text, '\n', sizeof text);
    set_variable("PLEXCTL_PAGER", "true");
    ck_assert_str_eq(page(text, sizeof text, &status), "");
    ck_assert_int_eq(status, PLEXCTL_OK);
}
END_TEST

/* Twice, as from impatient hands: a second one kills where plexctl is not waiting for a pager. */
START_TEST(pager_is_waited_for_after_a_signal)
{
    static const char *const signals[] = {"INT", "TERM", "HUP"};
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct error err = ERROR_INIT;
    plexctl_status status;
    char command[128];

    (void)signal(numbers[_i], SIG_DFL); /* nohup has SIGHUP ignored, and so it stays */
    ck_assert_int_eq(cancel_install(&err), PLEXCTL_OK);
    (void)snprintf(command, sizeof command, "kill -%s $PPID; kill -%s $PPID; cat >all; echo end >>all", signals[_i],
                   signals[_i]);
    set_variable("PLEXCTL_PAGER", command);
    (void)page(LONGER, strlen(LONGER), &status);
    ck_assert_str_eq(read_file("all"), LONGER "end\n");
    ck_assert_int_eq(status, PLEXCTL_OK);
    ck_assert_int_eq(cancel_signal(), numbers[_i]);
}
END_TEST

/* Blocked and ignored signals of ours are not the pager's. */
START_TEST(pager_has_signals_as_usual)
{
    plexctl_status status;

    set_variable("PLEXCTL_PAGER", "cat >/dev/null; grep -E '^Sig(Blk|Ign)' /proc/self/status >signals");
    (void)page(LONGER, strlen(LONGER), &status);
    ck_assert_ptr_nonnull(strstr(read_file("signals"), "SigBlk:\t0000000000000000\n"));
    unsigned long ignored = strtoul(strstr(read_file("signals"), "SigIgn:\t") + strlen("SigIgn:\t"), NULL, 16);
    ck_assert_uint_eq(ignored & (1UL << (SIGPIPE - 1)), 0);
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof(rows)[0]))

int main(void)
{
    Suite *suite = suite_create("pager");
    TCase *tests = tcase_create("pager");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, pager_write_by_variables, 0, COUNT(pages));
    tcase_add_test(tests, pager_write_without_terminal_starts_none);
    tcase_add_loop_test(tests, pager_has_less_behind_ours_or_our_options, 0, COUNT(lesses));
    tcase_add_test(tests, pager_gets_neither_descriptors_nor_token);
    tcase_add_test(tests, pager_that_has_seen_enough_ends_the_writing);
    tcase_add_loop_test(tests, pager_is_waited_for_after_a_signal, 0, 3);
    tcase_add_test(tests, pager_has_signals_as_usual);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
