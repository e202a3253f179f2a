/* SPDX-License-Identifier: Apache-2.0 */
#include "sessions.h"

#include <stdlib.h>
#include <string.h>

struct sessions {
    size_t next;
    struct session rows[SESSIONS_MAX];
};

struct sessions *sessions_new(void)
{
    return calloc(1, sizeof(struct sessions));
}

void sessions_free(struct sessions *sessions)
{
    if (sessions)
        explicit_bzero(sessions, sizeof *sessions);
    free(sessions);
}

const struct session *sessions_open(struct sessions *sessions, const struct session *fresh, int64_t now_ms)
{
    struct session *row = &sessions->rows[sessions->next];

    sessions->next = (sessions->next + 1) % SESSIONS_MAX;
    *row = *fresh;
    row->expires_ms = now_ms + SESSION_LIFETIME_MS;
    return row;
}

static const struct session *find(const struct sessions *sessions, const char *id)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        const struct session *row = &sessions->rows[i];
        if (row->identity && secret_equal(row->id, id))
            return row;
    }
    return NULL;
}

const struct session *sessions_find(const struct sessions *sessions, const char *id, int64_t now_ms)
{
    const struct session *row = find(sessions, id);
    return row && now_ms < row->expires_ms ? row : NULL;
}

void sessions_close(struct sessions *sessions, const char *id)
{
    const struct session *row = find(sessions, id);

    if (row)
        explicit_bzero(&sessions->rows[row - sessions->rows], sizeof *row);
}
