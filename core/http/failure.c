/* SPDX-License-Identifier: Apache-2.0 */
#include "failure.h"

#include <string.h>

#include "base/shortage.h"
#include "base/text.h"
#include "library.h"
#include "verification.h"

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
static const char check_proxy[] = "check the proxy variable";
static const char not_tls[] = "check scheme and port of the server's URL";
static const char not_http[] = "this does not look like a plexsphere API; check --server";
static const char cut[] = "the connection was cut";
static const char handshake[] = "TLS handshake with";
static const char answer[] = "reply from";
static const char closed[] = "the connection was closed before it came";

/* CURLE_SSL_CONNECT_ERROR says both "we cannot agree", which stays so, and "the peer went away", which may pass; only
 * the detail tells them apart, in the words of OpenSSL and GnuTLS. */
static const struct meaning meanings[] = {
    {CURLE_COULDNT_RESOLVE_HOST, PLEXCTL_UNREACHABLE, NULL, "looking up", "its name has no address",
     "check the name and your network"},
    /* The detail of these two quotes the variable, password and all. */
    {CURLE_COULDNT_RESOLVE_PROXY, PLEXCTL_FAILED, "proxy syntax", "connecting to", "the proxy's URL is malformed",
     check_proxy},
    {CURLE_COULDNT_CONNECT, PLEXCTL_FAILED, "proxy scheme", "connecting to", "no such kind of proxy is known",
     check_proxy},
    {CURLE_COULDNT_RESOLVE_PROXY, PLEXCTL_UNREACHABLE, NULL, "looking up the proxy for",
     "the proxy's name has no address", check_proxy},
    {CURLE_COULDNT_CONNECT, PLEXCTL_UNREACHABLE, NULL, "connecting to", NULL, check_server},
    {CURLE_PROXY, PLEXCTL_UNREACHABLE, NULL, "connecting to", NULL, check_proxy},
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
    {CURLE_PEER_FAILED_VERIFICATION, PLEXCTL_FAILED, NULL, handshake, NULL, NULL},
    {CURLE_SSL_ISSUER_ERROR, PLEXCTL_FAILED, NULL, handshake, NULL, NULL},
    {CURLE_SSL_CACERT_BADFILE, PLEXCTL_FAILED, NULL, "certificate authorities for", "they cannot be read", NULL},
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

static const char *phase_words(enum failure_phase phase)
{
    static const char *const words[] = {[FAILURE_RESOLVE] = "looking up",
                                        [FAILURE_CONNECT] = "connecting to",
                                        [FAILURE_TLS] = handshake,
                                        [FAILURE_REPLY] = answer};
    return words[phase];
}

static enum failure_phase read_phase(CURL *easy, bool is_tls)
{
    curl_off_t looked_up = 0, connected = 0, secured = 0;
    long new_connections = 0, local_port = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &new_connections);
    (void)curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &local_port);
    (void)curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
    (void)curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
    (void)curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &secured);
    if (looked_up == 0)
        return FAILURE_RESOLVE;
    /* 7.88 notes the connect time only behind the TLS handshake. */
    if (connected == 0 && local_port == 0)
        return FAILURE_CONNECT;
    return new_connections > 0 && secured == 0 && is_tls ? FAILURE_TLS : FAILURE_REPLY;
}

/* libcurl begins a handshake with 1, X509_V_ERR_UNSPECIFIED, and leaves it there where its own check of the name fails.
 */
static long read_result(CURL *easy, CURLINFO info)
{
    long result = 0;

    if (verification_has_results())
        (void)curl_easy_getinfo(easy, info, &result);
    return result == 1 ? 0 : result;
}

void failure_read(CURL *easy, bool is_tls, struct failure *failure)
{
    curl_off_t spent_us = 0;
    long os_error = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &spent_us);
    (void)curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_error);
    (void)curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &failure->proxy_status);
    failure->verify_result = read_result(easy, CURLINFO_SSL_VERIFYRESULT);
    failure->proxy_verify_result = read_result(easy, CURLINFO_PROXY_SSL_VERIFYRESULT);
    failure->phase = read_phase(easy, is_tls);
    failure->os_error = (int)os_error;
    failure->spent_ms = spent_us / 1000;
}

static plexctl_status explain_timeout(const struct failure *failure, struct error *err)
{
    bool is_proxy = failure->proxy != ROUTE_PROXY_NONE && failure->phase == FAILURE_CONNECT;

    (void)error_set(err, PLEXCTL_UNREACHABLE, "%s %s: timed out after %lld ms", phase_words(failure->phase),
                    failure->peer, (long long)failure->spent_ms);
    return error_advise(err, is_proxy ? check_proxy : check_server);
}

