/* SPDX-License-Identifier: Apache-2.0 */
#include "pager.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "output.h"
#include "program.h"
#include "progress.h"
#include "terminal.h"

#define CANNOT_EXECUTE 126 /* as a shell says it */
#define NOT_FOUND 127

struct pager {
    struct program program;
    char *words[4];
    char path[PATH_MAX];
    struct buf less; /* "LESS=..." */
};

/* The operator's, for the shell; NULL where none is named. */
static char *named_command(void)
{
    char *command = getenv("PLEXCTL_PAGER");

    if (!command && terminal_takes_escapes(STDOUT_FILENO))
        command = getenv("PAGER");
    return command;
}

/* False for none. */
static bool find_pager(struct pager *pager)
{
    static char shell[] = "sh", option[] = "-c", less[] = "less";
    char *command = named_command();

    pager->program.words = pager->words;
    if (command) {
        pager->program.path = "/bin/sh";
        pager->words[0] = shell;
        pager->words[1] = option;
        pager->words[2] = command;
        return command[0] && strcmp(command, "cat") != 0;
    }
    pager->program.path = pager->path;
    pager->words[0] = less;
    return terminal_takes_escapes(STDOUT_FILENO) && program_find(less, pager->path);
}

static bool is_longer_than_terminal(const char *text, size_t len)
{
    size_t lines = 1; /* for the prompt */

    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    return lines > terminal_lines(STDOUT_FILENO);
}

/* What the operator has set comes behind -R, so that it can take that back. */
static plexctl_status set_less(struct pager *pager, struct error *err)
{
    const char *options = getenv("LESS");

    buf_appendf(&pager->less, "LESS=%s%s", options ? "-R " : "FRX", options ? options : "");
    pager->program.variable = buf_text(&pager->less);
    return buf_check(&pager->less, "LESS", err);
}

/* False where nothing was shown. A pager that has seen enough closes the pipe: that is no failure. */
static bool show(struct pager *pager, const char *text, size_t len)
{
    struct error ignored = ERROR_INIT;
    pid_t process = 0;
    int fds[2];

    if (set_less(pager, &ignored) != PLEXCTL_OK || pipe2(fds, O_CLOEXEC) != 0)
        return false;
    auto_fd int write_fd = fds[1];
    pager->program.input_fd = fds[0];
    int number = program_start(&pager->program, &process);
    (void)close(fds[0]);
    if (number != 0)
        return false;
    (void)file_write_all(write_fd, text, len, &ignored);
    (void)close(take_fd(&write_fd));
    int how = program_wait(process);
    return !WIFEXITED(how) || (WEXITSTATUS(how) != CANNOT_EXECUTE && WEXITSTATUS(how) != NOT_FOUND);
}

/* C-c reaches the pager as well, which may take it for something else than an end: plexctl must not leave it behind,
 * beside the next prompt. */
static void hold_signals(sigset_t *ret_mask)
{
    static const int stops[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    sigset_t held;

    (void)sigemptyset(&held);
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++)
        (void)sigaddset(&held, stops[i]);
    (void)pthread_sigmask(SIG_BLOCK, &held, ret_mask);
}

plexctl_status pager_write(const char *text, size_t len, struct error *err)
{
    struct pager pager = {.less = BUF_INIT(SIZE_MAX / 2)};
    sigset_t mask;

    if (!terminal_is(STDOUT_FILENO) || getauxval(AT_SECURE) || !is_longer_than_terminal(text, len) ||
        !find_pager(&pager))
        return output_write(text, len, err);
    progress_show(NULL);
    hold_signals(&mask);
    bool was_shown = show(&pager, text, len);
    (void)pthread_sigmask(SIG_SETMASK, &mask, NULL);
    buf_release(&pager.less);
    return was_shown ? PLEXCTL_OK : output_write(text, len, err);
}
