/* SPDX-License-Identifier: Apache-2.0
 *
 * http_exchange - what the tests of the http module share: a client, its peer, and one request at a time between them.
 */
#ifndef TESTS_HTTP_EXCHANGE_H
#define TESTS_HTTP_EXCHANGE_H

#include "http/http.h"
#include "http_peer.h"

extern const struct http_module plexctl_http_module;

struct exchange {
    struct peer peer;
    struct http_client *client;
    struct http_reply reply; /* of the last send */
    struct error err;
    /* Of the next request; set by exchange_begin to plain http, the peer's port, 30 s, 64 KiB, no cancel_fd. */
    bool is_tls;
    const char *host;
    int port;
    const struct secret *bearer;
    int64_t timeout_ms;
    size_t body_max_bytes;
    int cancel_fd;
    void (*tick)(void *context);
    void *context;
    int64_t spent_ms; /* by the last send */
};

/* A fixture: no proxy, no certificate variables. */
void exchange_clear_environment(void);

void exchange_begin(struct exchange *exchange, const struct peer_step *steps, size_t step_count);

/* Sends to "<scheme>://<host>:<port>/v1/x?y=z". */
plexctl_status exchange_send(struct exchange *exchange, const char *method, const char *body);

/* Frees the client and waits for the peer. */
void exchange_join(struct exchange *exchange);

/* How often `text` stands in what the peer received. */
size_t exchange_count(const struct exchange *exchange, const char *text);

/* Asserts that the message names the request's host:port and has each phrase up to a NULL. */
void exchange_assert_phrases(const struct exchange *exchange, const char *const phrases[static 2]);

void exchange_release(struct exchange *exchange);

#endif
