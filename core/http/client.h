/* SPDX-License-Identifier: Apache-2.0
 *
 * client - one libcurl handle and its connection, one request at a time. http.h has the contract of these functions.
 */
#ifndef CORE_HTTP_CLIENT_H
#define CORE_HTTP_CLIENT_H

#include "http/http.h"

plexctl_status client_new(const char *user_agent, struct http_client **ret_client, struct error *err);
plexctl_status client_send(struct http_client *client, const struct http_request *request, struct http_reply *ret_reply,
                           struct error *err);
struct http_facts client_facts(const struct http_client *client);
void client_free(struct http_client *client);

#endif
