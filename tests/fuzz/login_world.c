/* SPDX-License-Identifier: Apache-2.0 */
#include "login_world.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "exit_code.h"
#include "fuzz.h"
#include "http/url.h"

#define PRINTED_MAX_BYTES ((size_t)1 << 22)
#define START_MS INT64_C(1000000)

static const char pending[] = "{\"code\":\"authorization_pending\"}";

static struct login_world *world_of(const struct plexctl_host *table)
{
    return (struct login_world *)(uintptr_t)table;
}

/* http: the module that core's service calls */

static struct login_world *dialled; /* the module's functions take no host; one world runs at a time */

static plexctl_status client_new(const char *user_agent, struct http_client **ret_client, struct error *err)
{
    static char client; /* only its address is used */

    (void)user_agent;
    (void)err;
    *ret_client = (struct http_client *)(void *)&client;
    return PLEXCTL_OK;
}

static void client_free(struct http_client *client)
{
    (void)client;
}

static void reply_release(struct http_reply *reply)
{
    free(reply->content_type);
    buf_release(&reply->body);
    *reply = (struct http_reply)HTTP_REPLY_INIT;
}

static struct login_reply next_reply(struct login_world *world)
{
    if (world->asked < world->reply_count)
        return world->replies[world->asked++];
    return (struct login_reply){400, "application/problem+json", pending, sizeof pending - 1, -1, 0};
}

static void note_poll(struct login_world *world, const struct http_request *request, const struct login_reply *reply)
{
    fuzz_require(world->poll_count < LOGIN_WORLD_POLLS_MAX, "a login of a minute has few polls");
    world->polls[world->poll_count++] =
        (struct login_poll){.sent_ms = world->now_ms, .timeout_ms = request->timeout_ms, .reply = *reply};
}

static plexctl_status take_reply(const struct login_reply *reply, struct http_reply *ret_reply, struct error *err)
{
    *ret_reply = (struct http_reply){
        .status = reply->http, .content_type = strdup(reply->content_type), .retry_after_s = reply->retry_after_s};
    ret_reply->body.max = HTTP_BODY_MAX_BYTES;
    buf_append(&ret_reply->body, reply->body, reply->body_size);
    return ret_reply->body.failed == PLEXCTL_OK ? PLEXCTL_OK : error_set(err, PLEXCTL_FAILED, "over the limit");
}

static plexctl_status answer(struct http_client *client, const struct http_request *request,
                             struct http_reply *ret_reply, struct error *err)
{
    struct login_world *world = dialled;
    bool is_poll = strstr(request->url, "/device-token") != NULL;
    struct login_reply reply = next_reply(world);
    bool is_late = reply.takes_ms >= request->timeout_ms;

    (void)client;
    if (is_poll)
        note_poll(world, request, &reply);
    world->now_ms += is_late ? request->timeout_ms : reply.takes_ms;
    if (is_poll)
        world->polls[world->poll_count - 1].received_ms = world->now_ms;
    else
        world->coded_ms = world->now_ms;
    world->printed_before_reply = world->printed.len;
    if (reply.http == 0 || is_late)
        return error_set(err, PLEXCTL_UNREACHABLE, "no whole reply");
    return take_reply(&reply, ret_reply, err);
}

static struct http_facts facts(const struct http_client *client)
{
    (void)client;
    return (struct http_facts){.peer = "cp.example.com:443", .was_sent = true};
}

static const struct http_module module = {.version = "fuzz",
                                          .url_parse = url_parse,
                                          .url_release = url_release,
                                          .client_new = client_new,
                                          .send = answer,
                                          .reply_release = reply_release,
                                          .facts = facts,
                                          .client_free = client_free};

/* The other services */

static plexctl_status fail(const struct plexctl_host *table, plexctl_status status, const char *text)
{
    auto_buf struct buf safe = BUF_INIT(ERROR_TEXT_SIZE - 1);

    text_sanitise(&safe, text, strlen(text), ERROR_TEXT_SIZE - 1);
    return error_set(&host_of(table)->failure, status, "%s", buf_text(&safe));
}

