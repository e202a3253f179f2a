/* SPDX-License-Identifier: Apache-2.0 */
#include "grants.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct grants {
    int count; /* places in use, from the front */
    struct grant rows[GRANTS_MAX];
};

struct grants *grants_new(void)
{
    return calloc(1, sizeof(struct grants));
}

void grants_free(struct grants *grants)
{
    if (grants)
        explicit_bzero(grants, sizeof *grants);
    free(grants);
}

int grant_is_live(const struct grant *grant, int64_t now_ms)
{
    return (grant->state == GRANT_PENDING || grant->state == GRANT_APPROVED) && now_ms < grant->expires_ms;
}

static struct grant *place_for_new(struct grants *grants, int64_t now_ms)
{
    struct grant *oldest = NULL;

    if (grants->count < GRANTS_MAX)
        return &grants->rows[grants->count++];
    for (int i = 0; i < grants->count; i++) {
        struct grant *row = &grants->rows[i];
        if (!grant_is_live(row, now_ms) && (!oldest || row->created_ms < oldest->created_ms))
            oldest = row;
    }
    return oldest;
}

static void copy_printable(char *ret_text, size_t size, const char *text)
{
    size_t i = 0;

    for (; i + 1 < size && text[i]; i++)
        ret_text[i] = (char)(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?');
    ret_text[i] = '\0';
}

const struct grant *grants_add(struct grants *grants, const struct grant_request *request)
{
    struct grant *row = place_for_new(grants, request->now_ms);

    if (!row)
        return NULL;
    *row = (struct grant){.asked_unix_s = request->asked_unix_s,
                          .created_ms = request->now_ms,
                          .expires_ms = request->now_ms + request->lifetime_ms,
                          .interval_ms = request->interval_ms,
                          .polled_ms = -1};
    copy_printable(row->device_code, sizeof row->device_code, request->device_code);
    copy_printable(row->user_code, sizeof row->user_code, request->user_code);
    copy_printable(row->client, sizeof row->client, request->client);
    copy_printable(row->peer, sizeof row->peer, request->peer);
    return row;
}

static struct grant *find_by_device_code(struct grants *grants, const char *device_code)
{
    for (int i = 0; i < grants->count; i++) {
        if (secret_equal(grants->rows[i].device_code, device_code))
            return &grants->rows[i];
    }
    return NULL;
}

const struct grant *grants_find(const struct grants *grants, const char *user_code)
{
    const struct grant *newest = NULL;

    for (int i = 0; i < grants->count; i++) {
        const struct grant *row = &grants->rows[i];
        if (strcmp(row->user_code, user_code) == 0 && (!newest || row->created_ms >= newest->created_ms))
            newest = row;
    }
    return newest;
}

static enum grant_poll poll_pending(struct grant *row, int64_t now_ms)
{
    bool early = row->polled_ms >= 0 && now_ms - row->polled_ms < row->interval_ms;

    row->polled_ms = now_ms;
    if (!early)
        return GRANT_POLL_PENDING;
    row->interval_ms += GRANT_SLOW_DOWN_MS;
    return GRANT_POLL_SLOW_DOWN;
}

enum grant_poll grants_poll(struct grants *grants, const char *device_code, int64_t now_ms,
                            const struct identity **ret_identity)
{
    struct grant *row = find_by_device_code(grants, device_code);

    if (!row || row->state == GRANT_CONSUMED)
        return GRANT_POLL_INVALID;
    if (now_ms >= row->expires_ms)
        return GRANT_POLL_EXPIRED;
    switch (row->state) {
    case GRANT_PENDING:
        return poll_pending(row, now_ms);
    case GRANT_APPROVED:
        row->state = GRANT_CONSUMED;
        *ret_identity = row->identity;
        return GRANT_POLL_TOKEN;
    case GRANT_DENIED:
        return GRANT_POLL_DENIED;
    case GRANT_FORBIDDEN:
        *ret_identity = row->identity;
        return GRANT_POLL_FORBIDDEN;
    case GRANT_CONSUMED:
        break;
    }
    return GRANT_POLL_INVALID;
}

void grants_slow_down(struct grants *grants, const char *device_code, int64_t now_ms)
{
    struct grant *row = find_by_device_code(grants, device_code);

    if (!row)
        return;
    row->interval_ms += GRANT_SLOW_DOWN_MS;
    row->polled_ms = now_ms;
}

enum grant_decision grants_decide(struct grants *grants, const struct grant_verdict *verdict, int64_t now_ms)
{
    const struct grant *found = grants_find(grants, verdict->user_code);

    if (!found)
        return GRANT_NOT_FOUND;
    if (found->state != GRANT_PENDING)
        return GRANT_ALREADY;
    if (now_ms >= found->expires_ms)
        return GRANT_TOO_LATE;
    struct grant *row = &grants->rows[found - grants->rows];
    row->state = verdict->state;
    row->identity = verdict->identity;
    return GRANT_DECIDED;
}

int grants_count_live(const struct grants *grants, int64_t now_ms)
{
    int live = 0;

    for (int i = 0; i < grants->count; i++)
        live += grant_is_live(&grants->rows[i], now_ms);
    return live;
}
