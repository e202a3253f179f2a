/* SPDX-License-Identifier: Apache-2.0
 *
 * failure: libcurl's code, the certificate's verify result and the phase, in words.
 */
#include <stdio.h>
#include <stdlib.h>

#include "http/failure.h"
#include "http_exchange.h"
#include "unit.h"

#define PEER "cp.test:443"
#define PROXIED "cp.test:443 through the proxy proxy.test:3128 of https_proxy"
#define SERVER_ADVICE "; check that the server runs and that its address is right"
#define PRIVATE "; if a private authority issued it, name that authority's certificate in SSL_CERT_FILE"
#define TLS "TLS handshake with " PEER ": "
#define NO_HELP " (SSL_CERT_FILE does not mend that)"
#define API "; this does not look like a plexsphere API; check --server"

static const struct row {
    struct failure failure;
    plexctl_status status;
    const char *line;
} rows[] = {
    {{.code = CURLE_COULDNT_RESOLVE_HOST},
     PLEXCTL_UNREACHABLE,
     "looking up " PEER ": its name has no address; check the name and your network"},
    {{.code = CURLE_COULDNT_RESOLVE_PROXY, .peer = PROXIED, .proxy = ROUTE_PROXY_TLS},
     PLEXCTL_UNREACHABLE,
     "looking up the proxy for " PROXIED ": the proxy's name has no address; check the proxy variable"},
    {{.code = CURLE_COULDNT_RESOLVE_PROXY, .detail = "Unsupported proxy syntax in 'u:canary@'", .peer = PROXIED},
     PLEXCTL_FAILED,
     "connecting to " PROXIED ": the proxy's URL is malformed; check the proxy variable"},
    {{.code = CURLE_COULDNT_CONNECT, .os_error = 111},
     PLEXCTL_UNREACHABLE,
     "connecting to " PEER ": Connection refused" SERVER_ADVICE},
    {{.code = CURLE_COULDNT_CONNECT, .os_error = 24, .peer = PROXIED, .proxy = ROUTE_PROXY_TLS},
     PLEXCTL_UNREACHABLE,
     "connecting to " PROXIED ": Too many open files; run `ulimit -n 1024`, or close other programs"},
    {{.code = CURLE_COULDNT_CONNECT, .os_error = 113},
     PLEXCTL_UNREACHABLE,
     "connecting to " PEER ": No route to host" SERVER_ADVICE},
    {{.code = CURLE_COULDNT_CONNECT, .os_error = 111, .peer = PROXIED, .proxy = ROUTE_PROXY_TLS},
     PLEXCTL_UNREACHABLE,
     "connecting to " PROXIED ": Connection refused; check the proxy variable"},
    {{.code = CURLE_RECV_ERROR, .proxy_status = 407, .peer = PROXIED, .proxy = ROUTE_PROXY_TLS},
     PLEXCTL_FAILED,
     "connecting to " PROXIED ": the proxy answered HTTP 407; give its user and password in the proxy variable"},
    {{.code = CURLE_RECV_ERROR, .proxy_status = 502, .peer = PROXIED, .proxy = ROUTE_PROXY_TLS},
     PLEXCTL_UNREACHABLE,
     "connecting to " PROXIED
     ": the proxy answered HTTP 502; check the proxy variable, or name the server in NO_PROXY"},
    {{.code = CURLE_OPERATION_TIMEDOUT, .phase = FAILURE_RESOLVE, .spent_ms = 10},
     PLEXCTL_UNREACHABLE,
     "looking up " PEER ": timed out after 10 ms" SERVER_ADVICE},
    {{.code = CURLE_OPERATION_TIMEDOUT, .phase = FAILURE_CONNECT, .spent_ms = 10000},
     PLEXCTL_UNREACHABLE,
     "connecting to " PEER ": timed out after 10000 ms" SERVER_ADVICE},
    {{.code = CURLE_OPERATION_TIMEDOUT, .phase = FAILURE_CONNECT, .peer = PROXIED, .proxy = ROUTE_PROXY_TLS},
     PLEXCTL_UNREACHABLE,
     "connecting to " PROXIED ": timed out after 0 ms; check the proxy variable"},
    {{.code = CURLE_OPERATION_TIMEDOUT, .phase = FAILURE_TLS},
     PLEXCTL_UNREACHABLE,
     TLS "timed out after 0 ms" SERVER_ADVICE},
    {{.code = CURLE_OPERATION_TIMEDOUT, .phase = FAILURE_REPLY},
     PLEXCTL_UNREACHABLE,
     "reply from " PEER ": timed out after 0 ms" SERVER_ADVICE},
    /* Certificates by OpenSSL's verify result */
    {{.verify_result = 20}, PLEXCTL_FAILED, TLS "the certificate comes from an unknown issuer" PRIVATE},
    {{.verify_result = 21}, PLEXCTL_FAILED, TLS "the certificate comes from an unknown issuer" PRIVATE},
    {{.verify_result = 18}, PLEXCTL_FAILED, TLS "the certificate is self-signed and not trusted" PRIVATE},
    {{.verify_result = 19}, PLEXCTL_FAILED, TLS "the certificate comes from an authority that is not trusted" PRIVATE},
    {{.verify_result = 10},
     PLEXCTL_FAILED,
     TLS "the certificate has expired; it must be renewed, unless this machine's clock is wrong" NO_HELP},
    {{.verify_result = 9},
     PLEXCTL_FAILED,
     TLS "the certificate is not valid yet; it must be renewed, unless this machine's clock is wrong" NO_HELP},
    {{.verify_result = 62},
     PLEXCTL_FAILED,
     TLS "the certificate is for another host name; give the name it is issued for in --server" NO_HELP},
    {{.verify_result = 64},
     PLEXCTL_FAILED,
     TLS "the certificate is for another address; give the name it is issued for in --server" NO_HELP},
    {{.verify_result = 23},
     PLEXCTL_FAILED,
     TLS "the certificate has been revoked; another must be installed there" NO_HELP},
    {{.verify_result = 26},
     PLEXCTL_FAILED,
     TLS "the certificate is not meant for a server; another must be installed there" NO_HELP},
    {{.verify_result = 66},
     PLEXCTL_FAILED,
     TLS "the certificate has a key that is too weak; another must be installed there" NO_HELP},
    {{.proxy_verify_result = 10, .peer = PROXIED, .proxy = ROUTE_PROXY_TLS},
     PLEXCTL_FAILED,
     "TLS handshake with " PROXIED ": the proxy's certificate has expired; it must be renewed, unless this machine's "
     "clock is wrong" NO_HELP},
    {{.detail = "SSL: no alternative certificate subject name matches target host name 'proxy.test'",
      .peer = PROXIED,
      .proxy = ROUTE_PROXY_TLS},
     PLEXCTL_FAILED,
     "TLS handshake with " PROXIED ": the proxy's certificate is for another host name; give the name it is issued for "
     "in the proxy variable"},
    {{.detail = "SSL: no alternative certificate subject name matches target host name 'cp.test'",
      .peer = PROXIED,
      .proxy = ROUTE_PROXY_TLS,
      .proxy_status = 200},
     PLEXCTL_FAILED,
     "TLS handshake with " PROXIED ": the certificate is for another host name; give the name it is issued for in "
     "--server" NO_HELP},
    /* by libcurl's own words, and GnuTLS's */
    {{.detail = "SSL: no alternative certificate subject name matches target host name 'cp.test'"},
     PLEXCTL_FAILED,
     TLS "the certificate is for another host name; give the name it is issued for in --server" NO_HELP},
    {{.detail = "SSL: certificate subject name 'canary' does not match target host name 'cp.test'"},
     PLEXCTL_FAILED,
     TLS "the certificate is for another host name; give the name it is issued for in --server" NO_HELP},
    {{.detail = "server certificate verification failed. The certificate issuer is unknown."},
     PLEXCTL_FAILED,
     TLS "the certificate comes from an unknown issuer" PRIVATE},
    {{.verify_result = 4711, .detail = "odd\x1b[2J"},
     PLEXCTL_FAILED,
     TLS "the certificate is not accepted: odd\\x1b[2J" PRIVATE},
    {{.code = CURLE_SSL_CACERT_BADFILE, .detail = "error adding trust anchors"},
     PLEXCTL_FAILED,
     "certificate authorities for " PEER ": they cannot be read; check the system's certificates, or name a "
     "file of them in SSL_CERT_FILE"},
    /* TLS and HTTP */
    {{.code = CURLE_SSL_CONNECT_ERROR, .detail = "OpenSSL SSL_connect: SSL_ERROR_SYSCALL"},
     PLEXCTL_UNREACHABLE,
     TLS "the connection was cut" SERVER_ADVICE},
    {{.code = CURLE_SSL_CONNECT_ERROR, .detail = "error:0A00010B:SSL routines::wrong version number"},
     PLEXCTL_FAILED,
     TLS "it does not answer in TLS; check scheme and port of the server's URL"},
    {{.code = CURLE_RECV_ERROR, .detail = "Recv failure: Connection reset by peer"},
     PLEXCTL_UNREACHABLE,
     "reply from " PEER ": the connection was cut" SERVER_ADVICE},
    {{.code = CURLE_GOT_NOTHING},
     PLEXCTL_UNREACHABLE,
     "reply from " PEER ": the connection was closed before it came" SERVER_ADVICE},
    {{.code = CURLE_PARTIAL_FILE}, PLEXCTL_UNREACHABLE, "reply from " PEER ": it was cut short" SERVER_ADVICE},
    {{.code = CURLE_UNSUPPORTED_PROTOCOL}, PLEXCTL_FAILED, "reply from " PEER ": it is not HTTP/1.1" API},
    {{.code = CURLE_OUT_OF_MEMORY, .phase = FAILURE_REPLY},
     PLEXCTL_FAILED,
     "reply from " PEER ": one of its header lines is far too long" API},
    {{.code = CURLE_OUT_OF_MEMORY, .phase = FAILURE_TLS, .detail = "SSL: couldn't create a context"},
     PLEXCTL_NO_MEMORY,
     "out of memory"},
    {{.code = CURLE_TOO_MANY_REDIRECTS, .detail = "x"}, PLEXCTL_FAILED, "request to " PEER ": x" API},
};