static void prefix(const struct plexctl_host *table, const char *text)
{
    (void)error_prefix(&host_of(table)->failure, "%s", text);
}

static const char *failure_text(const struct plexctl_host *table)
{
    return host_of(table)->failure.text;
}

static void advise(const struct plexctl_host *table, const char *text)
{
    (void)error_advise(&host_of(table)->failure, text);
}

static const char *advice(const struct plexctl_host *table)
{
    return error_advice(&host_of(table)->failure);
}

/* Of the persistent flags none is given: of them nothing was typed. */
static const char *value_string(const struct plexctl_host *table, const char *name)
{
    (void)table;
    if (strcmp(name, "profile-name") == 0)
        return "default";
    return strcmp(name, "domain-id") == 0 || strcmp(name, "idp-binding-id") == 0
               ? "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0"
               : NULL;
}

/* Of the flags only those of the specification. */
static int32_t not_given(const struct plexctl_host *table, const char *name)
{
    (void)table, (void)name;
    return 0;
}

static plexctl_status prepare(const struct plexctl_host *table, uint32_t needs, const char *wanted)
{
    (void)table;
    fuzz_require(needs == (PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_CREDENTIALS) && !wanted, "login wants what it needs");
    return PLEXCTL_OK;
}

static uint32_t overridden_by(const struct plexctl_host *table, const char *name)
{
    (void)table, (void)name;
    return 0;
}

static const char *server(const struct plexctl_host *table)
{
    return host_of(table)->app->settings.server;
}

static int32_t format(const struct plexctl_host *table)
{
    (void)table;
    return PLEXCTL_OUTPUT_TABLE;
}

static int32_t is_terminal(const struct plexctl_host *table)
{
    (void)table;
    return 0;
}

static plexctl_status line(const struct plexctl_host *table, const char *text)
{
    struct login_world *world = world_of(table);

    text_sanitise(&world->printed, text, strlen(text), SIZE_MAX);
    buf_append_char(&world->printed, '\n');
    return PLEXCTL_OK;
}

/* Masked as core's own messages are; line() is not, where core refuses a secret. */
static void warn(const struct plexctl_host *table, const char *text)
{
    auto_free char *safe = guard_masked(&host_of(table)->guard, text);

    fuzz_require(safe != NULL, "there is memory");
    (void)line(table, safe);
}

static void progress(const struct plexctl_host *table, const char *text)
{
    if (text)
        (void)line(table, text);
}

static int32_t shows_progress(const struct plexctl_host *table)
{
    (void)table;
    return 0;
}

static plexctl_status guard(const struct plexctl_host *table, const char *secret)
{
    return guard_add(&host_of(table)->guard, secret, &host_of(table)->failure);
}

static plexctl_status save(const struct plexctl_host *table, const struct plexctl_credential *credential)
{
    struct login_world *world = world_of(table);

    fuzz_require(!world->saved_token && text_is_bearer(credential->token), "one token is saved, and it is one");
    fuzz_require(strcmp(credential->token_type, "Bearer") == 0, "its type is Bearer");
    world->saved_token = strdup(credential->token);
    world->saved_expires_in_s = credential->expires_in_s;
    return PLEXCTL_OK;
}

static int64_t now_ms(const struct plexctl_host *table)
{
    return world_of(table)->now_ms;
}

static int64_t unix_s(const struct plexctl_host *table)
{
    return world_of(table)->now_ms / 1000;
}

static plexctl_status sleep_until_ms(const struct plexctl_host *table, int64_t when_ms)
{
    fuzz_require(when_ms > world_of(table)->now_ms, "a sleep has a length");
    world_of(table)->now_ms = when_ms;
    return PLEXCTL_OK;
}

static void debug(const struct plexctl_host *table, const char *text)
{
    warn(table, text);
}

/* Nothing is kept. */
static plexctl_status get_state(const struct plexctl_host *table, const char *name, struct plexctl_json **ret_value)
{
    (void)name, (void)ret_value;
    return error_set(&host_of(table)->failure, PLEXCTL_NOT_FOUND, "nothing is kept");
}

