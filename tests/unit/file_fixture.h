/* SPDX-License-Identifier: Apache-2.0
 *
 * file_fixture - system calls that can be made to fail, and a directory of one's own to use them in.
 */
#ifndef TESTS_FILE_FIXTURE_H
#define TESTS_FILE_FIXTURE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_replacement.h"
#include "unit.h"

/* What one system call is to do: fail with `number` after `skip` good calls, `times` times. */
struct fault {
    int number;
    unsigned skip, times;
    unsigned calls;
};

static inline int fault_hits(struct fault *fault)
{
    if (fault->calls++ < fault->skip || fault->times == 0)
        return 0;
    fault->times--;
    errno = fault->number;
    return 1;
}

static char fixture_path[128];
static int fixture_dir = -1;

static inline void fixture_open(void)
{
    static unsigned count;

    (void)umask(022);
    (void)snprintf(fixture_path, sizeof fixture_path, "%s/%u", unit_scratch(), count++);
    ck_assert_int_eq(mkdir(fixture_path, 0700), 0);
    fixture_dir = open(fixture_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(fixture_dir, 0);
}

static inline void fixture_close(void)
{
    (void)umask(022);
    (void)close(fixture_dir);
    fixture_dir = -1;
}

static inline void fixture_write(const char *name, const char *text, mode_t mode)
{
    int fd = openat(fixture_dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    ck_assert_int_eq(fchmod(fd, mode), 0);
    ck_assert_int_eq(close(fd), 0);
}

static inline unsigned fixture_count(void)
{
    return unit_count(fixture_path);
}

/* Waits for a child that ends with 0 when all it saw was as expected. */
static inline void fixture_join(pid_t child)
{
    int wait_status = 0;

    ck_assert_int_eq(waitpid(child, &wait_status, 0), child);
    ck_assert_msg(WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0, "wait status %#x", (unsigned)wait_status);
}

static inline mode_t fixture_mode(const char *name)
{
    struct stat found;

    ck_assert_int_eq(fstatat(fixture_dir, name, &found, AT_SYMLINK_NOFOLLOW), 0);
    return found.st_mode & 07777;
}

static inline ino_t fixture_inode(const char *name)
{
    struct stat found;

    ck_assert_int_eq(fstatat(fixture_dir, name, &found, AT_SYMLINK_NOFOLLOW), 0);
    return found.st_ino;
}

#define assert_content(name, text) \
    do { \
        char content_[4096] = ""; \
        int fd_ = openat(fixture_dir, (name), O_RDONLY | O_CLOEXEC); \
        ck_assert_int_ge(fd_, 0); \
        ck_assert_int_ge(read(fd_, content_, sizeof content_ - 1), 0); \
        (void)close(fd_); \
        ck_assert_str_eq(content_, (text)); \
    } while (0)

#endif
