/* SPDX-License-Identifier: Apache-2.0
 *
 * http_server - the socket and the loop: libmicrohttpd without threads, so that everything runs on the thread that may
 * call the host. Listens on 127.0.0.1 only.
 */
#ifndef DEVSERVER_HTTP_SERVER_H
#define DEVSERVER_HTTP_SERVER_H

#include <stdint.h>

#include "control_plane.h"
#include "reason.h"
#include "tls_certificate.h"

struct http_server;

struct http_server_options {
    uint16_t port;             /* 0: any free one */
    const struct tls_pem *tls; /* NULL: plain http; must outlive the server */
};

/* The plane must outlive the server. PLEXCTL_FAILED where the port is taken, with the fix. */
plexctl_status http_server_start(struct control_plane *plane, const struct http_server_options *options,
                                 struct http_server **ret_server, struct reason *reason);

uint16_t http_server_port(const struct http_server *server);

/* Serves until the clock says cancelled, and returns PLEXCTL_CANCELLED; PLEXCTL_FAILED where the loop cannot go on. */
plexctl_status http_server_run(struct http_server *server, struct reason *reason);

/* Closes every connection; NULL is allowed. */
void http_server_stop(struct http_server *server);

#endif
