/* SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include <stddef.h>

#include "certificates.h"

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
        {CURLOPT_TCP_NODELAY, 1},                            /* a request is small and complete: it need not wait */
#if LIBCURL_VERSION_NUM >= 0x075700
        {CURLOPT_QUICK_EXIT, 1}, /* a cancelled lookup is not waited for */
#endif
    };
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");

    for (size_t i = 0; code == CURLE_OK && i < sizeof numbers / sizeof numbers[0]; i++)
        code = curl_easy_setopt(easy, numbers[i].option, numbers[i].value);
    return code == CURLE_OK ? certificates_configure(easy) : code;
}
