/* SPDX-License-Identifier: Apache-2.0
 *
 * unit - what every unit test program shares: one suite a program, a scratch directory, an unprivileged user.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <check.h>
#include <stdbool.h>

/* Runs the suite, prints Check's closing line, frees it; returns main's exit code. Whoever starts the program, a test
 * has standard streams, a PATH, and no variable of how wide and coloured a terminal is. */
int unit_run(Suite *suite);

/* A new directory of mode 0700 below $PLEXCTL_TEST_SCRATCH, or else /tmp, owned by the effective user; removed with all
 * it holds when the process that made it ends. Valid for the life of the process. */
const char *unit_scratch(void);

/* The number of entries in a directory, without "." and "..". */
unsigned unit_count(const char *directory);

/* Becomes an ordinary user for good when started as root, and asserts that it is one: root ignores file modes. A
 * scratch directory of before is gone. */
void unit_become_unprivileged(void);

/* Says that what follows is not run, and why; `script/test` counts and shows it. */
void unit_skip(const char *what_and_why);

/* True under valgrind, and then `what_and_why` is said by unit_skip: what it does to processes that we start, and to
 * time, is not what a program does. */
bool unit_skips_under_valgrind(const char *what_and_why);

#endif
