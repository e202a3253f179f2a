/* SPDX-License-Identifier: Apache-2.0
 *
 * suggestion - which of the words that would do was meant by one that does not.
 *
 *     struct suggestion suggestion;
 *     suggestion_begin(&suggestion, typed, strlen(typed));
 *     ... suggestion_consider(&suggestion, candidate, strlen(candidate)), for each ...
 *     if (!suggestion_ask(&suggestion, "\"", "\"", &line)) ... nothing is near ...
 */
#ifndef CORE_BASE_SUGGESTION_H
#define CORE_BASE_SUGGESTION_H

#include <stdbool.h>

#include "base/buf.h"

#define SUGGESTION_MAX_BYTES 63
#define SUGGESTION_MAX_COMPLETED 3

struct suggestion {
    char typed[SUGGESTION_MAX_BYTES + 1];
    char completed[SUGGESTION_MAX_COMPLETED][SUGGESTION_MAX_BYTES + 1]; /* the first that begin as typed */
    unsigned completed_count;                                           /* of all that do */
    char nearest[SUGGESTION_MAX_BYTES + 1];
    unsigned distance; /* of the nearest */
};

/* An empty word, and one of more than SUGGESTION_MAX_BYTES, is like none. */
void suggestion_begin(struct suggestion *suggestion, const char *typed, size_t length);

/* The candidate is copied; a longer one is passed over. */
void suggestion_consider(struct suggestion *suggestion, const char *candidate, size_t length);

/* Appends `did you mean "one"?`, each word, sanitised, between `before` and `after`: the only one that begins as typed,
 * else the nearest (text_is_nearer; one that differs in its capitals alone is the nearest of all, and the first of
 * equals), else up to SUGGESTION_MAX_COMPLETED that begin as typed. False, and nothing appended, for none. */
bool suggestion_ask(const struct suggestion *suggestion, const char *before, const char *after, struct buf *out);

#endif
