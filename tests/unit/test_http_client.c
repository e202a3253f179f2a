/* SPDX-License-Identifier: Apache-2.0
 *
 * client: what is sent, what is made of replies, and what ends a request early.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/secret.h"
#include "http_exchange.h"
#include "unit.h"

#define JSON_200 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

/* Replies that are whole. */

static const struct whole_row {
    const char *reply, *content_type, *body;
    int32_t status;
    enum peer_then then;
} whole_rows[] = {
    {JSON_200, "application/json", "{}", 200, PEER_KEEP},
    {"HTTP/1.1 403 Forbidden\r\nContent-Type: Application/Problem+JSON; charset=utf-8\r\nContent-Length: 1\r\n\r\n1",
     "application/problem+json", "1", 403, PEER_KEEP},
    {"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "", "", 500, PEER_KEEP},
    {"HTTP/1.1 503 \r\nContent-Type: text/html;x\r\nContent-Length: 3\r\n\r\n<p>", "text/html", "<p>", 503, PEER_KEEP},
    {"HTTP/1.1 204 No Content\r\n\r\n", "", "", 204, PEER_KEEP},
    {"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", "", "", 302, PEER_KEEP},
    {"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "", "", 307, PEER_KEEP},
    {"HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n", "", "", 401, PEER_KEEP},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: t\r\n\r\n", "", "abcde",
     200, PEER_KEEP},
    {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\":1}", "application/json", "{\"a\":1}", 200,
     PEER_CLOSE},
    {"HTTP/1.0 200 OK\r\n\r\nold", "", "old", 200, PEER_CLOSE},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" JSON_200, "application/json", "{}", 200,
     PEER_KEEP},
    {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw", "", "raw", 200, PEER_KEEP},
    {"HTTP/1.1 200 OK\r\nContent-Type: \x1b[2J\r\nContent-Length: 0\r\n\r\n", "", "", 200, PEER_KEEP},
    {"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nAlt-Svc: h2=\":1\"\r\nContent-Length: 0\r\n\r\n", "", "", 200, PEER_KEEP},
    {"HTTP/1.1 599 X\r\nContent-Length: 0\r\n\r\n", "", "", 599, PEER_KEEP},
};

START_TEST(http_send_returns_whole_replies)
{
    const struct whole_row *row = &whole_rows[_i];
    const struct peer_step step = {.reply = row->reply, .then = row->then};
    struct exchange exchange;

    exchange_begin(&exchange, &step, 1);
    ck_assert_msg(exchange_send(&exchange, "GET", NULL) == PLEXCTL_OK, "%s", exchange.err.text);
    ck_assert_int_eq(exchange.reply.status, row->status);
    ck_assert_str_eq(exchange.reply.content_type, row->content_type);
    ck_assert_str_eq(buf_text(&exchange.reply.body), row->body);
    ck_assert_int_eq(exchange.reply.retry_after_s, -1);
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange.peer.accepted, 1);
    ck_assert_uint_eq(exchange_count(&exchange, "HTTP/1.1\r\n"), 1);
    exchange_release(&exchange);
}
END_TEST

static void count_tick(void *context)
{
    ++*(size_t *)context;
}

