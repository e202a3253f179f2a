/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of services as a plugin meets it: each test is a run.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "exit_code.h"
#include "trace.h"

#undef fail /* Check has a macro of that name; the service is host->error->fail */

static struct option_value rows[] = {{.name = "name", .text = "value", .type = PLEXCTL_STRING, .given = true},
                                     {.name = "count", .text = "7", .type = PLEXCTL_INT, .number = 7},
                                     {.name = "force", .type = PLEXCTL_BOOL, .number = 1, .given = true}};

static plexctl_status run(plexctl_status (*body)(const struct plexctl_host *host), struct error *err)
{
    const struct plexctl_command command = {.size = sizeof command, .name = "test", .summary = "s", .run = body};
    struct app app = {.command = &command, .values = {.rows = rows, .count = sizeof rows / sizeof rows[0]}};

    return host_run(&app, err);
}

/* What a run's end becomes. */

static plexctl_status end_ok(const struct plexctl_host *host)
{
    ck_assert_uint_eq(host->size, sizeof *host);
    ck_assert_uint_eq(host->abi_minor, PLEXCTL_ABI_MINOR);
    return PLEXCTL_OK;
}

static plexctl_status end_explained(const struct plexctl_host *host)
{
    plexctl_status status = host->error->fail(host, PLEXCTL_UNREACHABLE, "gone\x1b[31m away");

    ck_assert_int_eq(status, PLEXCTL_UNREACHABLE);
    host->error->prefix(host, "polling");
    ck_assert_str_eq(host->error->text(host), "polling: gone\\x1b[31m away");
    ck_assert_int_eq(host->error->exit_code(host, PLEXCTL_DENIED), exit_code_of(PLEXCTL_DENIED));
    return PLEXCTL_DENIED;
}

static plexctl_status end_silent(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_FAILED;
}

static plexctl_status end_odd(const struct plexctl_host *host)
{
    ck_assert_int_eq(host->error->exit_code(host, 4711), exit_code_of(PLEXCTL_FAILED));
    return host->error->fail(host, 4711, "why");
}

static plexctl_status end_placeholder(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_NOT_IMPLEMENTED;
}

static const struct end_row {
    plexctl_status (*body)(const struct plexctl_host *host);
    plexctl_status status;
    const char *text;
} ends[] = {{end_ok, PLEXCTL_OK, ""},
            {end_explained, PLEXCTL_DENIED, "polling: gone\\x1b[31m away"},
            {end_silent, PLEXCTL_FAILED, "without saying why"},
            {end_odd, PLEXCTL_FAILED, "fault of the plugin"},
            {end_placeholder, PLEXCTL_NOT_IMPLEMENTED, "not implemented"}};

START_TEST(run_end_is_judged)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(run(ends[_i].body, &err), ends[_i].status);
    ck_assert_int_eq(err.status, ends[_i].status);
    ck_assert_msg(strstr(err.text, ends[_i].text) != NULL, "%s", err.text);
}
END_TEST

/* json: what a builder does wrong is said by serialise, once */

static plexctl_status serialise(const struct plexctl_host *host, struct plexctl_json *value)
{
    const char *text = NULL;
    return host->json->serialise(host, value, &text);
}

static plexctl_status put_a_part(const struct plexctl_host *host)
{
    struct plexctl_json *from = NULL, *into = host->json->object(host);

    ck_assert_int_eq(host->json->parse(host, "{\"a\":[1]}", 9, &from), PLEXCTL_OK);
    ck_assert_int_eq(host->json->set(into, "a", host->json->get(from, "a")), PLEXCTL_INVALID);
    return serialise(host, into);
}

static plexctl_status put_an_absent_value(const struct plexctl_host *host)
{
    struct plexctl_json *into = host->json->object(host);

    ck_assert_int_eq(host->json->set(into, "a", host->json->get(into, "nothing")), PLEXCTL_INVALID);
    return serialise(host, into);
}

