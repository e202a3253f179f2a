/* SPDX-License-Identifier: Apache-2.0
 *
 * signal_run - the state of one login that signal_login drives and signal_judge judges.
 */
#ifndef TESTS_SIGNAL_RUN_H
#define TESTS_SIGNAL_RUN_H

#include <sys/types.h>
#include <termios.h>

#include "signal_login.h"
#include "signal_server.h"

struct signal_run {
    const struct signal_login *login;
    uint64_t seed; /* advanced by each choice */
    struct signal_server server;
    int dir_fd, lock_fd;    /* of the config file */
    int watch_fd;           /* inotify */
    const char *config_now; /* what stands there if nothing is saved */
    int staged, replaced;   /* temporary files that were seen to come, config files to be replaced */
    int master, terminal;
    struct termios modes; /* before */
    bool is_stalled;      /* nobody reads the terminal */
    pid_t pid;
    int pid_fd, status;
    bool is_killed; /* by us, for want of another death */
    int number;
    bool by_terminal, is_certain;
    bool was_saved; /* before the signal */
    int64_t sent_us, died_us;
    size_t output_len;
    char output[16384];
};

#endif
