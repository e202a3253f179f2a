/* SPDX-License-Identifier: Apache-2.0
 *
 * The conformance kit: plugin-check FILE REPLIES [WORD...], executed by `plexctl plugin check`. Its exit code is 0
 * where no check failed, 1 where one did, 2 where what it was given cannot be used.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "cancel.h"
#include "check/load_checks.h"
#include "check/recording.h"
#include "check/run_checks.h"
#include "check/static_checks.h"
#include "exit_code.h"
#include "output.h"

static void harden(void)
{
    const struct rlimit no_core = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)signal(SIGPIPE, SIG_IGN);
}

static plexctl_status check_file(struct subject *subject, struct tally *tally, struct error *err)
{
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; status == PLEXCTL_OK && i < static_check_count; i++) {
        const struct static_check *check = &static_checks[i];
        struct verdict verdict = VERDICT_INIT;
        if (i > 0 && !subject->object)
            verdict_skip(&verdict, "the file cannot be read: %s", subject->object_fault.text);
        else
            check->judge(check, subject, &verdict);
        status = tally_tell(tally, check->name, "", check->rule, &verdict, err);
        verdict_release(&verdict);
    }
    return status;
}

/* A file of another name is tried all the same. */
static bool is_note_fit(const struct subject *subject)
{
    return subject->note_fault.status == PLEXCTL_OK && subject->note.abi_major == PLEXCTL_ABI_MAJOR &&
           subject->note.abi_minor <= PLEXCTL_ABI_MINOR;
}

static plexctl_status check_all(struct subject *subject, char *const words[], size_t word_count, struct tally *tally,
                                struct error *err)
{
    bool is_loaded = false;
    plexctl_status status = output_line("TAP version 13", err);

    if (status == PLEXCTL_OK)
        status = check_file(subject, tally, err);
    if (status == PLEXCTL_OK)
        status = load_checks_run(subject, is_note_fit(subject), tally, &is_loaded, err);
    if (status == PLEXCTL_OK)
        status = run_checks_run(subject, is_loaded, words, word_count, tally, err);
    return status == PLEXCTL_OK ? tally_end(tally, err) : status;
}

static plexctl_status run(int argc, char *argv[], struct tally *tally, struct error *err)
{
    struct subject subject = SUBJECT_INIT;

    if (argc < 3)
        return error_set(err, PLEXCTL_USAGE, "this is a part of `plexctl plugin check`; run that");
    plexctl_status status = subject_open(&subject, argv[1], err);
    if (status == PLEXCTL_OK)
        status = recording_load(argv[2][0] ? argv[2] : NULL, err);
    if (status == PLEXCTL_OK)
        status = check_all(&subject, argv + 3, (size_t)argc - 3, tally, err);
    subject_release(&subject);
    return status;
}

int main(int argc, char *argv[])
{
    struct error err = ERROR_INIT;
    struct tally tally = {0};

    harden();
    plexctl_status status = file_open_standard(&err);
    if (status == PLEXCTL_OK)
        status = cancel_install(&err);
    if (status == PLEXCTL_OK)
        status = json_open(&err); /* else the plugin would be blamed */
    if (status == PLEXCTL_OK)
        status = run(argc, argv, &tally, &err);
    if (cancel_signal())
        cancel_die();
    if (close(STDOUT_FILENO) != 0 && status == PLEXCTL_OK)
        status = error_set_errno(&err, PLEXCTL_FAILED, errno, "cannot write to standard output");
    if (status == PLEXCTL_OK && tally.failed)
        status = error_set(&err, PLEXCTL_FAILED, "%u of %u checks failed; standard output says why and how to mend it",
                           tally.failed, tally.told);
    if (status != PLEXCTL_OK)
        output_error(err.text);
    return exit_code_of(status);
}
