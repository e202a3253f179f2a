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
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
        {CURLOPT_HTTP09_ALLOWED, 0},
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
        {CURLOPT_SSL_VERIFYPEER, 1},
        {CURLOPT_SSL_VERIFYHOST, 2},
        {CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
        {CURLOPT_PROXY_SSL_VERIFYPEER, 1},
        {CURLOPT_PROXY_SSL_VERIFYHOST, 2},
        {CURLOPT_HEADEROPT, CURLHEADER_SEPARATE}, /* no Authorization in a CONNECT */
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_TCP_NODELAY, 1},
#if LIBCURL_VERSION_NUM >= 0x075700
        {CURLOPT_QUICK_EXIT, 1}, /* a cancelled lookup is not waited for */
#endif
    };
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");

    for (size_t i = 0; code == CURLE_OK && i < sizeof numbers / sizeof numbers[0]; i++)
        code = curl_easy_setopt(easy, numbers[i].option, numbers[i].value);
    return code == CURLE_OK ? certificates_configure(easy) : code;
}
