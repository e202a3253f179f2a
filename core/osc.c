/* SPDX-License-Identifier: Apache-2.0 */
#include "osc.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "terminal.h"

/* Each is the beginning of a TERM: the consoles of kernels, DEC's terminals and what imitates them, Emacs. */
static const char *const printers[] = {"linux", "cons25", "vt", "sun", "eterm", "emacs"};

const char *osc_refusal(int fd)
{
    const char *kind = getenv("TERM"), *screen = getenv("STY");

    if (!terminal_is(fd))
        return "it is no terminal";
    if (!terminal_takes_escapes(fd))
        return "TERM says that the terminal takes no control sequences";
    for (size_t i = 0; i < sizeof printers / sizeof printers[0]; i++) {
        if (kind && strncmp(kind, printers[i], strlen(printers[i])) == 0)
            return "a terminal of this kind, by TERM, may print what it is to obey";
    }
    return screen && screen[0] ? "GNU screen does not pass it on" : NULL;
}
