/* SPDX-License-Identifier: Apache-2.0 */
#include "pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "output.h"
#include "progress.h"
#include "terminal.h"

#define TOKEN_VARIABLE "PLEXSPHERE_TOKEN="
#define CANNOT_EXECUTE 126 /* as a shell says it */
#define NOT_FOUND 127

/* Silent where there is no less: nobody asked for it by name. */
static char usual[] = "command -v less >/dev/null 2>&1 || exit 127; exec less";

/* NULL for none. */
static char *find_command(void)
{
    char *command = getenv("PLEXCTL_PAGER");

    if (!command)
        command = getenv("PAGER");
    if (!command)
        return terminal_takes_escapes(STDOUT_FILENO) ? usual : NULL;
    return command[0] && strcmp(command, "cat") != 0 ? command : NULL;
}

static bool is_longer_than_terminal(const char *text, size_t len)
{
    size_t lines = 1; /* for the prompt */

    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    return lines > terminal_lines(STDOUT_FILENO);
}

/* The environment without the token, with LESS; its texts are borrowed. */
static char **make_environment(void)
{
    static char less[] = "LESS=FRX";
    size_t count = 0, kept = 0;

    while (environ[count])
        count++;
    char **copy = calloc(count + 2, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) {
        if (strncmp(environ[i], TOKEN_VARIABLE, strlen(TOKEN_VARIABLE)) != 0)
            copy[kept++] = environ[i];
    }
    if (copy && !getenv("LESS"))
        copy[kept] = less;
    return copy;
}

/* What plexctl ignores or holds back the pager does not. */
static int spawn(char *command, int read_fd, const sigset_t *mask, pid_t *ret_process)
{
    static char shell[] = "sh", option[] = "-c";
    char *const argv[] = {shell, option, command, NULL};
    auto_free char **environment = make_environment();
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;

    if (!environment)
        return ENOMEM;
    (void)sigemptyset(&defaults);
    (void)sigaddset(&defaults, SIGPIPE);
    (void)sigaddset(&defaults, SIGXFSZ);
    (void)posix_spawnattr_init(&attributes);
    (void)posix_spawnattr_setsigdefault(&attributes, &defaults);
    (void)posix_spawnattr_setsigmask(&attributes, mask);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    (void)posix_spawn_file_actions_init(&actions);
    int number = posix_spawn_file_actions_adddup2(&actions, read_fd, STDIN_FILENO);
    if (number == 0)
        number = posix_spawn(ret_process, "/bin/sh", &actions, &attributes, argv, environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return number;
}

static int wait_for(pid_t process)
{
    int how = 0;
    pid_t ended;

    do {
        ended = waitpid(process, &how, 0);
    } while (ended < 0 && errno == EINTR);
    return how;
}

/* False where nothing was shown. A pager that has seen enough closes the pipe: that is no failure. */
static bool show(char *command, const char *text, size_t len, const sigset_t *mask)
{
    struct error ignored = ERROR_INIT;
    pid_t process = 0;
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) != 0)
        return false;
    auto_fd int write_fd = fds[1];
    int number = spawn(command, fds[0], mask, &process);
    (void)close(fds[0]);
    if (number != 0)
        return false;
    (void)file_write_all(write_fd, text, len, &ignored);
    (void)close(take_fd(&write_fd));
    int how = wait_for(process);
    return !WIFEXITED(how) || (WEXITSTATUS(how) != CANNOT_EXECUTE && WEXITSTATUS(how) != NOT_FOUND);
}

/* C-c reaches the pager as well, which may take it for something else than an end: plexctl must not leave it behind, beside
 * the next prompt. */
static void hold_signals(sigset_t *ret_mask)
{
    static const int stops[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    sigset_t held;

    (void)sigemptyset(&held);
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++)
        (void)sigaddset(&held, stops[i]);
    (void)sigprocmask(SIG_BLOCK, &held, ret_mask);
}

plexctl_status pager_write(const char *text, size_t len, struct error *err)
{
    char *command = NULL;
    sigset_t mask;

    if (terminal_is(STDOUT_FILENO) && !getauxval(AT_SECURE) && is_longer_than_terminal(text, len))
        command = find_command();
    if (!command)
        return output_write(text, len, err);
    progress_show(NULL);
    hold_signals(&mask);
    bool was_shown = show(command, text, len, &mask);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    return was_shown ? PLEXCTL_OK : output_write(text, len, err);
}
