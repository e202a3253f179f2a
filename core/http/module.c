/* SPDX-License-Identifier: Apache-2.0
 *
 * plexctl-http.so: the one record that it exports.
 */
#include "client.h"
#include "reply.h"
#include "url.h"

extern const struct http_module plexctl_http_module;

__attribute__((visibility("default"))) const struct http_module plexctl_http_module = {.version = PACKAGE_VERSION,
                                                                                       .url_parse = url_parse,
                                                                                       .url_release = url_release,
                                                                                       .client_new = client_new,
                                                                                       .send = client_send,
                                                                                       .facts = client_facts,
                                                                                       .reply_release = reply_release,
                                                                                       .client_free = client_free};