START_TEST(http_send_ticks_while_it_waits)
{
    const struct peer_step step = {.reply = JSON_200, .then = PEER_KEEP};
    struct exchange exchange;
    size_t ticks = 0;

    exchange_begin(&exchange, &step, 1);
    exchange.tick = count_tick;
    exchange.context = &ticks;
    ck_assert_msg(exchange_send(&exchange, "GET", NULL) == PLEXCTL_OK, "%s", exchange.err.text);
    ck_assert_uint_gt(ticks, 0);
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

START_TEST(http_send_keeps_nul_bytes_of_a_body)
{
    static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na\0b";
    const struct peer_step step = {.reply = reply, .reply_size = sizeof reply - 1};
    struct exchange exchange;

    exchange_begin(&exchange, &step, 1);
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_OK);
    ck_assert_uint_eq(exchange.reply.body.len, 3);
    ck_assert_int_eq(memcmp(exchange.reply.body.data, "a\0b", 4), 0);
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

/* What is sent. */

static const struct sent_row {
    const char *method, *body;
    const char *start;      /* of the request */
    const char *with[3];    /* each once */
    const char *without[3]; /* none */
} sent_rows[] = {
    {"GET", NULL, "GET /v1/x?y=z HTTP/1.1\r\n", {0}, {"Content-Type:", "Content-Length:", NULL}},
    {"DELETE", NULL, "DELETE /v1/x?y=z HTTP/1.1\r\n", {0}, {"Content-Type:", "Content-Length:", NULL}},
    {"POST", NULL, "POST /v1/x?y=z HTTP/1.1\r\n", {"Content-Length: 0\r\n", NULL}, {"Content-Type:", NULL}},
    {"PUT", NULL, "PUT /v1/x?y=z HTTP/1.1\r\n", {"Content-Length: 0\r\n", NULL}, {"Content-Type:", NULL}},
    {"POST",
     "{\"a\":\"b\"}",
     "POST /v1/x?y=z HTTP/1.1\r\n",
     {"Content-Length: 9\r\n", "Content-Type: application/json\r\n", "\r\n\r\n{\"a\":\"b\"}"},
     {0}},
    {"PATCH", "{}", "PATCH /v1/x?y=z HTTP/1.1\r\n", {"Content-Length: 2\r\n", "\r\n\r\n{}", NULL}, {0}},
};

START_TEST(http_send_writes_the_request)
{
    const struct sent_row *row = &sent_rows[_i];
    const struct peer_step step = {.reply = JSON_200};
    static const char *const always[] = {"\r\nUser-Agent: plexctl/test\r\n",
                                         "\r\nAccept: application/json, application/problem+json\r\n",
                                         "\r\nHost: 127.0.0.1:"};
    static const char *const never[] = {"Expect:", "Accept-Encoding:", "Cookie:", "Authorization:", "Upgrade"};
    struct exchange exchange;

    exchange_begin(&exchange, &step, 1);
    ck_assert_int_eq(exchange_send(&exchange, row->method, row->body), PLEXCTL_OK);
    exchange_join(&exchange);
    ck_assert_int_eq(strncmp(buf_text(&exchange.peer.requests), row->start, strlen(row->start)), 0);
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        ck_assert_uint_eq(exchange_count(&exchange, always[i]), 1);
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        ck_assert_uint_eq(exchange_count(&exchange, never[i]), 0);
    for (size_t i = 0; i < 3 && row->with[i]; i++)
        ck_assert_uint_eq(exchange_count(&exchange, row->with[i]), 1);
    for (size_t i = 0; i < 3 && row->without[i]; i++)
        ck_assert_uint_eq(exchange_count(&exchange, row->without[i]), 0);
    exchange_release(&exchange);
}
END_TEST

/* libcurl asks for "100 Continue" from 1 MiB on. */
START_TEST(http_send_never_waits_for_leave_to_send)
{
    const struct peer_step step = {.reply = JSON_200};
    const size_t size = (size_t)2 * 1024 * 1024;
    struct exchange exchange;
    char *body = malloc(size + 1);

    ck_assert_ptr_nonnull(body);
    memset(body, ' ', size);
    body[size] = '\0';
    exchange_begin(&exchange, &step, 1);
    ck_assert_int_eq(exchange_send(&exchange, "POST", body), PLEXCTL_OK);
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange_count(&exchange, "Expect:"), 0);
    ck_assert_uint_gt(exchange.peer.requests.len, size);
    exchange_release(&exchange);
    free(body);
}
END_TEST

