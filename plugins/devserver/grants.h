/* SPDX-License-Identifier: Apache-2.0
 *
 * grants - device authorisation grants in memory (RFC 8628): asked for, decided by a person, polled, consumed once.
 * Pure: codes and the time come from the caller.
 *
 *     grants_add -> PENDING -> grants_decide -> APPROVED | DENIED | FORBIDDEN
 *                      |                            |
 *                  grants_poll                 grants_poll -> CONSUMED
 *
 * A grant whose time is up is EXPIRED to every question, whatever its state, but a consumed one. Dead grants (expired,
 * denied, forbidden, consumed) stay so that a late poll is told why, until their place is needed: oldest first.
 */
#ifndef DEVSERVER_GRANTS_H
#define DEVSERVER_GRANTS_H

#include <stdint.h>

#include "identities.h"
#include "random_text.h"
#include "user_code.h"

#define GRANTS_MAX 4096
#define GRANT_CLIENT_SIZE 65
#define GRANT_PEER_SIZE 48
#define GRANT_SLOW_DOWN_MS 5000 /* RFC 8628 section 3.5 */

enum grant_state {
    GRANT_PENDING,
    GRANT_APPROVED,
    GRANT_DENIED,
    GRANT_FORBIDDEN,
    GRANT_CONSUMED,
};

struct grant {
    char device_code[RANDOM_TEXT_SIZE];
    char user_code[USER_CODE_SIZE];
    char client[GRANT_CLIENT_SIZE]; /* what the program calls itself: printable ASCII */
    char peer[GRANT_PEER_SIZE];     /* where it asked from */
    int64_t asked_unix_s;
    int64_t created_ms, expires_ms, interval_ms;
    int64_t polled_ms; /* the last poll; -1 for none */
    enum grant_state state;
    const struct identity *identity; /* who decided; NULL while pending */
};

/* What a new grant is made of; texts are copied, longer ones cut, bytes that are not printable ASCII become '?'. */
struct grant_request {
    const char *device_code, *user_code;
    const char *client, *peer;
    int64_t asked_unix_s;
    int64_t now_ms, lifetime_ms, interval_ms;
};

struct grants;

struct grants *grants_new(void); /* NULL out of memory */
void grants_free(struct grants *grants);

/* NULL where all GRANTS_MAX places hold live grants. The pointer is good until the next grants_add. */
const struct grant *grants_add(struct grants *grants, const struct grant_request *request);

/* The newest grant of that user code in its canonical form, dead ones too; NULL for none. */
const struct grant *grants_find(const struct grants *grants, const char *user_code);

/* 1 while the grant waits for a person or for the poll that fetches the token. */
int grant_is_live(const struct grant *grant, int64_t now_ms);

enum grant_poll {
    GRANT_POLL_PENDING,
    GRANT_POLL_SLOW_DOWN, /* came before the interval was over; the interval has grown */
    GRANT_POLL_TOKEN,     /* issue a token for *ret_identity; the code is spent */
    GRANT_POLL_DENIED,
    GRANT_POLL_FORBIDDEN,
    GRANT_POLL_EXPIRED,
    GRANT_POLL_INVALID, /* unknown or spent */
};

/* *ret_identity is set for TOKEN and FORBIDDEN. */
enum grant_poll grants_poll(struct grants *grants, const char *device_code, int64_t now_ms,
                            const struct identity **ret_identity);

/* Makes the grant's interval longer, as a slow_down that was sent for another reason does. */
void grants_slow_down(struct grants *grants, const char *device_code, int64_t now_ms);

enum grant_decision {
    GRANT_DECIDED,
    GRANT_NOT_FOUND, /* unknown */
    GRANT_ALREADY,   /* decided before; grants_find tells how */
    GRANT_TOO_LATE,  /* expired */
};

struct grant_verdict {
    const char *user_code;
    enum grant_state state; /* APPROVED, DENIED or FORBIDDEN */
    const struct identity *identity;
};

enum grant_decision grants_decide(struct grants *grants, const struct grant_verdict *verdict, int64_t now_ms);

/* How many grants are live. */
int grants_count_live(const struct grants *grants, int64_t now_ms);

#endif
