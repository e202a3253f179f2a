/* SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include <stddef.h>
#include <stdint.h>

#include "certificates.h"

/* OpenSSL, if libcurl was built with it and so brought it. */
extern uint64_t SSL_CTX_set_options(void *context, uint64_t options) __attribute__((weak));
#define CLEANSE_PLAINTEXT UINT64_C(2) /* SSL_OP_CLEANSE_PLAINTEXT of OpenSSL 3; no option of earlier ones */

/* A reply with a token would stay in the memory that the TLS library frees. */
static CURLcode wipe_plaintext(CURL *easy, void *context, void *user)
{
    (void)easy;
    (void)user;
    (void)SSL_CTX_set_options(context, CLEANSE_PLAINTEXT);
    return CURLE_OK;
}

/* The rest of the policy is what libcurl does by itself: no cookies, HSTS or alt-svc until a file is named for them, no
 * content coding until one is asked for, proxies of https by the usual variables. CURLOPT_VERBOSE would print the
 * token. */
CURLcode policy_apply(CURL *easy)
{
    static const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1}, /* by default HTTP/2 is offered, whose framing nothing judges */
        {CURLOPT_HTTP09_ALLOWED, 0},                   /* bytes without a head are no reply; allowed before 7.66 */
        {CURLOPT_FOLLOWLOCATION, 0},                   /* the default: a redirect would take a secret elsewhere */
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},           /* the default: no password but what the operator named */
        {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2}, /* by default the TLS library decides, by its configuration */
        {CURLOPT_SSL_VERIFYPEER, 1},                   /* the default; said, so that no build's is another */
        {CURLOPT_SSL_VERIFYHOST, 2},                   /* as that */
        {CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2}, /* a proxy has options of its own, by default laxer */
        {CURLOPT_PROXY_SSL_VERIFYPEER, 1},                   /* it sees which server is asked, and its password */
        {CURLOPT_PROXY_SSL_VERIFYHOST, 2},                   /* as that */
        {CURLOPT_HEADEROPT, CURLHEADER_SEPARATE},            /* no Authorization in a CONNECT: unified before 7.42.1 */
        {CURLOPT_NOSIGNAL, 1},                               /* by default a lookup's time limit uses SIGALRM */
        {CURLOPT_UPLOAD_BUFFERSIZE, 16384},                  /* the least, of 64 KiB: it is wiped after each request */
        {CURLOPT_TCP_NODELAY, 1},                            /* a request is small and complete: it need not wait */
#if LIBCURL_VERSION_NUM >= 0x075700
        {CURLOPT_QUICK_EXIT, 1}, /* a cancelled lookup is not waited for */
#endif
    };
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");

    for (size_t i = 0; code == CURLE_OK && i < sizeof numbers / sizeof numbers[0]; i++)
        code = curl_easy_setopt(easy, numbers[i].option, numbers[i].value);
    if (code == CURLE_OK && SSL_CTX_set_options)
        code = curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, wipe_plaintext);
    return code == CURLE_OK ? certificates_configure(easy) : code;
}