START_TEST(http_send_adds_the_bearer_once_and_only_when_given)
{
    const struct peer_step steps[] = {{.reply = JSON_200}, {.reply = JSON_200}, {.reply = JSON_200}};
    struct exchange exchange;
    struct secret bearer = SECRET_INIT;

    exchange_begin(&exchange, steps, 3);
    ck_assert_int_eq(secret_set(&bearer, "canary-token", 12, &exchange.err), PLEXCTL_OK);
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_OK);
    exchange.bearer = &bearer;
    ck_assert_int_eq(exchange_send(&exchange, "POST", "{}"), PLEXCTL_OK);
    exchange.bearer = NULL;
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_OK);
    exchange_join(&exchange);
    ck_assert_uint_eq(exchange_count(&exchange, "canary-token"), 1);
    ck_assert_uint_eq(exchange_count(&exchange, "\r\nAuthorization: Bearer canary-token\r\n"), 1);
    const char *second = strstr(buf_text(&exchange.peer.requests), "POST ");
    ck_assert_ptr_nonnull(second);
    const char *third = strstr(second, "\r\n\r\n{}GET ");
    const char *bearer_at = strstr(buf_text(&exchange.peer.requests), "canary");
    ck_assert_uint_eq(exchange_count(&exchange, "Content-Length: "), 1); /* nor does the body stay */
    ck_assert(third && second < bearer_at && bearer_at < third);
    exchange_release(&exchange);
    secret_release(&bearer);
}
END_TEST

START_TEST(http_send_refuses_a_bearer_with_a_line_break)
{
    struct secret bearer = SECRET_INIT;
    struct exchange exchange;

    exchange_begin(&exchange, NULL, 0);
    ck_assert_int_eq(secret_set(&bearer, "canary\r\nX: y", 12, &exchange.err), PLEXCTL_OK);
    exchange.bearer = &bearer;
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_INVALID);
    ck_assert_ptr_null(strstr(exchange.err.text, "canary"));
    exchange_join(&exchange);
    exchange_release(&exchange);
    secret_release(&bearer);
}
END_TEST

/* Retry-After, RFC 9110 section 10.2.3 */

static const struct retry_row {
    const char *header;
    int64_t least_s, most_s;
} retry_rows[] = {
    {"", -1, -1},
    {"Retry-After: 7\r\n", 7, 7},
    {"retry-after:  7  \r\n", 7, 7},
    {"Retry-After: 0\r\n", 0, 0},
    {"Retry-After: 007\r\n", 7, 7},
    {"Retry-After: 86400\r\n", 86400, 86400},
    {"Retry-After: 86401\r\n", 86400, 86400},
    {"Retry-After: 99999999999999999999999999\r\n", 86400, 86400},
    {"Retry-After: -5\r\n", -1, -1},
    {"Retry-After: soon\r\n", -1, -1},
    {"Retry-After: \r\n", -1, -1},
    {"Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 0, 0},
    {"Retry-After: Fri, 31 Dec 2099 23:59:59 GMT\r\n", 86400, 86400},
    {"Retry-After: %s\r\n", 3000, 3600}, /* 3600 s from now, on a machine that may be slow */
};

START_TEST(http_send_reads_retry_after)
{
    const struct retry_row *row = &retry_rows[_i];
    char date[64], header[128], reply[256];
    time_t then = time(NULL) + 3600;
    struct tm utc;
    struct exchange exchange;

    ck_assert_ptr_nonnull(gmtime_r(&then, &utc));
    ck_assert_uint_gt(strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc), 0);
    if (strstr(row->header, "%s"))
        (void)snprintf(header, sizeof header, "Retry-After: %s\r\n", date);
    else
        (void)snprintf(header, sizeof header, "%s", row->header);
    (void)snprintf(reply, sizeof reply, "HTTP/1.1 503 Busy\r\n%sContent-Length: 0\r\n\r\n", header);
    const struct peer_step step = {.reply = reply};
    exchange_begin(&exchange, &step, 1);
    ck_assert_msg(exchange_send(&exchange, "GET", NULL) == PLEXCTL_OK, "%s", exchange.err.text);
    ck_assert_int_ge(exchange.reply.retry_after_s, row->least_s);
    ck_assert_int_le(exchange.reply.retry_after_s, row->most_s);
    exchange_join(&exchange);
    exchange_release(&exchange);
}
END_TEST

/* Secrets */

START_TEST(http_client_ignores_sslkeylogfile)
{
    const struct peer_step step = {.then = PEER_CLOSE, .is_tls = true};
    char path[256];
    struct stat found;
    struct exchange exchange;

    (void)snprintf(path, sizeof path, "%s/keys", unit_scratch());
    ck_assert_int_eq(setenv("SSLKEYLOGFILE", path, 1), 0);
    exchange_begin(&exchange, &step, 1);
    exchange.is_tls = true;
    ck_assert_int_eq(exchange_send(&exchange, "GET", NULL), PLEXCTL_UNREACHABLE);
    ck_assert_int_eq(stat(path, &found), -1);
    exchange_join(&exchange);
    exchange_release(&exchange);
    ck_assert_int_eq(unsetenv("SSLKEYLOGFILE"), 0);
}
END_TEST

