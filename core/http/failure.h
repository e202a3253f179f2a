/* SPDX-License-Identifier: Apache-2.0
 *
 * failure - what a transfer that brought no whole reply means: whether another try may work, and one line that says in
 * which phase it failed, with whom, through which proxy, why, and what to do. A table of facts in, words out.
 */
#ifndef CORE_HTTP_FAILURE_H
#define CORE_HTTP_FAILURE_H

#include <curl/curl.h>

#include "http/http.h"
#include "route.h"

enum failure_phase { FAILURE_RESOLVE, FAILURE_CONNECT, FAILURE_TLS, FAILURE_REPLY };

struct failure {
    CURLcode code;
    const char *detail; /* libcurl's CURLOPT_ERRORBUFFER; "" for none */
    const char *peer;   /* as by route_describe */
    enum route_proxy proxy;
    /* By failure_read */
    enum failure_phase phase; /* that was under way; counts for a timeout and for lack of memory */
    int os_error;             /* of the connect; 0 for none */
    long proxy_status;        /* of its answer to CONNECT; 0 for none */
    long verify_result;       /* OpenSSL's; 0 for none or another library */
    long proxy_verify_result;
    int64_t spent_ms;
};

/* Reads those facts off the handle, after the transfer and before its reset. */
void failure_read(CURL *easy, bool is_tls, struct failure *failure);

/* Sets PLEXCTL_UNREACHABLE, PLEXCTL_FAILED or PLEXCTL_NO_MEMORY and returns it. */
plexctl_status failure_explain(const struct failure *failure, struct error *err);

#endif
