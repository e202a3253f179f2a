/* SPDX-License-Identifier: Apache-2.0
 *
 * problem: replies in words, to the letter.
 */
#include "problem.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define URL "https://cp.test/eu/v1/x"
#define AT "https://cp.test:443/eu/v1/x answered HTTP "
#define PROXY " through the proxy p.test:3128 of https_proxy"
#define HTML " with HTML, which does not look like a plexsphere API"
#define API "this does not look like a plexsphere API; check --server"

static const struct row {
    int32_t http;
    const char *type, *body, *line;
    int64_t retry_after_s;
    const char *peer;
} rows[] = {
    {404, NULL, "{\"title\":\"No such thing\",\"detail\":\"gone\",\"code\":\"not_found\"}",
     AT "404: No such thing: gone (code not_found)", 0, NULL},
    {400, NULL, "{\"title\":\"Same\",\"detail\":\"Same\",\"error\":\"x\"}", AT "400: Same (code x)", 0, NULL},
    {400, NULL, "{\"code\":null,\"error\":\"invalid_grant\"}", AT "400 (code invalid_grant)", 0, NULL},
    {400, NULL, "{\"code\":5,\"title\":[],\"detail\":\"a\\u001b[2J\\u202eb\"}", AT "400: a\\x1b[2J\\u{202e}b", 0, NULL},
    {400, NULL, "{}", AT "400; " API, 0, NULL},
    {404, NULL, "not here", AT "404; " API, 0, NULL},
    {404, NULL, "[1]", AT "404; " API, 0, NULL},
    {201, NULL, "", AT "201; " API, 0, NULL},
    {401, NULL, "{\"title\":\"Who?\"}", AT "401: Who?; log in again with `plexctl login`", 0, NULL},
    {403, NULL, "", AT "403; ask whoever runs the control plane for access", 0, NULL},
    {302, NULL, "", AT "302; plexctl follows no redirect: check --server", 0, NULL},
    {429, NULL, "", AT "429; try again later", 0, NULL},
    {429, NULL, "", AT "429; try again in 30 s", 30, NULL},
    {503, NULL, "{\"title\":\"Down\"}", AT "503: Down; try again in 7 s", 7, NULL},
    {500, NULL, "{\"title\":\"Oops\"}", AT "500: Oops; try again later, or tell whoever runs the control plane", 0,
     NULL},
    {501, NULL, "{\"code\":\"x_not_provisioned\"}",
     AT "501 (code x_not_provisioned); this control plane does not offer it", 0, NULL},
    {200, "text/html", "hello", AT "200" HTML "; check --server", 0, NULL},
    {503, "text/html", "busy", AT "503" HTML "; try again in 7 s", 7, NULL},
    {500, "application/json", "<html>", AT "500" HTML "; try again later, or tell whoever runs the control plane", 0,
     NULL},
    {404, NULL, "{\"message\":\"no\"}", AT "404; " API, 0, NULL},
    {404, NULL, "{\"title\":\"T\"}", "https://cp.test:443/eu/v1/x" PROXY " answered HTTP 404: T", 0,
     "cp.test:443" PROXY},
};

static struct plexctl_http_reply reply_of(const struct row *row)
{
    return (struct plexctl_http_reply){.size = sizeof(struct plexctl_http_reply),
                                       .status = row->http,
                                       .content_type = row->type ? row->type : "application/problem+json",
                                       .body = row->body,
                                       .body_size = strlen(row->body),
                                       .retry_after_s = row->retry_after_s ? row->retry_after_s : -1};
}

START_TEST(problem_explain_says_who_what_and_what_to_do)
{
    const struct row *row = &rows[_i];
    const struct plexctl_http_reply reply = reply_of(row);
    const struct problem_source source = {URL, row->peer ? row->peer : "cp.test:443"};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(problem_explain(&source, &reply, &err), row->http == 403 ? PLEXCTL_DENIED : PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, row->line);
}
END_TEST

/* Whatever the server says, what to do is still there when a plugin has put its own words around. */
START_TEST(problem_explain_keeps_room_for_what_to_do)
{
    char body[2048], words[600], url[600];
    const struct problem_source source = {url, "cp.test:443" PROXY};
    struct error err = ERROR_INIT;

    memset(words, 'w', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    (void)snprintf(url, sizeof url, "https://cp.test/%.500s", words);
    (void)snprintf(body, sizeof body, "{\"title\":\"%s\",\"detail\":\"%s.\",\"code\":\"%s\"}", words, words, words);
    const struct row row = {.http = 401, .body = body};
    const struct plexctl_http_reply reply = reply_of(&row);
    (void)problem_explain(&source, &reply, &err);
    ck_assert_ptr_nonnull(strstr(err.text, "www... answered") == NULL ? strstr(err.text, "answered HTTP 401: ww") : "");
    ck_assert_ptr_nonnull(strstr(err.text, "; log in again with `plexctl login`"));
    ck_assert_uint_lt(strlen(err.text), ERROR_TEXT_SIZE - 120);
}
END_TEST

START_TEST(problem_explain_malformed_says_what_is_wrong)
{
    static const struct row json = {.http = 200, .type = "application/json", .body = "{}"};
    static const struct row html = {.http = 200, .type = "text/html", .body = "<p>"};
    const struct problem_source source = {URL, "cp.test:443" PROXY};
    struct plexctl_http_reply reply = reply_of(&json);
    struct error err = ERROR_INIT;

    (void)error_set(&err, PLEXCTL_USAGE, "`subject` must be a text");
    ck_assert_int_eq(problem_explain_malformed(&source, &reply, "whoami response", &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "malformed whoami response: `subject` must be a text (HTTP 200 from cp.test:443" PROXY
                               "); check --server");
    reply = reply_of(&html);
    ck_assert_int_eq(problem_explain_malformed(&source, &reply, "whoami response", &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "malformed whoami response: https://cp.test:443/eu/v1/x" PROXY " answered HTTP 200" HTML
                               "; check --server");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("problem");
    TCase *tcase = tcase_create("problem");

    tcase_add_loop_test(tcase, problem_explain_says_who_what_and_what_to_do, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tcase, problem_explain_keeps_room_for_what_to_do);
    tcase_add_test(tcase, problem_explain_malformed_says_what_is_wrong);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
