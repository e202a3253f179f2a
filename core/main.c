/* SPDX-License-Identifier: Apache-2.0
 *
 * Process hygiene, run, flush and check stdout, exit.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "cancel.h"
#include "dispatch.h"
#include "exit_code.h"
#include "output.h"
#include "progress.h"

/* A token may be in memory: no core, no debugger of the same user, no TLS secrets on disk (libcurl writes them for
 * SSLKEYLOGFILE). A closed pipe or a full quota is an error to report, not a death. Where SIGCHLD is ignored,
 * how a child ended is not told. */
static void harden(void)
{
    const struct rlimit no_core = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)unsetenv("SSLKEYLOGFILE");
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)signal(SIGCHLD, SIG_DFL);
}

int main(int argc, char *argv[])
{
    struct error err = ERROR_INIT;

    harden();
    plexctl_status status = file_open_standard(&err);
    if (status == PLEXCTL_OK)
        status = cancel_install(&err);
    if (status == PLEXCTL_OK)
        status = dispatch(argc, argv, &err);
    progress_show(NULL);
    /* Also where the command was past the point at which it could stop: whoever sent the signal wants an end, and a
     * shell that sees exit 0 goes on to the next command. */
    if (cancel_signal())
        cancel_die();
    if (close(STDOUT_FILENO) != 0 && status == PLEXCTL_OK)
        status = error_set_errno(&err, PLEXCTL_FAILED, errno, "cannot write to standard output");
    if (status != PLEXCTL_OK)
        output_error(err.text);
    return exit_code_of(status);
}
