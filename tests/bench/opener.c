/* SPDX-License-Identifier: Apache-2.0
 *
 * opener - opens the shared objects that its arguments name, and ends: the least that a command costs which needs them.
 */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char *argv[])
{
    for (int i = 1; i < argc; i++) {
        if (!dlopen(argv[i], RTLD_LAZY | RTLD_LOCAL)) {
            (void)fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
    }
    return 0;
}
