/* SPDX-License-Identifier: Apache-2.0
 *
 * session - one command line, tried again and again: what holds for every trial of it is looked at in each, and kept.
 */
#ifndef CORE_CHECK_SESSION_H
#define CORE_CHECK_SESSION_H

#include "check/trial.h"

/* What no trial may show; the first of each is kept, in words. */
#define SIN_STATUS 0   /* a status that is in no list */
#define SIN_CONTRACT 1 /* PLEXCTL_INVALID */
#define SIN_SILENCE 2  /* a failure without a word */
#define SIN_PRINTING 3
#define SIN_RESULTS 4
#define SIN_TRACES 5
#define SIN_SECRET 6
#define SIN_COUNT 7

#define SESSION_MAX_SECRETS 16

struct session {
    const struct subject *subject;
    const struct trial_line *line;
    const struct http_module *http;
    struct guard secrets[SESSION_MAX_SECRETS]; /* one in each */
    size_t secret_count;
    struct trial_result plain; /* of the first run, with nothing amiss */
    bool is_well;              /* it ended by itself */
    char sins[SIN_COUNT][ERROR_TEXT_SIZE];
};

/* Runs the line plainly. The caller releases the session, whatever this came to. */
plexctl_status session_begin(struct session *session, const struct subject *subject, const struct trial_line *line,
                             const struct http_module *http, struct error *err);
void session_release(struct session *session);

/* A trial of the line: subject, line and http of `trial` are filled in. */
plexctl_status session_try(struct session *session, struct trial *trial, struct trial_result *ret_result,
                           struct error *err);

/* What the plugin said, fit to be shown: secrets masked. Appended. */
void session_quote(const struct session *session, const char *text, struct buf *out);

/* "PLEXCTL_OK" and so on; a number for one that is none. */
const char *session_status_name(plexctl_status status);

#endif