static plexctl_status put_a_tree_into_itself(const struct plexctl_host *host)
{
    struct plexctl_json *outer = host->json->object(host), *inner = host->json->array(host);

    ck_assert_int_eq(host->json->set(outer, "inner", inner), PLEXCTL_OK);
    ck_assert_int_eq(host->json->append(inner, outer), PLEXCTL_INVALID);
    ck_assert_int_eq(host->json->append(inner, inner), PLEXCTL_INVALID);
    return serialise(host, outer);
}

static plexctl_status set_on_a_string(const struct plexctl_host *host)
{
    struct plexctl_json *object = host->json->object(host);

    ck_assert_int_eq(host->json->set_string(object, "s", "text"), PLEXCTL_OK);
    ck_assert_int_eq(host->json->set_string(host->json->get(object, "s"), "k", "v"), PLEXCTL_INVALID);
    return serialise(host, object);
}

static plexctl_status (*const wrong_builds[])(const struct plexctl_host *host) = {
    put_a_part, put_an_absent_value, put_a_tree_into_itself, set_on_a_string};

START_TEST(json_built_wrongly_is_a_fault_of_the_plugin)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(run(wrong_builds[_i], &err), PLEXCTL_INVALID);
    ck_assert_msg(strstr(err.text, "fault of the plugin") != NULL, "%s", err.text);
    ck_assert_int_eq(run(end_ok, &err), PLEXCTL_OK);
}
END_TEST

static plexctl_status build_well(const struct plexctl_host *host)
{
    const struct plexctl_host_json *json = host->json;
    struct plexctl_json *page = NULL, *all = json->array(host), *result = json->object(host);
    const char *text = NULL;

    ck_assert_int_eq(json->parse(host, "[{\"n\":1.0}]", 11, &page), PLEXCTL_OK);
    ck_assert_int_eq(json->append(all, json->copy(host, json->at(page, 0))), PLEXCTL_OK);
    ck_assert_str_eq(json->number_text(json->get(json->at(all, 0), "n")), "1.0");
    ck_assert_str_eq(json->key_at(json->at(all, 0), 0), "n");
    json->release(host, page);
    ck_assert_int_eq(json->set(result, "all", all), PLEXCTL_OK);
    ck_assert_int_eq(json->set_secret(result, "token", "canary"), PLEXCTL_OK);
    ck_assert_str_eq(json->string(json->get(result, "token")), "***");
    ck_assert_int_eq(json->serialise(host, result, &text), PLEXCTL_OK);
    ck_assert_str_eq(text, "{\"all\":[{\"n\":1.0}],\"token\":\"***\"}");
    ck_assert_int_eq(json->serialise(host, json->get(result, "all"), &text), PLEXCTL_OK);
    ck_assert_str_eq(text, "[{\"n\":1.0}]");
    json->release(host, result);
    return json->parse(host, "{\"a\":1,\"a\":2}", 13, &page);
}

START_TEST(json_built_well_is_written)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(run(build_well, &err), PLEXCTL_FAILED);
    ck_assert_msg(strstr(err.text, "line 1") != NULL, "%s", err.text);
}
END_TEST

/* http and credentials: what a command did not ask for it does not get */

static plexctl_status send_without_a_server(const struct plexctl_host *host)
{
    const struct plexctl_http_request request = {.size = sizeof request, .method = "GET", .path = "/v1/health"};
    const struct plexctl_http_reply *reply = NULL;
    return host->http->send(host, &request, &reply);
}

