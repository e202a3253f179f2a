/* SPDX-License-Identifier: Apache-2.0
 *
 * failure - what a transfer that brought no whole reply means: whether another try may work, and one line that says in
 * which phase it failed, with whom, through which proxy, why, and what to do.
 */
#ifndef CORE_HTTP_FAILURE_H
#define CORE_HTTP_FAILURE_H

#include <curl/curl.h>

#include "http/http.h"

struct failure {
    CURL *easy; /* after the transfer, before its reset */
    CURLcode code;
    const char *detail; /* libcurl's CURLOPT_ERRORBUFFER; "" for none */
    const struct http_url *url;
};

/* Sets PLEXCTL_UNREACHABLE, PLEXCTL_FAILED or PLEXCTL_NO_MEMORY and returns it. */
plexctl_status failure_explain(const struct failure *failure, struct error *err);

/* Appends "host:port", and " through the proxy host:port of https_proxy" where the environment names one. Passwords in
 * the proxy's URL are left out. */
void failure_append_peer(struct buf *out, const struct http_url *url);

#endif
