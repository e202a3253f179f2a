/* SPDX-License-Identifier: Apache-2.0
 *
 * policy - what holds for every request, whoever sends it: TLS 1.2 or later with peer and host verified, HTTP/1.1, no
 * redirect followed, no netrc. There is no switch to turn any of it off.
 */
#ifndef CORE_HTTP_POLICY_H
#define CORE_HTTP_POLICY_H

#include <curl/curl.h>

/* CURLE_UNKNOWN_OPTION or the like where this libcurl lacks one. */
CURLcode policy_apply(CURL *easy);

#endif