static plexctl_status send_elsewhere(const struct plexctl_host *host)
{
    struct plexctl_http_request request = {.size = sizeof request, .method = "GET"};
    const struct plexctl_http_reply *reply = NULL;
    static const char *const paths[] = {NULL,        "",          "v1",       "https://evil.example/",
                                        "/a b",      "/a\nb",     "/#x",      "/\\x",
                                        "/\xc3\xa9", "/..",       "/v1/../x", "/v1/./x",
                                        "/.?x",      "/v1/%2E.?x"};
    static const char *const fit[] = {"/", "/.well-known", "/..x/y..", "/v1?x=/../y", "/...", "//"};

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        request.path = paths[i];
        ck_assert_int_eq(host->http->send(host, &request, &reply), PLEXCTL_INVALID);
    }
    for (size_t i = 0; i < sizeof fit / sizeof fit[0]; i++) {
        request.path = fit[i];
        ck_assert_int_eq(host->http->send(host, &request, &reply), PLEXCTL_NO_SERVER);
    }
    request = (struct plexctl_http_request){.size = sizeof request, .method = "get", .path = "/"};
    ck_assert_int_eq(host->http->send(host, &request, &reply), PLEXCTL_INVALID);
    request = (struct plexctl_http_request){.size = 8, .method = "GET", .path = "/"};
    ck_assert_int_eq(host->http->send(host, &request, &reply), PLEXCTL_INVALID);
    return host->http->problem(host, NULL);
}

static plexctl_status save_unasked(const struct plexctl_host *host)
{
    const struct plexctl_credential credential = {
        .size = sizeof credential, .profile = "p", .token = "t", .token_type = "Bearer", .expires_in_s = 1};
    return host->credentials->save(host, &credential);
}

static const struct end_row refusals[] = {{send_without_a_server, PLEXCTL_NO_SERVER, "PLEXCTL_NEEDS_SERVER"},
                                          {send_elsewhere, PLEXCTL_INVALID, "problem"},
                                          {save_unasked, PLEXCTL_DENIED, "only to plexctl's own"}};

START_TEST(services_not_asked_for_are_refused)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(run(refusals[_i].body, &err), refusals[_i].status);
    ck_assert_msg(strstr(err.text, refusals[_i].text) != NULL, "%s", err.text);
}
END_TEST

/* output: no secret that was guarded */

#define SECRET "canary-of-a-secret"

static plexctl_status fail_with_a_secret(const struct plexctl_host *host)
{
    ck_assert_int_eq(host->output->guard(host, SECRET), PLEXCTL_OK);
    return host->error->fail(host, PLEXCTL_DENIED, "of " SECRET " nothing");
}

static plexctl_status print_a_secret(const struct plexctl_host *host)
{
    ck_assert_int_eq(host->output->guard(host, SECRET), PLEXCTL_OK);
    return host->output->line(host, "x" SECRET);
}

static plexctl_status emit_a_secret(const struct plexctl_host *host)
{
    struct plexctl_json *result = host->json->object(host);

    ck_assert_int_eq(host->output->guard(host, SECRET), PLEXCTL_OK);
    ck_assert_int_eq(host->json->set_string(result, "subject", SECRET), PLEXCTL_OK);
    return host->output->emit(host, result);
}

static plexctl_status guard_nothing(const struct plexctl_host *host)
{
    return host->output->guard(host, NULL);
}

static const struct end_row guarded[] = {{fail_with_a_secret, PLEXCTL_DENIED, "of *** nothing"},
                                         {print_a_secret, PLEXCTL_FAILED, "repeat a secret"},
                                         {emit_a_secret, PLEXCTL_FAILED, "repeat a secret"},
                                         {guard_nothing, PLEXCTL_INVALID, "without a secret"}};

START_TEST(output_repeats_no_guarded_secret)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(run(guarded[_i].body, &err), guarded[_i].status);
    ck_assert_msg(strstr(err.text, guarded[_i].text) != NULL, "%s", err.text);
    ck_assert_ptr_null(strstr(err.text, SECRET));
}
END_TEST

static plexctl_status warn_of_secrets(const struct plexctl_host *host)
{
    ck_assert_int_eq(host->output->guard(host, SECRET), PLEXCTL_OK);
    host->output->warn(host, "of " SECRET " and bearer-token-of-the-run");
    host->log->debug(host, SECRET);
    return PLEXCTL_OK;
}

