/* SPDX-License-Identifier: Apache-2.0
 *
 * router - one table from method and path to a route. Every route is handed the plane, the request and an empty reply,
 * and makes the reply.
 *
 * How to add a route: write it in a file of routes/, declare it in routes/routes.h, add its row in router.c, describe
 * it in openapi.c.
 */
#ifndef DEVSERVER_ROUTER_H
#define DEVSERVER_ROUTER_H

#include "exchange.h"

/* Answers whatever comes: 421 for a foreign Host (HTTP/1.0 may come without one, RFC 9112 section 3.2), 404 for an
 * unknown path, 405 with Allow, 413, a fault of the script, or the route. */
void router_answer(struct control_plane *plane, const struct request *request, struct reply *reply);

#endif
