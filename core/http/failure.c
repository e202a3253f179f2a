/* SPDX-License-Identifier: Apache-2.0 */
#include "failure.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "certificates.h"
#include "library.h"

/* The first row whose code and phrase fit. */
struct meaning {
    CURLcode code;
    plexctl_status status;
    const char *phrase; /* stands in libcurl's detail; NULL for any */
    const char *phase;
    const char *reason; /* NULL: libcurl's detail */
    const char *advice;
};

static const char check_server[] = "check that the server runs and that its address is right";
static const char not_tls[] = "check scheme and port of the server's URL";
static const char not_http[] = "this does not look like a plexsphere API; check --server";
static const char cut[] = "the connection was cut";
static const char handshake[] = "TLS handshake with";
static const char answer[] = "reply of";
static const char closed[] = "the connection was closed before one came";

/* CURLE_SSL_CONNECT_ERROR says both "we cannot agree", which stays so, and "the peer went away", which may pass; only
 * the detail tells them apart, in the words of OpenSSL and GnuTLS. */
static const struct meaning meanings[] = {
    {CURLE_COULDNT_RESOLVE_HOST, PLEXCTL_UNREACHABLE, NULL, "looking up", "its name has no address",
     "check the name and your network"},
    /* The detail of these two quotes the variable, password and all. */
    {CURLE_COULDNT_RESOLVE_PROXY, PLEXCTL_FAILED, "proxy syntax", "connecting to", "the proxy's URL is malformed",
     "check the proxy variable"},
    {CURLE_COULDNT_CONNECT, PLEXCTL_FAILED, "proxy scheme", "connecting to", "no such kind of proxy is known",
     "check the proxy variable"},
    {CURLE_COULDNT_RESOLVE_PROXY, PLEXCTL_UNREACHABLE, NULL, "looking up the proxy for",
     "the proxy's name has no address", "check the proxy variable"},
    {CURLE_COULDNT_CONNECT, PLEXCTL_UNREACHABLE, NULL, "connecting to", NULL, check_server},
    {CURLE_PROXY, PLEXCTL_UNREACHABLE, NULL, "connecting to", NULL, "check the proxy variable"},
    {CURLE_SSL_CONNECT_ERROR, PLEXCTL_UNREACHABLE, "SSL_ERROR_SYSCALL", handshake, cut, check_server},
    {CURLE_SSL_CONNECT_ERROR, PLEXCTL_UNREACHABLE, "unexpected eof", handshake, cut, check_server},
    {CURLE_SSL_CONNECT_ERROR, PLEXCTL_UNREACHABLE, "onnection reset", handshake, cut, check_server},
    {CURLE_SSL_CONNECT_ERROR, PLEXCTL_UNREACHABLE, "roken pipe", handshake, cut, check_server},
    {CURLE_SSL_CONNECT_ERROR, PLEXCTL_UNREACHABLE, "non-properly terminated", handshake, cut, check_server},
    {CURLE_SSL_CONNECT_ERROR, PLEXCTL_UNREACHABLE, "the pull function", handshake, cut, check_server},
    {CURLE_SSL_CONNECT_ERROR, PLEXCTL_UNREACHABLE, "the push function", handshake, cut, check_server},
    {CURLE_SSL_CONNECT_ERROR, PLEXCTL_FAILED, "wrong version number", handshake, "it does not answer in TLS", not_tls},
    {CURLE_SSL_CONNECT_ERROR, PLEXCTL_FAILED, "packet length", handshake, "it does not answer in TLS", not_tls},
    {CURLE_SSL_CONNECT_ERROR, PLEXCTL_FAILED, NULL, handshake, NULL, "the server must offer TLS 1.2 or later"},
    {CURLE_PEER_FAILED_VERIFICATION, PLEXCTL_FAILED, NULL, "certificate of", NULL, NULL},
    {CURLE_SSL_ISSUER_ERROR, PLEXCTL_FAILED, NULL, "certificate of", NULL, NULL},
    {CURLE_SSL_CACERT_BADFILE, PLEXCTL_FAILED, NULL, "certificate authorities for", NULL, NULL},
    {CURLE_SEND_ERROR, PLEXCTL_UNREACHABLE, NULL, "sending to", cut, check_server},
    {CURLE_RECV_ERROR, PLEXCTL_FAILED, "chunked-encoding", answer, "its chunks are malformed", not_http},
    {CURLE_RECV_ERROR, PLEXCTL_UNREACHABLE, NULL, answer, cut, check_server},
    {CURLE_GOT_NOTHING, PLEXCTL_UNREACHABLE, NULL, answer, closed, check_server},
    /* client.c refused to let libcurl send again: the first try ended so. */
    {CURLE_ABORTED_BY_CALLBACK, PLEXCTL_UNREACHABLE, NULL, answer, closed, check_server},
    {CURLE_PARTIAL_FILE, PLEXCTL_UNREACHABLE, NULL, answer, "it was cut short", check_server},
    {CURLE_UNSUPPORTED_PROTOCOL, PLEXCTL_FAILED, NULL, answer, "it is not HTTP/1.1", not_http},
    {CURLE_WEIRD_SERVER_REPLY, PLEXCTL_FAILED, NULL, answer, NULL, not_http},
    {CURLE_OUT_OF_MEMORY, PLEXCTL_FAILED, NULL, answer, "one of its header lines is far too long", not_http},
};

