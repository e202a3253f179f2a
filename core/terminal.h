/* SPDX-License-Identifier: Apache-2.0
 *
 * terminal - what the terminal behind a descriptor can do, by its driver and the environment. Nothing is kept: each
 * call looks anew, so that a window that was resized has its new size. Neither setlocale nor terminfo is asked, which
 * would cost more than the rest of a start; no memory and no lock is taken, so that a signal handler may call these.
 * An empty variable is an unset one.
 */
#ifndef CORE_TERMINAL_H
#define CORE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#define TERMINAL_COLUMNS 80 /* where nobody knows better */
#define TERMINAL_LINES 24

bool terminal_is(int fd);

struct terminal_room {
    size_t columns, lines;
};

/* For what must not be wrapped by the terminal: what the driver says, and no more than COLUMNS and LINES where these
 * are numbers as below; a shell may have exported them before the window was resized. Where the driver does not know,
 * as terminal_columns() and terminal_lines(). */
struct terminal_room terminal_room(int fd);

/* COLUMNS, or LINES, where that is a number from 1 to 65535; else what the driver says; else the sizes above. Also of
 * what is no terminal: never 0. */
size_t terminal_columns(int fd);
size_t terminal_lines(int fd);

/* Whether control sequences (cursor, OSC) may be written to it: a terminal, and TERM neither unset nor "dumb". */
bool terminal_takes_escapes(int fd);

/* Whether text for it may be coloured or bold. NO_COLOR set (no-color.org): no. CLICOLOR_FORCE set and not "0": yes,
 * also where it is no terminal. CLICOLOR "0": no. Else where it takes escapes. */
bool terminal_has_colour(int fd);

/* Whether it shows UTF-8: the codeset that the first of LC_ALL, LC_CTYPE and LANG names. */
bool terminal_is_utf8(void);

#endif