static plexctl_status list_state(const struct plexctl_host *table, struct plexctl_json **ret_names)
{
    return host_json_lend(&world_of(table)->host, json_new_array(), ret_names);
}

static const struct plexctl_host_error error_table = {.size = sizeof error_table,
                                                      .fail = fail,
                                                      .prefix = prefix,
                                                      .text = failure_text,
                                                      .advise = advise,
                                                      .advice = advice};
static const struct plexctl_host_values value_table = {
    .size = sizeof value_table, .given = not_given, .string = value_string, .boolean = not_given};
static const struct plexctl_host_settings setting_table = {
    .size = sizeof setting_table, .server = server, .prepare = prepare, .overridden_by = overridden_by};
static const struct plexctl_host_output output_table = {.size = sizeof output_table,
                                                        .format = format,
                                                        .line = line,
                                                        .warn = warn,
                                                        .progress = progress,
                                                        .guard = guard,
                                                        .is_terminal = is_terminal,
                                                        .shows_progress = shows_progress,
                                                        .link = line};
static const struct plexctl_host_credentials credential_table = {.size = sizeof credential_table, .save = save};
static const struct plexctl_host_clock clock_table = {
    .size = sizeof clock_table, .now_ms = now_ms, .unix_s = unix_s, .sleep_until_ms = sleep_until_ms};
static const struct plexctl_host_state state_table = {.size = sizeof state_table, .get = get_state, .list = list_state};
static const struct plexctl_host_log log_table = {.size = sizeof log_table, .debug = debug};

/* The run */

static void check_lines(const struct login_world *world)
{
    const char *failure = world->host.failure.text;

    fuzz_require(world->printed.failed == PLEXCTL_OK && fuzz_is_safe(failure, strlen(failure)),
                 "the failure is one harmless line");
    for (const char *at = buf_text(&world->printed); *at; at++) {
        size_t len = strcspn(at, "\n");
        fuzz_require(fuzz_is_safe(at, len), "each line that is printed is harmless");
        at += len;
    }
}

static void check_end(const struct login_world *world, plexctl_status status)
{
    int code = exit_code_of(status);

    fuzz_require(code == 0 || code == 1 || code == 4, "login ends with 0, 1 or 4");
    fuzz_require((status == PLEXCTL_OK) == (world->saved_token != NULL), "a token is saved exactly on success");
    fuzz_require((status == PLEXCTL_OK) || world->host.failure.text[0], "a failure is explained");
    check_lines(world);
}

plexctl_status login_world_run(struct login_world *world, const struct login_reply *replies, size_t reply_count)
{
    static char server_url[] = LOGIN_WORLD_SERVER;
    static struct app app;

    *world = (struct login_world){.replies = replies, .reply_count = reply_count, .now_ms = START_MS};
    world->printed.max = PRINTED_MAX_BYTES;
    app.settings.server = server_url;
    world->host = (struct host){.table = {.size = sizeof world->host.table,
                                          .abi_minor = PLEXCTL_ABI_MINOR,
                                          .error = &error_table,
                                          .values = &value_table,
                                          .settings = &setting_table,
                                          .url = &host_url,
                                          .json = &host_json,
                                          .http = &host_http,
                                          .output = &output_table,
                                          .credentials = &credential_table,
                                          .clock = &clock_table,
                                          .log = &log_table,
                                          .state = &state_table},
                                .app = &app,
                                .http = &module,
                                .reply = HTTP_REPLY_INIT};
    dialled = world;
    plexctl_status status = plexctl_plugin_v1()->command->run(&world->host.table);
    guard_mask(&world->host.guard, world->host.failure.text);
    check_end(world, status);
    return status;
}

void login_world_release(struct login_world *world)
{
    host_http_release_all(&world->host);
    host_json_release_all();
    guard_release(&world->host.guard);
    buf_release(&world->printed);
    free(world->saved_token);
}
