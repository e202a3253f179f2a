/* SPDX-License-Identifier: Apache-2.0 */
#include "check/recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static plexctl_status load(const char *text, struct error *err)
{
    char path[4096];

    (void)snprintf(path, sizeof path, "%s/replies.json", unit_scratch());
    FILE *file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    return recording_load(path, err);
}

static const struct http_module *module(void)
{
    static const struct http_module real = {.version = "0"};

    return recording_module(&real);
}

/* The status and the body of the reply to GET `path`, "200 {}". */
static const char *ask(const char *path)
{
    static char said[256];
    char url[256];
    struct http_reply reply = HTTP_REPLY_INIT;
    struct error err = ERROR_INIT;

    (void)snprintf(url, sizeof url, "https://check.invalid%s", path);
    const struct http_request request = {.method = "GET", .url = url, .body_max_bytes = 1024, .cancel_fd = -1};
    plexctl_status status = module()->send(NULL, &request, &reply, &err);
    if (status != PLEXCTL_OK)
        (void)snprintf(said, sizeof said, "status %d", (int)status);
    else
        (void)snprintf(said, sizeof said, "%d %s", (int)reply.status, buf_text(&reply.body));
    module()->reply_release(&reply);
    return said;
}

static const struct {
    const char *text, *found;
} unfit[] = {
    {"", "replies.json"},
    {"{}", "an array"},
    {"[1]", "reply 0: method and path"},
    {"[{\"method\":\"GET\",\"path\":\"/\",\"status\":200},{\"method\":\"GET\"}]", "reply 1: method and path"},
    {"[{\"method\":\"GET\",\"path\":\"/\"}]", "reply 0: status"},
    {"[{\"method\":\"GET\",\"path\":\"/\",\"status\":99}]", "reply 0: status"},
    {"[{\"method\":\"GET\",\"path\":\"/\",\"status\":\"200\"}]", "reply 0: status"},
};

START_TEST(recording_load_refuses)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(load(unfit[_i].text, &err), PLEXCTL_USAGE);
    ck_assert_msg(strstr(err.text, unfit[_i].found), "%s", err.text);
}
END_TEST

START_TEST(recording_without_file_answers_an_empty_object)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(recording_load(NULL, &err), PLEXCTL_OK);
    ck_assert_str_eq(ask("/anything"), "200 {}");
    ck_assert_str_eq(recording_unanswered(), "");
}
END_TEST

START_TEST(recording_answers_in_order_and_repeats_the_last)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(load("[{\"method\":\"GET\",\"path\":\"/a\",\"status\":503},"
                          "{\"method\":\"POST\",\"path\":\"/a\",\"status\":500},"
                          "{\"method\":\"GET\",\"path\":\"/a\",\"status\":200,\"body\":{\"b\":[1]}}]",
                          &err),
                     PLEXCTL_OK);
    for (int run = 0; run < 2; run++) {
        ck_assert_str_eq(ask("/a"), "503 ");
        ck_assert_str_eq(ask("/a?x=y"), "200 {\"b\":[1]}");
        ck_assert_str_eq(ask("/a"), "200 {\"b\":[1]}");
        recording_rewind();
    }
    ck_assert_str_eq(recording_unanswered(), "");
}
END_TEST

START_TEST(recording_tells_the_query_apart_where_it_has_one)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(load("[{\"method\":\"GET\",\"path\":\"/a?page=1\",\"status\":200,\"body\":\"one\"},"
                          "{\"method\":\"GET\",\"path\":\"/a?page=2\",\"status\":200,\"body\":\"two\"}]",
                          &err),
                     PLEXCTL_OK);
    ck_assert_str_eq(ask("/a?page=2"), "200 two");
    ck_assert_str_eq(ask("/a?page=1"), "200 one");
    ck_assert_str_eq(ask("/a"), "404 {}");
    ck_assert_str_eq(ask("/b"), "404 {}");
    ck_assert_str_eq(recording_unanswered(), "GET /a");
}
END_TEST

START_TEST(recording_reads_headers)
{
    struct error err = ERROR_INIT;
    struct http_reply reply = HTTP_REPLY_INIT;
    const struct http_request request = {.method = "GET", .url = "https://check.invalid/a", .body_max_bytes = 9};

    ck_assert_int_eq(load("[{\"method\":\"GET\",\"path\":\"/a\",\"status\":429,"
                          "\"headers\":{\"Retry-After\":\"7\",\"Content-Type\":\"text/html; charset=utf-8\"}}]",
                          &err),
                     PLEXCTL_OK);
    ck_assert_int_eq(module()->send(NULL, &request, &reply, &err), PLEXCTL_OK);
    ck_assert_str_eq(reply.content_type, "text/html");
    ck_assert_int_eq(reply.retry_after_s, 7);
    module()->reply_release(&reply);
}
END_TEST

START_TEST(recording_fails_the_next_request_alone)
{
    struct error err = ERROR_INIT;
    char unreachable[32];

    ck_assert_int_eq(recording_load(NULL, &err), PLEXCTL_OK);
    (void)snprintf(unreachable, sizeof unreachable, "status %d", PLEXCTL_UNREACHABLE);
    recording_fail_next(0);
    ck_assert_str_eq(ask("/a"), unreachable);
    recording_fail_next(401);
    ck_assert_int_eq(strncmp(ask("/a"), "401 {", 5), 0);
    ck_assert_str_eq(ask("/a"), "200 {}");
}
END_TEST

static void join(void *context, const char *text)
{
    buf_append_text(context, text);
    buf_append_char(context, ' ');
}

START_TEST(recording_knows_secrets_by_their_names)
{
    struct error err = ERROR_INIT;
    auto_buf struct buf secrets = BUF_INIT(1024);

    ck_assert_int_eq(load("[{\"method\":\"GET\",\"path\":\"/a\",\"status\":200,\"body\":"
                          "{\"Access_Token\":\"0123456789abcdef\",\"token\":\"short\",\"name\":\"0123456789abcdef0\","
                          "\"list\":[{\"password\":\"fedcba9876543210\"}]}}]",
                          &err),
                     PLEXCTL_OK);
    recording_each_secret(join, &secrets);
    ck_assert_str_eq(buf_text(&secrets), "0123456789abcdef fedcba9876543210 ");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_recording");
    TCase *cases = tcase_create("cases");

    tcase_add_loop_test(cases, recording_load_refuses, 0, sizeof unfit / sizeof unfit[0]);
    tcase_add_test(cases, recording_without_file_answers_an_empty_object);
    tcase_add_test(cases, recording_answers_in_order_and_repeats_the_last);
    tcase_add_test(cases, recording_tells_the_query_apart_where_it_has_one);
    tcase_add_test(cases, recording_reads_headers);
    tcase_add_test(cases, recording_fails_the_next_request_alone);
    tcase_add_test(cases, recording_knows_secrets_by_their_names);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
