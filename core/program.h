/* SPDX-License-Identifier: Apache-2.0
 *
 * program - starts another program, which gets no more than it needs: no descriptor beside the standard ones, no signal
 * that is blocked or that plexctl ignores, and no PLEXSPHERE_TOKEN in its environment.
 */
#ifndef CORE_PROGRAM_H
#define CORE_PROGRAM_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/* Where `name` is, as execvp() looks for it, but in absolute directories only; false where there is none. */
bool program_find(const char *name, char path[static PATH_MAX]);

#define PROGRAM_ON_NULL (-1)

struct program {
    const char *path;
    char *const *words;   /* ended by NULL */
    const char *variable; /* "NAME=value", in place of plexctl's own; NULL for none */
    int input_fd;         /* its standard input; PROGRAM_ON_NULL: all three standard ones are /dev/null */
};

/* 0 once it is executed, as a child; else an errno. */
int program_start(const struct program *program, pid_t *ret_process);

/* The same for a program that is nobody's child: it has a session of its own, is not waited for and leaves
 * no zombie. */
int program_detach(const struct program *program);

/* How the child ended, as waitpid() tells it. */
int program_wait(pid_t process);

#endif