static const struct meaning *find_meaning(CURLcode code, const char *detail)
{
    static const struct meaning unknown = {CURLE_OK, PLEXCTL_FAILED, NULL, "request to", NULL, not_http};

    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        const struct meaning *row = &meanings[i];
        if (row->code == code && (!row->phrase || strstr(detail, row->phrase)))
            return row;
    }
    return &unknown;
}

/* The variable that libcurl takes the proxy from. The client keeps http:// from every proxy. */
static const char *find_proxy_variable(const struct http_url *url)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

    for (size_t i = 0; strncmp(url->origin, "https:", 6) == 0 && i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value && value[0])
            return names[i];
    }
    return NULL;
}

static void append_proxy(struct buf *out, const char *variable)
{
    char *host = NULL, *port = NULL;
    CURLU *url = curl_url();

    if (url && curl_url_set(url, CURLUPART_URL, getenv(variable), CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) == 0 &&
        curl_url_get(url, CURLUPART_HOST, &host, 0) == 0) {
        buf_append_char(out, ' ');
        text_sanitise(out, host, strlen(host), TEXT_SERVER_MAX_BYTES);
        if (curl_url_get(url, CURLUPART_PORT, &port, 0) == 0)
            buf_appendf(out, ":%s", port);
    }
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(url);
}

void failure_append_peer(struct buf *out, const struct http_url *url)
{
    const char *variable = find_proxy_variable(url);
    const char *exempt = getenv("no_proxy");

    buf_append_text(out, strstr(url->origin, "//") + 2);
    if (!exempt || !exempt[0])
        exempt = getenv("NO_PROXY");
    if (!variable || (exempt && strcmp(exempt, "*") == 0))
        return;
    buf_append_text(out, " through the proxy");
    append_proxy(out, variable);
    buf_appendf(out, " of %s", variable);
    /* Only libcurl knows whether the list fits, and does not tell. */
    if (exempt && exempt[0])
        buf_append_text(out, " (unless NO_PROXY exempts it)");
}

