/* SPDX-License-Identifier: Apache-2.0
 *
 * url - the operator's policy for URLs, applied to what libcurl's own parser makes of them (http.h says the policy).
 *
 * libcurl is lenient: it takes "https:/x", "https://0x7f.1", "https://%6cocalhost", "https://[::1%25lo]" and a host
 * behind a backslash. So the text is judged first, by RFC 3986 less all of that, and then libcurl's reading must agree
 * with ours: the origin that was checked is the origin that is dialled.
 */
#ifndef CORE_HTTP_URL_H
#define CORE_HTTP_URL_H

#include <curl/curl.h>

#include "http/http.h"

plexctl_status url_parse(const char *text, struct http_url *ret_url, struct error *err);
void url_release(struct http_url *url);

/* The same, and libcurl's parsed URL for CURLOPT_CURLU. The caller releases *ret_url and gives *ret_handle to
 * curl_url_cleanup. */
plexctl_status url_open(const char *text, CURLU **ret_handle, struct http_url *ret_url, struct error *err);

#endif
