/* SPDX-License-Identifier: Apache-2.0 */
#include "exit_code.h"

const struct exit_code_row exit_code_table[] = {
    {PLEXCTL_OK, 0, "done"},
    {PLEXCTL_FAILED, 1, "failure"},
    {PLEXCTL_UNREACHABLE, 1, "the server could not be reached"},
    {PLEXCTL_NO_MEMORY, 1, "out of memory"},
    {PLEXCTL_INVALID, 1, "a plugin broke its contract"},
    {PLEXCTL_NOT_FOUND, 1, "the named thing does not exist"},
    {PLEXCTL_USAGE, 2, "usage"},
    {PLEXCTL_NO_SERVER, 3, "no server/token"},
    {PLEXCTL_NO_TOKEN, 3, "no token was resolved for the server"},
    {PLEXCTL_DENIED, 4, "denied"},
    {PLEXCTL_NOT_IMPLEMENTED, 64, "unimplemented"},
};

const size_t exit_code_count = sizeof exit_code_table / sizeof exit_code_table[0];

int exit_code_of(plexctl_status status)
{
    for (size_t i = 0; i < exit_code_count; i++) {
        if (exit_code_table[i].status == status)
            return exit_code_table[i].code;
    }
    return 1;
}