static const char *phase_of_timeout(const struct failure *failure)
{
    curl_off_t looked_up = 0, connected = 0, secured = 0;
    long new_connections = 0, local_port = 0;

    (void)curl_easy_getinfo(failure->easy, CURLINFO_NUM_CONNECTS, &new_connections);
    (void)curl_easy_getinfo(failure->easy, CURLINFO_LOCAL_PORT, &local_port);
    (void)curl_easy_getinfo(failure->easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    (void)curl_easy_getinfo(failure->easy, CURLINFO_CONNECT_TIME_T, &connected);
    (void)curl_easy_getinfo(failure->easy, CURLINFO_APPCONNECT_TIME_T, &secured);
    if (looked_up == 0)
        return "looking up";
    /* 7.88 notes the connect time only behind the TLS handshake. */
    if (connected == 0 && local_port == 0)
        return "connecting to";
    if (new_connections > 0 && secured == 0 && strncmp(failure->url->origin, "https", 5) == 0)
        return handshake;
    return answer;
}

static plexctl_status explain_timeout(const struct failure *failure, const char *peer, struct error *err)
{
    curl_off_t spent_us = 0;

    (void)curl_easy_getinfo(failure->easy, CURLINFO_TOTAL_TIME_T, &spent_us);
    return error_set(err, PLEXCTL_UNREACHABLE, "%s %s: timed out after %lld ms; %s", phase_of_timeout(failure), peer,
                     (long long)(spent_us / 1000), check_server);
}

/* A proxy that answers CONNECT with anything but 200. Its 5xx are about the server behind it, or pass. */
static plexctl_status explain_tunnel(long proxy_status, const char *peer, struct error *err)
{
    return error_set(err, proxy_status >= 500 ? PLEXCTL_UNREACHABLE : PLEXCTL_FAILED,
                     "connecting to %s: the proxy answered HTTP %ld; %s", peer, proxy_status,
                     proxy_status == 407 ? "give its user and password in the proxy variable"
                                         : "check the proxy variable, or name the server in NO_PROXY");
}

static plexctl_status explain_certificate(const struct meaning *meaning, const char *peer, const char *reason,
                                          struct error *err)
{
    auto_buf struct buf advice = BUF_INIT(ERROR_TEXT_SIZE);
    const char *file = certificates_file(), *directory = certificates_directory();

    if (!file && !directory)
        buf_append_text(&advice,
                        "if a private authority issued it, name that authority's certificate in SSL_CERT_FILE");
    if (file) {
        buf_append_text(&advice, "SSL_CERT_FILE is ");
        text_sanitise(&advice, file, strlen(file), TEXT_SERVER_MAX_BYTES);
    }
    if (directory) {
        buf_append_text(&advice, file ? ", SSL_CERT_DIR is " : "SSL_CERT_DIR is ");
        text_sanitise(&advice, directory, strlen(directory), TEXT_SERVER_MAX_BYTES);
    }
    return error_set(err, meaning->status, "%s %s: %s; %s", meaning->phase, peer, reason, buf_text(&advice));
}

static void append_reason(struct buf *out, const struct failure *failure, const struct meaning *meaning)
{
    long os_error = 0;
    const char *reason = meaning->reason;

    if (failure->code == CURLE_COULDNT_CONNECT)
        (void)curl_easy_getinfo(failure->easy, CURLINFO_OS_ERRNO, &os_error);
    if (!reason && os_error)
        reason = strerror((int)os_error);
    if (!reason)
        reason = failure->detail[0] ? failure->detail : curl_easy_strerror(failure->code);
    text_sanitise(out, reason, strlen(reason), TEXT_SERVER_MAX_BYTES);
}

plexctl_status failure_explain(const struct failure *failure, struct error *err)
{
    auto_buf struct buf peer = BUF_INIT(ERROR_TEXT_SIZE), reason = BUF_INIT(ERROR_TEXT_SIZE);
    const struct meaning *meaning = find_meaning(failure->code, failure->detail);
    long proxy_status = 0;

    if (failure->code == CURLE_OUT_OF_MEMORY && library_take_exhaustion())
        return error_no_memory(err);
    failure_append_peer(&peer, failure->url);
    append_reason(&reason, failure, meaning);
    if (failure->code == CURLE_OPERATION_TIMEDOUT)
        return explain_timeout(failure, buf_text(&peer), err);
    (void)curl_easy_getinfo(failure->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    if (failure->code == CURLE_RECV_ERROR && proxy_status != 0 && proxy_status / 100 != 2)
        return explain_tunnel(proxy_status, buf_text(&peer), err);
    if (!meaning->advice)
        return explain_certificate(meaning, buf_text(&peer), buf_text(&reason), err);
    return error_set(err, meaning->status, "%s %s: %s; %s", meaning->phase, buf_text(&peer), buf_text(&reason),
                     meaning->advice);
}
