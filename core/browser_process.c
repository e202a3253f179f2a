/* SPDX-License-Identifier: Apache-2.0 */
#include "browser_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

#define REPORT_FD 3
#define SECRET "PLEXSPHERE_TOKEN="

struct start {
    const char *path;
    char *const *words;
    char **environment;
    int report_fd; /* takes the errno where it cannot be executed; an execution closes it */
};

/* From here to execute(): between fork and exec, so nothing that takes a lock or memory. */

static _Noreturn void give_up(int report_fd)
{
    const int number = errno;

    ssize_t ignored = write(report_fd, &number, sizeof number);
    (void)ignored;
    _exit(127);
}

static _Noreturn void execute(const struct start *start)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (null < 0 || dup2(null, fd) < 0)
            give_up(start->report_fd);
    }
    if (start->report_fd != REPORT_FD && dup3(start->report_fd, REPORT_FD, O_CLOEXEC) < 0)
        give_up(start->report_fd);
    closefrom(REPORT_FD + 1);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)signal(SIGXFSZ, SIG_DFL);
    (void)execve(start->path, start->words, start->environment);
    give_up(REPORT_FD);
}

/* The process between ends at once, and with it the kinship. */
static _Noreturn void part(const struct start *start)
{
    (void)setsid();
    pid_t process = fork();
    if (process == 0)
        execute(start);
    if (process < 0)
        give_up(start->report_fd);
    _exit(0);
}

static char **copy_environment(void)
{
    size_t count = 0, kept = 0;

    while (environ[count])
        count++;
    char **copy = calloc(count + 1, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) {
        if (strncmp(environ[i], SECRET, strlen(SECRET)) != 0)
            copy[kept++] = environ[i];
    }
    return copy;
}

static plexctl_status fail(struct error *err, int number)
{
    return error_set_errno(err, PLEXCTL_FAILED, number, "cannot start the browser");
}

plexctl_status browser_process_start(const char *path, char *const words[], struct error *err)
{
    auto_free char **environment = copy_environment();
    int fds[2], number = 0;
    ssize_t count;

    if (!environment)
        return error_no_memory(err);
    if (pipe2(fds, O_CLOEXEC) != 0)
        return fail(err, errno);
    auto_fd int read_fd = fds[0];
    auto_fd int write_fd = fds[1];
    const struct start start = {path, words, environment, write_fd};
    pid_t process = fork();
    if (process < 0)
        return fail(err, errno);
    if (process == 0)
        part(&start);
    (void)close(take_fd(&write_fd));
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR)
        continue;
    do {
        count = read(read_fd, &number, sizeof number);
    } while (count < 0 && errno == EINTR);
    return count == 0 ? PLEXCTL_OK : fail(err, count == sizeof number ? number : EIO);
}
