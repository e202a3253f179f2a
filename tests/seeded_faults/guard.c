/* SPDX-License-Identifier: Apache-2.0
 *
 * Linked into every program with a seeded fault (--wrap=kill): a fault may send a signal to 0 or -1, which is the
 * process group, or all that there is.
 */
#include <signal.h>
#include <stdlib.h>

int __real_kill(pid_t pid, int number);
int __wrap_kill(pid_t pid, int number);

int __wrap_kill(pid_t pid, int number)
{
    if (pid <= 1)
        abort();
    return __real_kill(pid, number);
}
