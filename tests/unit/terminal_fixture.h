/* SPDX-License-Identifier: Apache-2.0
 *
 * terminal_fixture - a terminal of a kind and a size in the place of standard output (or error), and what was written
 * to it.
 *
 *     terminal_begin(&terminal, STDOUT_FILENO, "TERM=xterm-256color", 80, 24);
 *     ... what writes ...
 *     ck_assert_str_eq(terminal_end(&terminal), "...");
 */
#ifndef TESTS_TERMINAL_FIXTURE_H
#define TESTS_TERMINAL_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "pty_fixture.h"

struct terminal {
    struct pty pty;
    int stream, saved;
};

/* `settings`: "NAME=value NAME=value"; all else that is known of a terminal by its environment is unset. */
static inline void terminal_environment(const char *settings)
{
    static const char *const variables[] = {"TERM",    "COLORTERM", "VTE_VERSION", "TMUX",     "STY",
                                            "COLUMNS", "LINES",     "NO_COLOR",    "CLICOLOR", "CLICOLOR_FORCE",
                                            "LC_ALL",  "LANG",      "LC_CTYPE"};
    char copy[256];
    char *rest = copy;

    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        ck_assert_int_eq(unsetenv(variables[i]), 0);
    ck_assert_uint_lt(strlen(settings), sizeof copy);
    memcpy(copy, settings, strlen(settings) + 1);
    for (char *setting; (setting = strtok_r(rest, " ", &rest));) {
        char *value = strchr(setting, '=');
        *value = '\0';
        ck_assert_int_eq(setenv(setting, value + 1, 1), 0);
    }
}

static inline void terminal_begin_sized(struct terminal *terminal, int stream, unsigned short columns,
                                        unsigned short lines)
{
    pty_open(&terminal->pty, columns, lines);
    terminal->stream = stream;
    terminal->saved = capture_replace(stream, terminal->pty.slave);
}

static inline void terminal_begin(struct terminal *terminal, int stream, const char *settings)
{
    terminal_environment(settings);
    terminal_begin_sized(terminal, stream, 80, 24);
}

static inline const char *terminal_end(struct terminal *terminal)
{
    capture_restore(terminal->stream, terminal->saved);
    return pty_close(&terminal->pty);
}

#endif