/* True where `canary`, of which each byte is stored inverted, lies in memory of this process that can be written. */
static bool memory_holds(const char *inverted, size_t len)
{
    FILE *maps = fopen("/proc/self/maps", "re"), *memory = fopen("/proc/self/mem", "re");
    char line[512];
    bool is_found = false;

    ck_assert(maps && memory);
    while (fgets(line, sizeof line, maps)) {
        char *rest = line;
        unsigned long start = strtoul(line, &rest, 16), end = strtoul(rest + 1, &rest, 16); /* "start-end rw-p ..." */
        if (strncmp(rest, " rw", 3) != 0 || end - start > (1UL << 30) || strstr(line, "[vvar]"))
            continue;
        char *copy = malloc(end - start);
        ck_assert_ptr_nonnull(copy);
        if (pread(fileno(memory), copy, end - start, (off_t)start) == (ssize_t)(end - start)) {
            for (size_t i = 0, hit = 0; i < end - start && !is_found; i++) {
                hit = copy[i] == (char)~inverted[hit] ? hit + 1 : copy[i] == (char)~inverted[0];
                is_found = hit == len;
            }
        }
        secret_wipe(copy, end - start);
        free(copy);
    }
    (void)fclose(maps);
    (void)fclose(memory);
    return is_found;
}

/* The text of an inverted canary, in memory that the caller wipes. */
static void reveal(const char *inverted, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (char)~inverted[i];
    out[len] = '\0';
}

START_TEST(http_client_leaves_no_secret_in_memory)
{
    char sent[17], received[17], text[17], reply[128];
    struct exchange exchange;
    struct secret bearer = SECRET_INIT;

    for (size_t i = 0; i < 16; i++) {
        sent[i] = (char)~('a' + (i * 7) % 26);
        received[i] = (char)~('A' + (i * 11) % 26);
    }
    reveal(received, 16, text);
    (void)snprintf(reply, sizeof reply, "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n%s", text);
    const struct peer_step step = {.reply = reply};
    exchange_begin(&exchange, &step, 1);
    reveal(sent, 16, text);
    ck_assert_int_eq(secret_set(&bearer, text, 16, &exchange.err), PLEXCTL_OK);
    exchange.bearer = &bearer;
    ck_assert_int_eq(exchange_send(&exchange, "POST", "{}"), PLEXCTL_OK);
    exchange_join(&exchange);
    ck_assert(memory_holds(sent, 16)); /* the search can find */
    exchange_release(&exchange);
    secret_release(&bearer);
    secret_wipe(text, sizeof text);
    secret_wipe(reply, sizeof reply);
    ck_assert(!memory_holds(sent, 16));
    ck_assert(!memory_holds(received, 16));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("http_client");
    TCase *tcase = tcase_create("client");

    tcase_add_checked_fixture(tcase, exchange_clear_environment, NULL);
    tcase_add_loop_test(tcase, http_send_returns_whole_replies, 0, sizeof whole_rows / sizeof whole_rows[0]);
    tcase_add_test(tcase, http_send_ticks_while_it_waits);
    tcase_add_test(tcase, http_send_keeps_nul_bytes_of_a_body);
    tcase_add_loop_test(tcase, http_send_writes_the_request, 0, sizeof sent_rows / sizeof sent_rows[0]);
    tcase_add_test(tcase, http_send_never_waits_for_leave_to_send);
    tcase_add_test(tcase, http_send_adds_the_bearer_once_and_only_when_given);
    tcase_add_test(tcase, http_send_refuses_a_bearer_with_a_line_break);
    tcase_add_loop_test(tcase, http_send_reads_retry_after, 0, sizeof retry_rows / sizeof retry_rows[0]);
    tcase_add_test(tcase, http_client_ignores_sslkeylogfile);
    tcase_add_test(tcase, http_client_leaves_no_secret_in_memory);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
