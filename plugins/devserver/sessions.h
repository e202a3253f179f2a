/* SPDX-License-Identifier: Apache-2.0
 *
 * sessions - browsers in which somebody signed in; the oldest goes when all places are taken. Pure: random texts and
 * the time come from the caller. A session's id is never one that a browser proposed.
 */
#ifndef DEVSERVER_SESSIONS_H
#define DEVSERVER_SESSIONS_H

#include <stdint.h>

#include "identities.h"
#include "random_text.h"

#define SESSIONS_MAX 256
#define SESSION_LIFETIME_MS (INT64_C(8) * 3600 * 1000)

struct session {
    char id[RANDOM_TEXT_SIZE];       /* cookie plexsphere_session */
    char csrf[RANDOM_TEXT_SIZE];     /* cookie plexsphere_csrf, form field and header */
    const struct identity *identity; /* NULL: a free place */
    int64_t expires_ms;
};

struct sessions;

struct sessions *sessions_new(void); /* NULL out of memory */
void sessions_free(struct sessions *sessions);

/* Copies `fresh`, whose id and csrf are of random_text(), and dates it. The session is good until the next call of this
 * room. */
const struct session *sessions_open(struct sessions *sessions, const struct session *fresh, int64_t now_ms);

/* NULL for an unknown, NULL or expired id. */
const struct session *sessions_find(const struct sessions *sessions, const char *id, int64_t now_ms);

/* Forgets it; an unknown or NULL id is nothing to do. */
void sessions_close(struct sessions *sessions, const char *id);

#endif
