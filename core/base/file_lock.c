/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

#define PRIVATE_FILE 0600

struct locking {
    int dir_fd;
    const char *name;
    int wait_ms;
    int64_t deadline_ms;
    int cancel_fd;
};

/* Not O_CREAT without O_EXCL: only the process that made the file may mend what the umask took from its mode. */
static int open_lock(const struct locking *locking)
{
    const int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    int fd = openat(locking->dir_fd, locking->name, flags);

    if (fd >= 0 || errno != ENOENT)
        return fd;
    fd = openat(locking->dir_fd, locking->name, flags | O_CREAT | O_EXCL, (mode_t)PRIVATE_FILE);
    if (fd >= 0)
        (void)fchmod(fd, PRIVATE_FILE);
    return fd;
}

/* Somebody may have removed the file, and another process locked a new one, between our open and our lock. */
static bool is_current(const struct locking *locking, int fd)
{
    struct stat held, named;

    return fstat(fd, &held) == 0 && fstatat(locking->dir_fd, locking->name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool move_turn(int fd, int command, short type)
{
    struct flock first_byte = {.l_type = type, .l_whence = SEEK_SET, .l_len = 1};

    return fcntl(fd, command, &first_byte) == 0;
}

/* 0 or errno. The next in line holds the turn while it waits for the lock, and nobody comes to the lock but by the
 * turn: otherwise the process that has just let go would be there again before any that has to be woken. A file system
 * without such locks leaves it to luck who is next. */
static int lock_in_turn(int fd, int turn_command, int lock_operation)
{
    if (!move_turn(fd, turn_command, F_WRLCK) && (errno == EAGAIN || errno == EACCES || errno == EINTR))
        return errno == EINTR ? EINTR : EWOULDBLOCK;
    int number = flock(fd, lock_operation) == 0 ? 0 : errno;
    (void)move_turn(fd, F_OFD_SETLK, F_UNLCK);
    return number;
}

/* In the child, which shares the descriptor's locks with its parent, and tells it how it went. */
static void wait_in_turn(int fd, int answer_fd, pid_t parent)
{
    int number = EINTR;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (getppid() == parent && number == EINTR)
        number = lock_in_turn(fd, F_OFD_SETLKW, LOCK_EX);
    ssize_t ignored = write(answer_fd, &number, sizeof number);
    (void)ignored;
    _exit(0);
}

static plexctl_status await_answer(const struct locking *locking, int answer_fd, int *ret_number, struct error *err)
{
    for (;;) {
        struct pollfd waits[] = {{.fd = answer_fd, .events = POLLIN}, {.fd = locking->cancel_fd, .events = POLLIN}};
        int64_t left_ms = locking->deadline_ms - now_ms();
        if (left_ms <= 0)
            return error_set(err, PLEXCTL_FAILED, "another process has held the lock %s for %d ms", locking->name,
                             locking->wait_ms);
        int ready = poll(waits, 2, (int)left_ms);
        if (ready < 0 && errno != EINTR)
            return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot wait for the lock %s", locking->name);
        if (ready > 0 && waits[1].revents)
            return error_set(err, PLEXCTL_CANCELLED, "cancelled while waiting for the lock %s", locking->name);
        if (ready <= 0)
            continue;
        if (read(answer_fd, ret_number, sizeof *ret_number) == (ssize_t)sizeof *ret_number)
            return PLEXCTL_OK;
        return error_set(err, PLEXCTL_FAILED, "the process that waited for the lock %s was killed", locking->name);
    }
}

/* A deadline or a descriptor cannot end a wait for a lock. A signal could, but would cost the place in the queue, and
 * is the whole process's. So a child waits, and poll can do the rest. */
static plexctl_status wait_by_child(const struct locking *locking, int fd, int *ret_number, struct error *err)
{
    int answer[2];
    const pid_t self = getpid();

    if (pipe2(answer, O_CLOEXEC) != 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot wait for the lock %s", locking->name);
    auto_fd int read_fd = answer[0];
    auto_fd int write_fd = answer[1];
    pid_t child = fork();
    if (child < 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot wait for the lock %s", locking->name);
    if (child == 0)
        wait_in_turn(fd, write_fd, self);
    (void)close(take_fd(&write_fd));
    plexctl_status status = await_answer(locking, read_fd, ret_number, err);
    if (status != PLEXCTL_OK)
        (void)kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

/* PLEXCTL_OK with *ret_fd -1: the file that was locked is not the one of that name any more. */
static plexctl_status lock_named(const struct locking *locking, int *ret_fd, struct error *err)
{
    auto_fd int fd = open_lock(locking);
    struct stat found;
    plexctl_status status = PLEXCTL_OK;

    *ret_fd = -1;
    if (fd < 0 && (errno == EEXIST || errno == EINTR))
        return PLEXCTL_OK;
    if (fd < 0 || fstat(fd, &found) != 0)
        return error_set_errno(err, PLEXCTL_FAILED, errno, "cannot open the lock file %s", locking->name);
    if (!S_ISREG(found.st_mode))
        return error_set(err, PLEXCTL_FAILED, "the lock file %s is not a regular file", locking->name);
    int number = lock_in_turn(fd, F_OFD_SETLK, LOCK_EX | LOCK_NB);
    if (number == EWOULDBLOCK || number == EINTR)
        status = wait_by_child(locking, fd, &number, err);
    if (status == PLEXCTL_OK && number != 0)
        return error_set_errno(err, PLEXCTL_FAILED, number, "cannot lock %s", locking->name);
    if (status == PLEXCTL_OK && is_current(locking, fd))
        *ret_fd = take_fd(&fd);
    return status;
}

plexctl_status file_lock(int dir_fd, const char *name, int wait_ms, int cancel_fd, int *ret_fd, struct error *err)
{
    const struct locking locking = {
        .dir_fd = dir_fd, .name = name, .wait_ms = wait_ms, .deadline_ms = now_ms() + wait_ms, .cancel_fd = cancel_fd};
    struct pollfd cancelled = {.fd = cancel_fd, .events = POLLIN};
    int fd = -1;

    for (;;) {
        plexctl_status status = lock_named(&locking, &fd, err);
        if (status != PLEXCTL_OK)
            return status;
        if (fd >= 0)
            break;
        if (now_ms() >= locking.deadline_ms)
            return error_set(err, PLEXCTL_FAILED, "the lock file %s could not be locked within %d ms", name, wait_ms);
        if (poll(&cancelled, 1, 0) > 0)
            return error_set(err, PLEXCTL_CANCELLED, "cancelled while waiting for the lock %s", name);
    }
    *ret_fd = fd;
    return PLEXCTL_OK;
}
