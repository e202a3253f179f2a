/* SPDX-License-Identifier: Apache-2.0
 *
 * http_peer - the other end of a connection, on 127.0.0.1, that reads one request and answers with canned bytes, step
 * by step. It knows nothing of what the bytes mean: odd replies are its purpose. Runs on a thread of the test.
 */
#ifndef TESTS_HTTP_PEER_H
#define TESTS_HTTP_PEER_H

#include <pthread.h>
#include <stdint.h>

#include "base/buf.h"

/* What the peer does when it has sent a step's bytes. */
enum peer_then {
    PEER_KEEP,   /* the next request may come on this connection */
    PEER_CLOSE,  /* orderly */
    PEER_RESET,  /* the client sees ECONNRESET */
    PEER_LEAVE,  /* close, and make peer.left_fd readable when the client's end has learnt of it */
    PEER_HANG,   /* wait until the client closes */
    PEER_CANCEL, /* make peer.cancel_fd readable, then hang */
    PEER_REPEAT, /* send `again` until the client closes, or 64 MiB */
};

struct peer_step {
    const char *reply; /* NULL for no bytes */
    enum peer_then then;
    const char *again;
    bool is_tls;       /* one read is a request, whatever it holds */
    size_t reply_size; /* 0 for strlen */
};

struct peer {
    int port;
    int cancel_fd; /* for a request's cancel_fd */
    int left_fd;
    /* Read these after peer_join. */
    unsigned accepted;
    size_t sent_bytes;
    int64_t cancelled_at_ms;
    struct buf requests; /* everything that came */
    /* Its own. */
    int listener, connection;
    const struct peer_step *steps;
    size_t step_count;
    pthread_t thread;
};

void peer_start(struct peer *peer, const struct peer_step *steps, size_t step_count);

/* Waits until every step was taken; free the client first. */
void peer_join(struct peer *peer);

/* Closes what is left. Without it the test process keeps descriptors. */
void peer_release(struct peer *peer);

/* Milliseconds of a clock that only goes on. */
int64_t peer_now_ms(void);

/* A port that refuses connections. */
int peer_refusing_port(void);

#endif
