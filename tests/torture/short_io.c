/* SPDX-License-Identifier: Apache-2.0
 *
 * short_io - loaded before libc, it makes calls do less than they were asked for, as a kernel may:
 *
 *   SHORT_IO_BYTES=N        one read or write moves at most N bytes
 *   SHORT_IO_ROOM=N         N bytes can be written in all; the write that meets the end is short, the next has ENOSPC
 *   SHORT_IO_NOTHING=1      a write takes nothing and reports no error
 *   SHORT_IO_INTERRUPT=N    each read and write is interrupted N times before it does anything
 *   SHORT_IO_STORM=N        so are openat, flock, fsync, renameat and poll
 *   SHORT_IO_TIMER_US=N     a signal every N microseconds, without SA_RESTART
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

#define NUMBER_BASE 10

static long chunk_bytes, room_bytes, nothing, interruptions, storm;

static long setting(const char *name, long otherwise)
{
    const char *text = getenv(name);

    return text ? strtol(text, NULL, NUMBER_BASE) : otherwise;
}

static void on_signal(int number)
{
    (void)number;
}

__attribute__((constructor)) static void begin(void)
{
    const suseconds_t period_us = setting("SHORT_IO_TIMER_US", 0);
    struct sigaction action = {.sa_handler = on_signal};
    struct itimerval timer = {.it_interval = {.tv_usec = period_us}, .it_value = {.tv_usec = period_us}};

    chunk_bytes = setting("SHORT_IO_BYTES", 0);
    room_bytes = setting("SHORT_IO_ROOM", -1);
    nothing = setting("SHORT_IO_NOTHING", 0);
    storm = setting("SHORT_IO_STORM", 0);
    interruptions = setting("SHORT_IO_INTERRUPT", storm);
    if (period_us > 0 && (sigaction(SIGALRM, &action, NULL) != 0 || setitimer(ITIMER_REAL, &timer, NULL) != 0))
        abort();
}

/* `count` is the call's own. */
static int interrupted(long *count, long times)
{
    if (*count < times) {
        (*count)++;
        errno = EINTR;
        return 1;
    }
    *count = 0;
    return 0;
}

static size_t shortened(size_t size)
{
    return chunk_bytes > 0 && size > (size_t)chunk_bytes ? (size_t)chunk_bytes : size;
}

ssize_t read(int fd, void *bytes, size_t size)
{
    static long count;

    return interrupted(&count, interruptions) ? -1 : syscall(SYS_read, fd, bytes, shortened(size));
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    static long count;

    if (interrupted(&count, interruptions))
        return -1;
    if (nothing)
        return 0;
    if (room_bytes < 0)
        return syscall(SYS_write, fd, bytes, shortened(size));
    if (room_bytes == 0) {
        errno = ENOSPC;
        return -1;
    }
    ssize_t written = syscall(SYS_write, fd, bytes, size > (size_t)room_bytes ? (size_t)room_bytes : size);
    if (written > 0)
        room_bytes -= written;
    return written;
}

int openat(int dir_fd, const char *path, int flags, ...)
{
    static long count;
    va_list rest;

    va_start(rest, flags);
    const mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return interrupted(&count, storm) ? -1 : (int)syscall(SYS_openat, dir_fd, path, flags, mode);
}

int flock(int fd, int operation)
{
    static long count;

    return interrupted(&count, storm) ? -1 : (int)syscall(SYS_flock, fd, operation);
}

int fsync(int fd)
{
    static long count;

    return interrupted(&count, storm) ? -1 : (int)syscall(SYS_fsync, fd);
}

int renameat(int old_dir_fd, const char *old_path, int new_dir_fd, const char *new_path)
{
    static long count;

    return interrupted(&count, storm) ? -1 : (int)syscall(SYS_renameat2, old_dir_fd, old_path, new_dir_fd, new_path, 0);
}

int poll(struct pollfd *fds, nfds_t count_of_fds, int timeout_ms)
{
    static long count;
    const struct timespec timeout = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000L};

    if (interrupted(&count, storm))
        return -1;
    return (int)syscall(SYS_ppoll, fds, count_of_fds, timeout_ms < 0 ? NULL : &timeout, NULL, 0);
}
