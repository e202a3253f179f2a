/* SPDX-License-Identifier: Apache-2.0
 *
 * identities - the people whom the test identity provider knows, and what comes of it when they approve.
 */
#ifndef DEVSERVER_IDENTITIES_H
#define DEVSERVER_IDENTITIES_H

#include <stddef.h>

enum identity_outcome {
    IDENTITY_ADMITTED,  /* a token is issued */
    IDENTITY_REJECTED,  /* the identity provider says no: the poll answers access_denied */
    IDENTITY_FORBIDDEN, /* the control plane says no: the poll answers HTTP 403 */
};

struct identity {
    const char *email;   /* also what the sign-in form sends */
    const char *subject; /* whoami's subject */
    const char *effect;  /* one clause for people: "a login that ..." */
    enum identity_outcome outcome;
};

#define IDENTITIES_COUNT 3
extern const struct identity identities[IDENTITIES_COUNT];

/* NULL for an unknown or NULL email; exact match. */
const struct identity *identity_find(const char *email);

#endif
