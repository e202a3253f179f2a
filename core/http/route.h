/* SPDX-License-Identifier: Apache-2.0
 *
 * route - how a URL is reached, in words: "host:port", and " through the proxy host:port of https_proxy" where one of
 * the usual variables named a proxy that libcurl took. Names and passwords in the proxy's URL are left out.
 *
 * libcurl decides by NO_PROXY and does not tell (CURLINFO_USED_PROXY came with 8.7). The port that was dialled does,
 * unless proxy and server have the same one; then, and before anything was dialled, the words say that it is open.
 */
#ifndef CORE_HTTP_ROUTE_H
#define CORE_HTTP_ROUTE_H

#include <stdbool.h>

#include "http/http.h"

/* `dialled_port` is 0 where nothing was dialled. */
void route_describe(struct buf *out, const struct http_url *url, int dialled_port);

/* Whether the connection certainly goes through a proxy, and whether by TLS of its own. */
enum route_proxy { ROUTE_PROXY_NONE, ROUTE_PROXY_PLAIN, ROUTE_PROXY_TLS };
enum route_proxy route_proxy(const struct http_url *url, int dialled_port);

#endif
