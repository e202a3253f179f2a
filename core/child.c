/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "cancel.h"
#include "plugin_fault.h"
#include "program.h"

/* What comes through the pipe is the size of the answer, a size_t, and the answer. */

static _Noreturn void run_and_answer(const struct child *child, int fd)
{
    struct buf answer = BUF_INIT(SIZE_MAX / 2);
    struct error ignored = ERROR_INIT;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    pid_t self = getpid();

    (void)setsid();
    for (int standard = STDIN_FILENO; null >= 0 && standard <= STDERR_FILENO; standard++)
        (void)dup2(null, standard);
    plugin_fault_ignore();
    child->run(child->context, &answer);
    if (answer.failed == PLEXCTL_OK && getpid() == self && /* it may have forked, and both come back */
        file_write_all(fd, &answer.len, sizeof answer.len, &ignored) == PLEXCTL_OK)
        (void)file_write_all(fd, answer.data, answer.len, &ignored);
    buf_release(&answer);
    _exit(0);
}

struct intake {
    size_t size, size_len; /* of the size so many bytes have come */
    struct buf *answer;
};

static size_t missing_of(const struct intake *intake)
{
    return intake->size_len < sizeof intake->size ? sizeof intake->size - intake->size_len
                                                  : intake->size - intake->answer->len;
}

static void take_in(struct intake *intake, const char *bytes, size_t count)
{
    if (intake->size_len == sizeof intake->size) {
        buf_append(intake->answer, bytes, count);
        return;
    }
    memcpy((char *)&intake->size + intake->size_len, bytes, count);
    intake->size_len += count;
}

/* Through the last byte of the answer: what the child has started may keep the pipe open. */
static plexctl_status read_answer(struct child *child, int fd, struct intake *intake, struct error *err)
{
    struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = cancel_fd(), .events = POLLIN}};
    const int64_t deadline_ms = cancel_now_ms() + child->limit_ms;
    char piece[4096];
    size_t missing;

    while (intake->answer->failed == PLEXCTL_OK && (missing = missing_of(intake)) > 0) {
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
        ssize_t count = read(fd, piece, missing < sizeof piece ? missing : sizeof piece);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return PLEXCTL_OK;
        take_in(intake, piece, (size_t)count);
    }
    return PLEXCTL_OK;
}

plexctl_status child_run(struct child *child, struct buf *answer, struct error *err)
{
    struct intake intake = {.answer = answer};
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
    plexctl_status status = read_answer(child, read_fd, &intake, err);
    (void)kill(-process, SIGKILL); /* and with it what it has started; it may have closed the pipe and go on */
    (void)kill(process, SIGKILL);  /* where it had no time yet for a session of its own */
    child->how = program_wait(process);
    if (status == PLEXCTL_OK)
        status = buf_check(answer, "the child's answer", err);
    child->has_answered = status == PLEXCTL_OK && missing_of(&intake) == 0;
    return status;
}