static plexctl_status explain(const struct row *row, struct error *err)
{
    struct failure failure = row->failure;

    failure.code = failure.code ? failure.code : CURLE_PEER_FAILED_VERIFICATION;
    failure.detail = failure.detail ? failure.detail : "";
    failure.peer = failure.peer ? failure.peer : PEER;
    return failure_explain(&failure, err);
}

START_TEST(failure_explain_says_phase_peer_reason_and_advice)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(explain(&rows[_i], &err), rows[_i].status);
    ck_assert_str_eq(err.text, rows[_i].line);
}
END_TEST

static const struct trust_row {
    const char *file, *directory, *advice;
} trust_rows[] = {
    {"/x/ca.pem", NULL, "; if you trust its issuer, add the issuer's certificate to /x/ca.pem (SSL_CERT_FILE)"},
    {NULL, "/x\x1b", "; if you trust its issuer, add the issuer's certificate to /x\\x1b (SSL_CERT_DIR)"},
    {"/a", "/b", "; if you trust its issuer, add the issuer's certificate to /a (SSL_CERT_FILE), /b (SSL_CERT_DIR)"},
    {"", "", PRIVATE},
};

START_TEST(failure_explain_says_what_is_trusted)
{
    static const struct row unknown = {.failure = {.verify_result = 20}};
    const struct trust_row *row = &trust_rows[_i];
    struct error err = ERROR_INIT;
    char line[512];

    if (row->file)
        ck_assert_int_eq(setenv("SSL_CERT_FILE", row->file, 1), 0);
    if (row->directory)
        ck_assert_int_eq(setenv("SSL_CERT_DIR", row->directory, 1), 0);
    ck_assert_int_eq(explain(&unknown, &err), PLEXCTL_FAILED);
    (void)snprintf(line, sizeof line, TLS "the certificate comes from an unknown issuer%s", row->advice);
    ck_assert_str_eq(err.text, line);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http_explain");
    TCase *tcase = tcase_create("failure");

    tcase_add_checked_fixture(tcase, exchange_clear_environment, NULL);
    tcase_add_loop_test(tcase, failure_explain_says_phase_peer_reason_and_advice, 0, sizeof rows / sizeof rows[0]);
    tcase_add_loop_test(tcase, failure_explain_says_what_is_trusted, 0, sizeof trust_rows / sizeof trust_rows[0]);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
