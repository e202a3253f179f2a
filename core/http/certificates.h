/* SPDX-License-Identifier: Apache-2.0
 *
 * certificates - which certificate authorities are believed.
 *
 *   SSL_CERT_FILE  a bundle; SSL_CERT_DIR beside it if set, else nothing else
 *   SSL_CERT_DIR   alone: hashed directories, separated by ':'
 *   neither        the system's, from its hashed directory where it has one (reading its bundle costs about 40 ms);
 *                  whether it has one is found out once
 *
 * An empty variable is an unset one. libcurl does not read them itself.
 */
#ifndef CORE_HTTP_CERTIFICATES_H
#define CORE_HTTP_CERTIFICATES_H

#include <curl/curl.h>

/* For the server and for an https proxy. */
CURLcode certificates_configure(CURL *easy);

/* The values of the variables, NULL where unset or empty. */
const char *certificates_file(void);
const char *certificates_directory(void);

#endif
