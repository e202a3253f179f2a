/* SPDX-License-Identifier: Apache-2.0
 *
 * cancel_fixture - scenes with real signals, each played in a process of its own.
 */
#ifndef TESTS_CANCEL_FIXTURE_H
#define TESTS_CANCEL_FIXTURE_H

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

/* Runs `play` in a process of its own, with default signals; returns its wait status. `play` returns 0, or the number
 * of the expectation that was not met. */
static inline int in_child(int (*play)(int number), int number)
{
    int wait_status = 0;
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)signal(SIGINT, SIG_DFL);
        (void)signal(SIGTERM, SIG_DFL);
        (void)signal(SIGHUP, SIG_DFL);
        (void)signal(SIGQUIT, SIG_DFL);
        (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        _exit(play(number));
    }
    ck_assert_int_eq(waitpid(child, &wait_status, 0), child);
    return wait_status;
}

#define assert_played(wait_status) \
    do { \
        int status_ = (wait_status); \
        ck_assert_msg(WIFEXITED(status_) && WEXITSTATUS(status_) == 0, "wait status %#x", (unsigned)status_); \
    } while (0)

#define assert_killed(wait_status, by) \
    do { \
        int status_ = (wait_status); \
        ck_assert_msg(WIFSIGNALED(status_) && WTERMSIG(status_) == (by), "wait status %#x", (unsigned)status_); \
    } while (0)

static const int stops[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

#endif
