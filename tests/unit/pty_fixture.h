/* SPDX-License-Identifier: Apache-2.0
 *
 * pty_fixture - a pseudo-terminal whose slave stands for a stream: what is written to it is read from the master,
 * unchanged.
 */
#ifndef TESTS_PTY_FIXTURE_H
#define TESTS_PTY_FIXTURE_H

#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include "unit.h"

struct pty {
    int master, slave;
    char text[32768];
};

static inline void pty_open(struct pty *pty, unsigned short columns, unsigned short lines)
{
    const struct winsize size = {.ws_row = lines, .ws_col = columns};
    struct termios modes;

    ck_assert_int_eq(openpty(&pty->master, &pty->slave, NULL, NULL, &size), 0);
    ck_assert_int_eq(tcgetattr(pty->slave, &modes), 0);
    modes.c_oflag &= ~(tcflag_t)OPOST;
    modes.c_lflag &= ~(tcflag_t)ECHO;
    ck_assert_int_eq(tcsetattr(pty->slave, TCSANOW, &modes), 0);
}

/* What was written, at most what the driver holds (4 KiB) and `text` takes. */
static inline const char *pty_close(struct pty *pty)
{
    struct pollfd fd = {.fd = pty->master, .events = POLLIN};
    size_t len = 0;

    while (len < sizeof pty->text - 1 && poll(&fd, 1, 0) == 1 && (fd.revents & POLLIN)) {
        ssize_t count = read(pty->master, pty->text + len, sizeof pty->text - 1 - len);
        ck_assert_int_gt(count, 0);
        len += (size_t)count;
    }
    pty->text[len] = '\0';
    (void)close(pty->slave);
    (void)close(pty->master);
    return pty->text;
}

#endif
