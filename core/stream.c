/* SPDX-License-Identifier: Apache-2.0 */
#include "stream.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "cancel.h"

/* A pipe that polls as writable takes PIPE_BUF bytes without blocking, so that a reader who has stopped reading cannot
 * keep a signal from ending plexctl. */
plexctl_status stream_write(int fd, const char *text, size_t len, int *ret_errno)
{
    struct pollfd fds[] = {{.fd = fd, .events = POLLOUT}, {.fd = cancel_fd(), .events = POLLIN}};

    while (len > 0) {
        fds[0].revents = 0;
        if (poll(fds, 2, -1) < 0 && errno != EINTR) {
            *ret_errno = errno;
            return PLEXCTL_FAILED;
        }
        if (fds[0].revents == 0 && cancel_signal())
            return PLEXCTL_CANCELLED;
        if (fds[0].revents == 0)
            continue;
        ssize_t count = write(fd, text, len < PIPE_BUF ? len : PIPE_BUF);
        if (count < 0 && errno != EINTR && errno != EAGAIN) {
            *ret_errno = errno;
            return PLEXCTL_FAILED;
        }
        text += count > 0 ? (size_t)count : 0;
        len -= count > 0 ? (size_t)count : 0;
    }
    return PLEXCTL_OK;
}

void stream_write_now(int fd, const char *text, size_t len)
{
    struct pollfd polled = {.fd = fd, .events = POLLOUT};

    if (poll(&polled, 1, 0) == 1 && (polled.revents & POLLOUT)) {
        ssize_t ignored = write(fd, text, len);
        (void)ignored;
    }
}