START_TEST(messages_mask_guarded_secrets_and_the_bearer)
{
    static char bearer[] = "bearer-token-of-the-run";
    const struct plexctl_command command = {
        .size = sizeof command, .name = "test", .summary = "s", .run = warn_of_secrets};
    struct app app = {.command = &command, .settings = {.token = {.text = bearer, .len = sizeof bearer - 1}}};
    struct error err = ERROR_INIT;
    static struct capture capture;

    const struct option_values no_flags = {0};

    ck_assert_int_eq(setenv("PLEXCTL_DEBUG", "1", 1), 0);
    trace_configure(&no_flags);
    capture_start(&capture, STDERR_FILENO);
    plexctl_status status = host_run(&app, &err);
    (void)capture_end(&capture);
    ck_assert_int_eq(unsetenv("PLEXCTL_DEBUG"), 0);
    trace_configure(&no_flags);
    ck_assert_int_eq(status, PLEXCTL_OK);
    ck_assert_str_eq(capture.text, "plexctl: warning: of *** and ***\nplexctl: debug: ***\n");
}
END_TEST

/* What a value's `complete` finds. */

static plexctl_status complete_all(const struct plexctl_host *host, const char *typed)
{
    ck_assert_str_eq(typed, "o");
    ck_assert_str_eq(host->values->string(host, "name"), "value");
    ck_assert_int_eq(host->completion->offer(host, "one", "first"), PLEXCTL_OK);
    ck_assert_int_eq(host->completion->offer(host, "two", NULL), PLEXCTL_OK);
    ck_assert_int_eq(host->completion->offer(host, NULL, NULL), PLEXCTL_INVALID);
    ck_assert_int_eq(host->output->line(host, "line"), PLEXCTL_DENIED);
    ck_assert_int_eq(host->output->emit(host, host->json->object(host)), PLEXCTL_DENIED);
    ck_assert_int_eq(host->output->confirm(host, "really?"), PLEXCTL_DENIED);
    ck_assert_int_eq(host->output->format(host), PLEXCTL_OUTPUT_TABLE);
    ck_assert_int_eq(host->output->guard(host, SECRET), PLEXCTL_OK);
    host->output->warn(host, "warning");
    host->output->progress(host, "progress");
    return host->error->fail(host, PLEXCTL_FAILED, "never shown");
}

static plexctl_status offer_in_run(const struct plexctl_host *host)
{
    return host->completion->offer(host, "one", NULL);
}

START_TEST(complete_offers_and_shows_nothing)
{
    const struct plexctl_command command = {.size = sizeof command, .name = "test", .summary = "s"};
    struct app app = {.command = &command, .values = {.rows = rows, .count = sizeof rows / sizeof rows[0]}};
    auto_candidates struct candidates candidates = CANDIDATES_INIT;
    static struct capture capture;
    struct error err = ERROR_INIT;

    candidates.typed = "o";
    capture_start(&capture, STDERR_FILENO);
    plexctl_status status = host_complete(&app, complete_all, &candidates, &err);
    (void)capture_end(&capture);
    ck_assert_int_eq(status, PLEXCTL_OK);
    ck_assert_str_eq(capture.text, "");
    ck_assert_uint_eq(candidates.list.len, sizeof "one\0first");
    ck_assert_int_eq(run(offer_in_run, &err), PLEXCTL_INVALID);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host");
    TCase *tcase = tcase_create("host");

    tcase_add_loop_test(tcase, run_end_is_judged, 0, sizeof ends / sizeof ends[0]);
    tcase_add_loop_test(tcase, json_built_wrongly_is_a_fault_of_the_plugin, 0,
                        sizeof wrong_builds / sizeof wrong_builds[0]);
    tcase_add_test(tcase, json_built_well_is_written);
    tcase_add_loop_test(tcase, services_not_asked_for_are_refused, 0, sizeof refusals / sizeof refusals[0]);
    tcase_add_loop_test(tcase, output_repeats_no_guarded_secret, 0, sizeof guarded / sizeof guarded[0]);
    tcase_add_test(tcase, messages_mask_guarded_secrets_and_the_bearer);
    tcase_add_test(tcase, complete_offers_and_shows_nothing);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
