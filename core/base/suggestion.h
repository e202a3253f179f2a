/* SPDX-License-Identifier: Apache-2.0
 *
 * suggestion - which of the words that would do was meant by one that does not.
 *
 *     struct suggestion suggestion;
 *     suggestion_begin(&suggestion, typed, strlen(typed));
 *     ... suggestion_consider(&suggestion, candidate, strlen(candidate)), for each ...
 *     const char *meant = suggestion_best(&suggestion);
 */
#ifndef CORE_BASE_SUGGESTION_H
#define CORE_BASE_SUGGESTION_H

#include <stddef.h>

#define SUGGESTION_MAX_BYTES 63

struct suggestion {
    char typed[SUGGESTION_MAX_BYTES + 1];
    char completed[SUGGESTION_MAX_BYTES + 1]; /* a candidate that begins as typed */
    unsigned completed_count;
    char nearest[SUGGESTION_MAX_BYTES + 1];
    unsigned distance; /* of the nearest */
};

/* An empty word, and one of more than SUGGESTION_MAX_BYTES, is like none. */
void suggestion_begin(struct suggestion *suggestion, const char *typed, size_t length);

/* The candidate is copied; a longer one is passed over. */
void suggestion_consider(struct suggestion *suggestion, const char *candidate, size_t length);

/* The only one that begins as typed, else the nearest (text_is_nearer; one that differs in its capitals alone is the
 * nearest of all, and the first of equals); NULL for none. Lives as long as `suggestion`. */
const char *suggestion_best(const struct suggestion *suggestion);

#endif
