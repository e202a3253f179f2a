/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "cancel.h"

#define WHOLE '\0' /* behind an answer that did not break off */

static _Noreturn void run_and_answer(const struct child *child, int fd)
{
    struct buf answer = BUF_INIT(SIZE_MAX / 2);
    struct error ignored = ERROR_INIT;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int standard = STDIN_FILENO; null >= 0 && standard <= STDERR_FILENO; standard++)
        (void)dup2(null, standard);
    child->run(child->context, &answer);
    buf_append_char(&answer, WHOLE);
    if (answer.failed == PLEXCTL_OK)
        (void)file_write_all(fd, answer.data, answer.len, &ignored);
    buf_release(&answer);
    _exit(0);
}

static plexctl_status read_answer(struct child *child, int fd, struct buf *answer, struct error *err)
{
    struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = cancel_fd(), .events = POLLIN}};
    const int64_t deadline_ms = cancel_now_ms() + child->limit_ms;
    char piece[4096];

    for (;;) {
        int64_t left_ms = deadline_ms - cancel_now_ms();
        int ready = left_ms > 0 ? poll(fds, 2, (int)left_ms) : 0;
        if (cancel_signal())
            return error_set(err, PLEXCTL_CANCELLED, "interrupted by a signal");
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) {
            child->is_late = true;
            return PLEXCTL_OK;
        }
        ssize_t count = read(fd, piece, sizeof piece);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return PLEXCTL_OK;
        buf_append(answer, piece, (size_t)count);
    }
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

plexctl_status child_run(struct child *child, struct buf *answer, struct error *err)
{
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) != 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot make a pipe");
    auto_fd int read_fd = fds[0];
    auto_fd int write_fd = fds[1];
    pid_t process = fork();
    if (process < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot start a process");
    if (process == 0)
        run_and_answer(child, write_fd);
    (void)close(take_fd(&write_fd));
    plexctl_status status = read_answer(child, read_fd, answer, err);
    (void)kill(process, SIGKILL); /* it may have closed the pipe and go on */
    child->how = wait_for(process);
    if (status == PLEXCTL_OK)
        status = buf_check(answer, "the child's answer", err);
    child->has_answered = !child->is_late && answer->len > 0 && answer->data[answer->len - 1] == WHOLE;
    if (child->has_answered)
        answer->data[--answer->len] = '\0';
    return status;
}