/* A proxy that answers CONNECT with anything but 200. Its 5xx are about the server behind it, or pass. */
static plexctl_status explain_tunnel(const struct failure *failure, struct error *err)
{
    (void)error_set(err, failure->proxy_status >= 500 ? PLEXCTL_UNREACHABLE : PLEXCTL_FAILED,
                    "connecting to %s: the proxy answered HTTP %ld", failure->peer, failure->proxy_status);
    return error_advise(err, failure->proxy_status == 407 ? "give its user and password in the proxy variable"
                                                          : "check the proxy variable, or name the server in NO_PROXY");
}

/* libcurl's detail where it says more than we know. */
static plexctl_status explain_certificate(const struct failure *failure, const char *detail, struct error *err)
{
    auto_buf struct buf advice = BUF_FIXED(ERROR_TEXT_SIZE);
    /* libcurl leaves no result where its own check of the proxy's name fails; the server's comes after CONNECT. */
    bool is_proxys = failure->proxy_verify_result || (failure->proxy == ROUTE_PROXY_TLS && failure->proxy_status == 0);
    long result = is_proxys ? failure->proxy_verify_result : failure->verify_result;
    const struct verification_fault *fault = verification_find(result, failure->detail);
    const char *whose = is_proxys ? "proxy's " : "";

    if (is_proxys && fault && fault->remedy == VERIFICATION_NAME)
        buf_append_text(&advice, "give the name it is issued for in the proxy variable");
    else
        verification_append_advice(&advice, fault ? fault->remedy : VERIFICATION_TRUST);
    if (fault)
        (void)error_set(err, PLEXCTL_FAILED, "%s %s: the %scertificate %s", handshake, failure->peer, whose,
                        fault->reason);
    else
        (void)error_set(err, PLEXCTL_FAILED, "%s %s: the %scertificate is not accepted: %s", handshake, failure->peer,
                        whose, detail);
    return error_advise(err, buf_text(&advice));
}

static plexctl_status explain_authorities(const struct failure *failure, const char *detail, struct error *err)
{
    auto_buf struct buf advice = BUF_FIXED(ERROR_TEXT_SIZE);

    verification_append_advice(&advice, VERIFICATION_FILES);
    (void)error_set(err, PLEXCTL_FAILED, "certificate authorities for %s: %s", failure->peer, detail);
    return error_advise(err, buf_text(&advice));
}

static void append_reason(struct buf *out, const struct failure *failure, const struct meaning *meaning)
{
    const char *reason = meaning->reason;

    if (!reason && failure->code == CURLE_COULDNT_CONNECT && failure->os_error)
        reason = strerror(failure->os_error);
    if (!reason)
        reason = failure->detail[0] ? failure->detail : curl_easy_strerror(failure->code);
    text_sanitise(out, reason, strlen(reason), TEXT_SERVER_MAX_BYTES);
}

plexctl_status failure_explain(const struct failure *failure, struct error *err)
{
    auto_buf struct buf reason = BUF_FIXED(ERROR_TEXT_SIZE);
    const struct meaning *meaning = find_meaning(failure->code, failure->detail);
    const char *advice = meaning->advice;

    /* Before a reply it is the TLS library's, which does not allocate by library.c. */
    if (failure->code == CURLE_OUT_OF_MEMORY && (library_take_exhaustion() || failure->phase != FAILURE_REPLY))
        return error_no_memory(err);
    append_reason(&reason, failure, meaning);
    if (failure->code == CURLE_OPERATION_TIMEDOUT)
        return explain_timeout(failure, err);
    if (failure->code == CURLE_RECV_ERROR && failure->proxy_status != 0 && failure->proxy_status / 100 != 2)
        return explain_tunnel(failure, err);
    if (failure->code == CURLE_SSL_CACERT_BADFILE)
        return explain_authorities(failure, buf_text(&reason), err);
    if (!advice)
        return explain_certificate(failure, buf_text(&reason), err);
    if (advice == check_server && failure->proxy != ROUTE_PROXY_NONE && failure->code == CURLE_COULDNT_CONNECT)
        advice = check_proxy;
    if (failure->code == CURLE_COULDNT_CONNECT && shortage_remedy(failure->os_error))
        advice = shortage_remedy(failure->os_error);
    (void)error_set(err, meaning->status, "%s %s: %s", meaning->phase, failure->peer, buf_text(&reason));
    return error_advise(err, advice);
}
