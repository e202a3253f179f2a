/* SPDX-License-Identifier: Apache-2.0
 *
 * login_world - the whole of `plexctl login` on core's own json, url and http services, against a control plane made of
 * bytes: the http module answers what it is told, the clock moves only when something takes time, and what the command
 * printed, warned of and saved is kept to look at.
 */
#ifndef TESTS_FUZZ_LOGIN_WORLD_H
#define TESTS_FUZZ_LOGIN_WORLD_H

#include "host_internal.h"

#define LOGIN_WORLD_POLLS_MAX 128
#define LOGIN_WORLD_SERVER "https://cp.example.com"

struct login_reply {
    int32_t http; /* 0: no whole reply comes */
    const char *content_type;
    const char *body;
    size_t body_size;
    int64_t retry_after_s; /* -1 for none */
    int64_t takes_ms;
};

struct login_poll {
    int64_t sent_ms, received_ms, timeout_ms;
    struct login_reply reply;
};

struct login_world {
    struct host host; /* first */

    /* Told: replies in their order, the device-code reply first; when there are no more, authorization_pending. */
    const struct login_reply *replies;
    size_t reply_count;

    /* Kept */
    int64_t now_ms, coded_ms; /* the clock; when the device-code reply had come */
    struct login_poll polls[LOGIN_WORLD_POLLS_MAX];
    size_t poll_count, asked;
    struct buf printed; /* stdout and warnings, a line each */
    size_t printed_before_reply;
    char *saved_token; /* NULL for none */
    int64_t saved_expires_in_s;
};

/* Runs the command; requires what holds for every run. The caller releases. */
plexctl_status login_world_run(struct login_world *world, const struct login_reply *replies, size_t reply_count);
void login_world_release(struct login_world *world);

#endif
