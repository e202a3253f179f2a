/* SPDX-License-Identifier: Apache-2.0
 *
 * http - the module plexctl-http.so: requests over verified TLS, and URLs, both by libcurl, which nothing else uses.
 *
 * It is a shared object of its own because linking libcurl costs four times the start-up of everything else in plexctl;
 * the loader opens it when the first URL is looked at. What it exports is one record:
 *
 *     const struct http_module plexctl_http_module;
 *
 * Policy: TLS 1.2 or later, peer and host verified, no way to turn that off; SSL_CERT_FILE and SSL_CERT_DIR honoured,
 * SSLKEYLOGFILE not; proxies by the usual variables, for https only; no redirect followed; HTTP/1.1; no netrc, cookies,
 * HSTS, alt-svc; connect within 10 s; the reply's body refused over its limit while it is read (CURLOPT_MAXFILESIZE
 * does not stop chunked bodies).
 */
#ifndef CORE_HTTP_HTTP_H
#define CORE_HTTP_HTTP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/secret.h"

#define HTTP_URL_MAX_BYTES 2048
#define HTTP_CONNECT_TIMEOUT_MS 10000
#define HTTP_REQUEST_TIMEOUT_MS 30000
#define HTTP_BODY_MAX_BYTES 65536

/* A URL taken apart. Texts are malloc'd and owned by the record. */
struct http_url {
    char *origin;   /* "https://host:port", lower case, port always given: the origin that is dialled */
    char *host;     /* "cp.example.com", "127.0.0.1", "[::1]" */
    char *path;     /* at least "/" */
    char *query;    /* without '?'; NULL for none */
    char *fragment; /* without '#'; NULL for none */
};

#define HTTP_URL_INIT \
    { \
        0 \
    }

struct http_client; /* keeps its connection between requests */

struct http_request {
    const char *method;          /* "GET", "POST", ... */
    const char *url;             /* absolute, accepted by url_parse */
    const struct secret *bearer; /* NULL for none */
    const char *body;            /* JSON text; NULL for none */
    int64_t timeout_ms;          /* whole request; at most HTTP_REQUEST_TIMEOUT_MS */
    size_t body_max_bytes;       /* of the reply */
    int cancel_fd;               /* readable: give up with PLEXCTL_CANCELLED; -1 for none */
    void (*tick)(void *context); /* called at least about once a second meanwhile; NULL for none */
    void *context;
};

struct http_reply {
    int32_t status;
    char *content_type;    /* lower case, no parameters; never NULL after a success */
    struct buf body;       /* wiped on release */
    int64_t retry_after_s; /* -1 where absent; an HTTP date is turned into seconds from now, never negative */
};

#define HTTP_REPLY_INIT \
    { \
        .retry_after_s = -1 \
    }

/* How the last request of a client went, whatever came of it. */
struct http_facts {
    const char *peer; /* "host:port", and " through the proxy ..." (route.h); "" before a request; until the next one */
    bool was_sent;    /* a connection stood and the request went out on it: the server may have acted on it */
    bool is_connection_new;
    int64_t spent_ms;
};

struct http_module {
    const char *version; /* PACKAGE_VERSION it was built as; the loader refuses another than its own */

    /* Operator policy: absolute, https, or http on loopback (localhost, 127.0.0.0/8, [::1]); printable ASCII, at most
     * HTTP_URL_MAX_BYTES; no userinfo. PLEXCTL_FAILED with the reason, the text quoted and sanitised. */
    plexctl_status (*url_parse)(const char *text, struct http_url *ret_url, struct error *err);
    void (*url_release)(struct http_url *url);

    plexctl_status (*client_new)(const char *user_agent, struct http_client **ret_client, struct error *err);
    /* PLEXCTL_OK for any whole reply, whatever its status. PLEXCTL_UNREACHABLE where no whole reply came and another
     * try may work (resolve, connect, reset, timeout, cut). PLEXCTL_FAILED otherwise. The error names the phase, the
     * host, the proxy if one was used; a certificate error its reason and SSL_CERT_FILE. A cut close-delimited body of
     * JSON looks whole here. */
    plexctl_status (*send)(struct http_client *client, const struct http_request *request, struct http_reply *ret_reply,
                           struct error *err);
    struct http_facts (*facts)(const struct http_client *client);
    void (*reply_release)(struct http_reply *reply);
    void (*client_free)(struct http_client *client);
};

#endif
