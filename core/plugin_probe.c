/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "cancel.h"

/* In the child. What the plugin prints or reads has no place in the report. */
static _Noreturn void open_and_tell(struct loader *loader, const char *word, int fd)
{
    struct error finding = ERROR_INIT, told = ERROR_INIT, ignored = ERROR_INIT;
    struct loaded_plugin plugin = {0};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int standard = STDIN_FILENO; null >= 0 && standard <= STDERR_FILENO; standard++)
        (void)dup2(null, standard);
    (void)loader_open(loader, word, &plugin, &finding);
    told.status = finding.status;
    (void)snprintf(told.text, sizeof told.text, "%s", finding.text);
    (void)file_write_all(fd, &told, sizeof told, &ignored);
    _exit(0);
}

/* *ret_came is false where the child went away without a word. */
static plexctl_status read_finding(int fd, int64_t deadline_ms, struct error *finding, bool *ret_came,
                                   struct error *err)
{
    struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = cancel_fd(), .events = POLLIN}};
    size_t size = 0;

    *ret_came = false;
    while (size < sizeof *finding) {
        int64_t left_ms = deadline_ms - cancel_now_ms();
        int ready = poll(fds, 2, left_ms > 0 ? (int)left_ms : 0);
        if (cancel_signal())
            return error_set(err, PLEXCTL_CANCELLED, "interrupted by a signal");
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) {
            (void)error_set(finding, PLEXCTL_FAILED, "takes too long to load");
            break;
        }
        ssize_t count = read(fd, (char *)finding + size, sizeof *finding - size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return PLEXCTL_OK;
        size += (size_t)count;
    }
    finding->text[sizeof finding->text - 1] = '\0';
    *ret_came = true;
    return PLEXCTL_OK;
}

static int wait_for(pid_t child)
{
    int how = 0;

    pid_t ended;
    do {
        ended = waitpid(child, &how, 0);
    } while (ended < 0 && errno == EINTR);
    return how;
}

static void describe_end(int how, struct error *finding)
{
    if (WIFSIGNALED(how))
        (void)error_set(finding, PLEXCTL_FAILED, "crashes when it is loaded (signal %d, %s)", WTERMSIG(how),
                        sigabbrev_np(WTERMSIG(how)) ? sigabbrev_np(WTERMSIG(how)) : "unknown");
    else
        (void)error_set(finding, PLEXCTL_FAILED, "ends the process when it is loaded (exit code %d)", WEXITSTATUS(how));
}

plexctl_status plugin_probe(struct loader *loader, const char *word, int limit_ms, struct error *ret_finding,
                            struct error *err)
{
    int fds[2];
    struct error finding = ERROR_INIT;
    bool came = false;

    if (pipe2(fds, O_CLOEXEC) != 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot make a pipe");
    auto_fd int read_fd = fds[0];
    auto_fd int write_fd = fds[1];
    pid_t child = fork();
    if (child < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot start a process");
    if (child == 0)
        open_and_tell(loader, word, write_fd);
    (void)close(take_fd(&write_fd));
    plexctl_status status = read_finding(read_fd, cancel_now_ms() + limit_ms, &finding, &came, err);
    (void)kill(child, SIGKILL);
    int how = wait_for(child);
    if (status != PLEXCTL_OK)
        return status;
    if (!came)
        describe_end(how, &finding);
    *ret_finding = finding;
    return PLEXCTL_OK;
}
