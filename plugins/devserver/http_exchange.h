/* SPDX-License-Identifier: Apache-2.0
 *
 * http_exchange - one request as libmicrohttpd delivers it, in pieces: its body is collected within bounds, it becomes
 * a struct request, the router's reply goes back or the connection is mistreated as a fault asks.
 */
#ifndef DEVSERVER_HTTP_EXCHANGE_H
#define DEVSERVER_HTTP_EXCHANGE_H

#include <microhttpd.h>

#include "exchange.h"

#define STALLED_MAX 64

/* Connections that get no reply. They are suspended; whoever stops the daemon must let them go first. */
struct stalled {
    struct MHD_Connection *rows[STALLED_MAX];
    size_t count;
};
void stalled_let_go(struct stalled *stalled);

struct http_exchange_context {
    struct control_plane *plane;
    struct stalled stalled;
};

/* For MHD_start_daemon: the handler, with a struct http_exchange_context, and the notification of a request's end. */
enum MHD_Result http_exchange_handle(void *context, struct MHD_Connection *connection, const char *url,
                                     const char *method, const char *version, const char *upload, size_t *upload_size,
                                     void **ret_state);
void http_exchange_completed(void *context, struct MHD_Connection *connection, void **state,
                             enum MHD_RequestTerminationCode why);

#endif
