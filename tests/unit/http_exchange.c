/* SPDX-License-Identifier: Apache-2.0 */
#include "http_exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

void exchange_clear_environment(void)
{
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY",   "all_proxy",    "ALL_PROXY",
                                        "no_proxy",   "NO_PROXY",    "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ck_assert_int_eq(unsetenv(names[i]), 0);
}

void exchange_begin(struct exchange *exchange, const struct peer_step *steps, size_t step_count)
{
    *exchange = (struct exchange){.reply = HTTP_REPLY_INIT,
                                  .err = ERROR_INIT,
                                  .host = "127.0.0.1",
                                  .timeout_ms = 30000,
                                  .body_max_bytes = HTTP_BODY_MAX_BYTES,
                                  .cancel_fd = -1};
    peer_start(&exchange->peer, steps, step_count);
    exchange->port = exchange->peer.port;
    ck_assert_int_eq(plexctl_http_module.client_new("plexctl/test", &exchange->client, &exchange->err), PLEXCTL_OK);
}

plexctl_status exchange_send(struct exchange *exchange, const char *method, const char *body)
{
    char url[256];

    (void)snprintf(url, sizeof url, "%s://%s:%d/v1/x?y=z", exchange->is_tls ? "https" : "http", exchange->host,
                   exchange->port);
    const struct http_request request = {.method = method,
                                         .url = url,
                                         .bearer = exchange->bearer,
                                         .body = body,
                                         .timeout_ms = exchange->timeout_ms,
                                         .body_max_bytes = exchange->body_max_bytes,
                                         .cancel_fd = exchange->cancel_fd,
                                         .tick = exchange->tick,
                                         .context = exchange->context};
    plexctl_http_module.reply_release(&exchange->reply);
    error_clear(&exchange->err);
    int64_t start_ms = peer_now_ms();
    plexctl_status status = plexctl_http_module.send(exchange->client, &request, &exchange->reply, &exchange->err);
    exchange->spent_ms = peer_now_ms() - start_ms;
    ck_assert_int_eq(exchange->err.status, status);
    ck_assert_ptr_null(strchr(exchange->err.text, '\n'));
    if (status != PLEXCTL_OK)
        ck_assert_ptr_null(exchange->reply.content_type);
    return status;
}

void exchange_join(struct exchange *exchange)
{
    plexctl_http_module.client_free(exchange->client);
    exchange->client = NULL;
    peer_join(&exchange->peer);
}

size_t exchange_count(const struct exchange *exchange, const char *text)
{
    size_t count = 0;

    for (const char *at = strstr(buf_text(&exchange->peer.requests), text); at; at = strstr(at + 1, text))
        count++;
    return count;
}

void exchange_release(struct exchange *exchange)
{
    plexctl_http_module.reply_release(&exchange->reply);
    peer_release(&exchange->peer);
}

void exchange_assert_phrases(const struct exchange *exchange, const char *const phrases[static 2])
{
    char peer[64];

    (void)snprintf(peer, sizeof peer, "%s:%d", exchange->host, exchange->port);
    ck_assert_msg(strstr(exchange->err.text, peer) != NULL, "no %s in: %s", peer, exchange->err.text);
    for (size_t i = 0; i < 2 && phrases[i]; i++)
        ck_assert_msg(strstr(exchange->err.text, phrases[i]) != NULL, "no \"%s\" in: %s", phrases[i],
                      exchange->err.text);
}
