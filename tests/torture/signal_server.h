/* SPDX-License-Identifier: Apache-2.0
 *
 * signal_server - a control plane on 127.0.0.1 for one login, which answers up to a chosen point and then no more. It
 * runs in the caller's own loop, so that what it has been asked tells where the login stands.
 */
#ifndef TESTS_SIGNAL_SERVER_H
#define TESTS_SIGNAL_SERVER_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#define SIGNAL_SERVER_TOKEN "signals-access-token-5d2f81c3"

/* What the server is asked, in the order of a login; also: from where on it does not answer. */
enum signal_ask {
    ASK_NOTHING,
    ASK_CONNECTION, /* a server that does not answer this has no room for a connection */
    ASK_HANDSHAKE,
    ASK_CODE,
    ASK_TOKEN,
    ASK_WHOAMI,
    ASK_NO_MORE,
};

struct signal_server {
    enum signal_ask silent_from;
    bool half_a_reply; /* in place of none, where it falls silent */
    int port;
    enum signal_ask asked;    /* last */
    enum signal_ask answered; /* last */
    /* Its own. */
    int listener, connection, stuffing;
    size_t request_len;
    char request[4096];
};

/* Ends the process where the system has no socket for it. */
void signal_server_start(struct signal_server *server);

/* Fills two slots, either of which may wait for nothing. */
void signal_server_polled(const struct signal_server *server, struct pollfd slots[static 2]);

/* Takes what has come and answers it. Never waits. */
void signal_server_serve(struct signal_server *server);

/* A connection to the server is on its way and not accepted. */
bool signal_server_is_dialled(const struct signal_server *server);

#endif
