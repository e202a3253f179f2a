/* SPDX-License-Identifier: Apache-2.0
 *
 * same_origin - does a browser's request come from our own pages? Pure: header values in, verdict out.
 */
#ifndef DEVSERVER_SAME_ORIGIN_H
#define DEVSERVER_SAME_ORIGIN_H

#include <stdbool.h>

/* Whether the Host header names loopback (localhost, 127.0.0.1, [::1], any port): a foreign name that was made to
 * resolve to this machine is refused. NULL is refused. */
bool host_is_loopback(const char *host);

/* Whether Origin, or where that is absent Referer, is that of `scheme`://`host`. A request with neither, or with the
 * origin "null", is not ours. */
bool same_origin(const char *scheme, const char *host, const char *origin, const char *referer);

#endif
