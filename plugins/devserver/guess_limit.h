/* SPDX-License-Identifier: Apache-2.0
 *
 * guess_limit - stops the guessing of user codes (RFC 8628 section 5.1): so many wrong ones within a minute, from
 * whomever, and for the rest of that minute none is looked at. Pure: the time comes from the caller.
 */
#ifndef DEVSERVER_GUESS_LIMIT_H
#define DEVSERVER_GUESS_LIMIT_H

#include <stdint.h>

#define GUESS_LIMIT_WRONG 10
#define GUESS_LIMIT_WINDOW_MS 60000

struct guess_limit {
    int wrong;         /* 0: no window is open */
    int64_t opened_ms; /* the first wrong guess of the window */
};

/* 0 if a code may be looked at; else the whole seconds until one may, at least 1. */
int64_t guess_limit_wait_s(const struct guess_limit *limit, int64_t now_ms);

/* Counts a wrong guess. */
void guess_limit_count(struct guess_limit *limit, int64_t now_ms);

#endif
