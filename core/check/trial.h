/* SPDX-License-Identifier: Apache-2.0
 *
 * trial - runs one command line of the plugin, as plexctl would, in a process of its own: with a home of its own, a
 * server that does not exist, a token that must never be shown, and no network.
 */
#ifndef CORE_CHECK_TRIAL_H
#define CORE_CHECK_TRIAL_H

#include "check/report.h"
#include "check/services.h"
#include "check/subject.h"
#include "guard.h"

#define TRIAL_LIMIT_MS 20000
#define TRIAL_SERVER "https://check.invalid"
/* The token, and the values of SECRET flags. */
#define TRIAL_TOKEN "plexctl-check-token-0f1e2d3c4b5a69788796a5b4c3d2e1f0"
#define TRIAL_SECRET "plexctl-check-secret-89abcdef01234567fedcba9876543210"
#define TRIAL_STORED_TOKEN "plexctl-check-stored-13579bdf02468ace13579bdf02468ace"

/* A command line: words[0] is the command word. */
struct trial_line {
    char **words;
    int count;
};

struct trial {
    const struct subject *subject;
    const struct trial_line *line;
    const struct http_module *http; /* by recording_module */
    struct fault fault;
    struct host_age age;
    bool is_twice;
    bool is_debug; /* with --debug */
};

#define TRIAL_ENDED 0   /* it returned, or the command line was refused */
#define TRIAL_CRASHED 1 /* `how` says by which signal */
#define TRIAL_EXITED 2
#define TRIAL_LATE 3

struct trial_result {
    struct report *report; /* shared memory */
    int end;               /* TRIAL_... */
    int how;               /* as waitpid() tells it */
    struct buf output, errors;
};

/* PLEXCTL_OK whatever the plugin did. The caller releases the result. */
plexctl_status trial_run(const struct trial *trial, struct trial_result *ret_result, struct error *err);
void trial_result_release(struct trial_result *result);

/* "crashes (SIGSEGV) behind output->emit", and so on; "" where it ended as it should. */
void trial_describe_end(const struct trial_result *result, struct buf *out);

/* The environment of a plugin, in a child; the home is the subject's. */
plexctl_status trial_enter(const struct subject *subject, struct error *err);

/* Saves the profile "default" in that home. */
plexctl_status trial_prepare_home(const struct subject *subject, struct error *err);

#endif
