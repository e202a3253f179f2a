/* SPDX-License-Identifier: Apache-2.0 */
#include "base/shortage.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

const char *shortage_remedy(int number)
{
    return number == EMFILE || number == ENFILE ? "run `ulimit -n 1024`, or close other programs" : NULL;
}

const char *shortage_remedy_of_linker(const char *reason)
{
    static const int numbers[] = {EMFILE, ENFILE};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strstr(reason, strerror(numbers[i])))
            return shortage_remedy(numbers[i]);
    /* glibc's words; a file system that is mounted noexec has the same. */
    return strstr(reason, "failed to map segment") ? "run `ulimit -v unlimited`, or close other programs" : NULL;
}
