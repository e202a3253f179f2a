/* SPDX-License-Identifier: Apache-2.0
 *
 * reply - takes what a server sends as it comes, within limits, and makes the reply of it.
 *
 * CURLOPT_MAXFILESIZE does not stop chunked and close-delimited bodies, and libcurl does not count headers for us: both
 * limits are kept where the bytes arrive. libcurl also takes a connection that is closed amid the headers for a whole
 * reply without a body: the receiver knows better.
 */
#ifndef CORE_HTTP_REPLY_H
#define CORE_HTTP_REPLY_H

#include <curl/curl.h>

#include "http/framing.h"
#include "http/http.h"

/* All header lines of a reply together, interim replies, trailers and a proxy's included. */
#define REPLY_HEADERS_MAX_BYTES 65536

/* What a reply may take on the wire, as a multiple of its body and headers: chunk sizes, TLS records, a handshake. */
#define REPLY_INTAKE_FACTOR 8

#define REPLY_RETRY_AFTER_MAX_S 86400

enum excess { EXCESS_NONE, EXCESS_BODY, EXCESS_HEADERS, EXCESS_MEMORY, EXCESS_FRAMING, EXCESS_INTAKE };

struct receiver {
    CURL *easy;
    struct buf body;
    size_t headers_bytes;
    struct framing framing;
    bool has_headers;   /* the empty line behind the last reply's headers came */
    enum excess excess; /* why the transfer was ended from here */
};

#define RECEIVER_INIT(body_max_bytes) \
    { \
        .body = BUF_INIT(body_max_bytes) \
    }

/* The receiver must outlive the transfer. */
CURLcode receiver_attach(struct receiver *receiver, CURL *easy);

/* Where `excess` is set: the failure. `peer` is as by route_describe. */
plexctl_status receiver_explain(const struct receiver *receiver, const char *peer, struct error *err);

/* The whole reply; takes the body over. PLEXCTL_FAILED for a status outside 100 to 599, and for a length given in a way
 * that two readers could disagree on. */
plexctl_status receiver_finish(struct receiver *receiver, const char *peer, struct http_reply *ret_reply,
                               struct error *err);

void receiver_release(struct receiver *receiver);

void reply_release(struct http_reply *reply);

#endif
