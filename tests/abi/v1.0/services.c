/* SPDX-License-Identifier: Apache-2.0
 *
 * services - calls every service of ABI 1.0 and says which one did not answer as plugin.h promises. Built with the
 * plugin.h beside it, run by every later plexctl: not to be edited once 1.0 is released.
 *
 *     plexctl services --yes --count 7 here, with a token that the server does not take
 */
#include <plexctl/plugin.h>

#include <string.h>

#define EXPECT(condition) \
    do { \
        if (!(condition)) \
            return host->error->fail(host, PLEXCTL_FAILED, "services: not so: " #condition); \
    } while (0)

#define NEEDS (PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN)

static int is(const char *found, const char *wanted)
{
    return found && strcmp(found, wanted) == 0;
}

static plexctl_status try_error(const struct plexctl_host *host)
{
    EXPECT(is(host->error->text(host), ""));
    EXPECT(host->error->fail(host, PLEXCTL_UNREACHABLE, "bad") == PLEXCTL_UNREACHABLE);
    host->error->prefix(host, "trying");
    host->error->advise(host, "mend it");
    EXPECT(is(host->error->text(host), "trying: bad; mend it"));
    EXPECT(is(host->error->advice(host), "mend it"));
    host->error->advise(host, NULL);
    EXPECT(is(host->error->advice(host), ""));
    EXPECT(host->error->exit_code(host, PLEXCTL_OK) == 0 && host->error->exit_code(host, PLEXCTL_NO_TOKEN) == 3);
    EXPECT(host->error->exit_code(host, 4711) == 1);
    return PLEXCTL_OK;
}

static plexctl_status try_values_and_settings(const struct plexctl_host *host)
{
    const char *foreseen = NULL;

    EXPECT(host->values->given(host, "count") == 1);
    EXPECT(host->values->given(host, "text") == 0);
    EXPECT(host->values->integer(host, "count") == 7);
    EXPECT(host->values->boolean(host, "loud") == 0);
    EXPECT(is(host->values->string(host, "text"), "by default"));
    EXPECT(is(host->values->string(host, "PLACE"), "here"));
    EXPECT(!host->values->string(host, "nonsense"));
    EXPECT(!host->settings->server(host));
    EXPECT(host->values->given(host, "server") == 1 && host->values->given(host, "profile") == 0);
    EXPECT(strncmp(host->values->string(host, "server"), "http", 4) == 0);
    EXPECT(!host->values->string(host, "profile"));
    EXPECT(host->settings->foresee_server(host, &foreseen) == PLEXCTL_OK && strncmp(foreseen, "http", 4) == 0);
    EXPECT(host->settings->prepare(host, NEEDS, NULL) == PLEXCTL_OK);
    EXPECT(host->settings->prepare(host, NEEDS, NULL) == PLEXCTL_INVALID);
    EXPECT(strncmp(host->settings->server(host), "http", 4) == 0);
    EXPECT(!host->settings->profile(host));
    EXPECT(host->settings->yes(host) == 1);
    EXPECT(host->settings->is_same_server(host, "https://A.example.com:443//", "https://a.example.com", 0) == 1);
    EXPECT(host->settings->is_same_server(host, "https://a.example.com", "https://a.example.com/eu", 0) == 0);
    EXPECT(host->settings->is_same_server(host, "https://a.example.com", "https://a.example.com/eu", 1) == 1);
    EXPECT(host->settings->is_same_server(host, NULL, NULL, 1) == 0);
    EXPECT(host->settings->overridden_by(host, NULL) == PLEXCTL_OVERRIDDEN_TOKEN);
    return PLEXCTL_OK;
}

static plexctl_status try_url(const struct plexctl_host *host)
{
    const struct plexctl_url *url = NULL;

    EXPECT(host->url->parse(host, "http://cp.example.com/", &url) == PLEXCTL_FAILED);
    EXPECT(host->url->parse(host, "https://CP.example.com/a?b=c", &url) == PLEXCTL_OK);
    EXPECT(PLEXCTL_HAS(url, query));
    EXPECT(is(url->origin, "https://cp.example.com:443") && is(url->host, "cp.example.com"));
    EXPECT(is(url->path, "/a") && is(url->query, "b=c"));
    return PLEXCTL_OK;
}

static plexctl_status try_json_readers(const struct plexctl_host *host)
{
    static const char text[] = "{\"a\":[1,2.50,\"x\",true]}";
    const struct plexctl_host_json *json = host->json;
    struct plexctl_json *root = NULL;
    int64_t number = 0;
    int32_t truth = 0;

    EXPECT(json->parse(host, "{\"a\":1,\"a\":2}", 13, &root) == PLEXCTL_FAILED);
    EXPECT(json->parse(host, text, sizeof text - 1, &root) == PLEXCTL_OK);
    const struct plexctl_json *array = json->get(root, "a");
    EXPECT(json->type(root) == PLEXCTL_JSON_OBJECT && json->type(NULL) == PLEXCTL_JSON_ABSENT);
    EXPECT(is(json->key_at(root, 0), "a") && json->length(array) == 4);
    EXPECT(json->integer(json->at(array, 0), &number) == 1 && number == 1);
    EXPECT(is(json->number_text(json->at(array, 1)), "2.50"));
    EXPECT(is(json->string(json->at(array, 2)), "x"));
    EXPECT(json->boolean(json->at(array, 3), &truth) == 1 && truth == 1);
    json->release(host, root);
    return PLEXCTL_OK;
}

static plexctl_status try_json_builders(const struct plexctl_host *host, struct plexctl_json **ret_tree)
{
    const struct plexctl_host_json *json = host->json;
    struct plexctl_json *tree = json->object(host);
    struct plexctl_json *array = json->array(host);
    const char *text = NULL;

    EXPECT(json->append_string(array, "one") == PLEXCTL_OK);
    EXPECT(json->append(array, json->copy(host, array)) == PLEXCTL_OK);
    EXPECT(json->set(tree, "list", array) == PLEXCTL_OK);
    EXPECT(json->set_string(tree, "text", "\xc3\xa4") == PLEXCTL_OK);
    EXPECT(json->set_secret(tree, "secret", "hidden") == PLEXCTL_OK);
    EXPECT(json->set_integer(tree, "number", -5) == PLEXCTL_OK);
    EXPECT(json->set_boolean(tree, "truth", 1) == PLEXCTL_OK);
    EXPECT(json->serialise(host, tree, &text) == PLEXCTL_OK);
    EXPECT(is(text,
              "{\"list\":[\"one\",[\"one\"]],\"text\":\"\xc3\xa4\",\"secret\":\"***\",\"number\":-5,\"truth\":true}"));
    *ret_tree = tree;
    return PLEXCTL_OK;
}

static plexctl_status try_http(const struct plexctl_host *host)
{
    struct plexctl_http_request request = {
        .size = sizeof request, .flags = PLEXCTL_HTTP_BEARER, .method = "GET", .path = "/v1/auth/whoami"};
    const struct plexctl_http_reply *reply = NULL;

    EXPECT(host->http->send(host, &request, &reply) == PLEXCTL_OK);
    EXPECT(PLEXCTL_HAS(reply, content_type) && reply->size >= sizeof *reply);
    EXPECT(reply->status == 401 && reply->body_size == strlen(reply->body) && reply->retry_after_s == -1);
    EXPECT(host->http->problem(host, reply) == PLEXCTL_FAILED && strstr(host->error->text(host), "401"));
    EXPECT(host->http->malformed(host, reply, "old reply") == PLEXCTL_FAILED);
    EXPECT(strstr(host->error->text(host), "old reply"));
    request.body_max_bytes = 1;
    EXPECT(host->http->send(host, &request, &reply) == PLEXCTL_FAILED);
    EXPECT(host->http->was_sent(host) == 1);
    request.method = "BREW";
    EXPECT(host->http->send(host, &request, &reply) == PLEXCTL_INVALID);
    return PLEXCTL_OK;
}

static plexctl_status try_credentials(const struct plexctl_host *host)
{
    const struct plexctl_credential credential = {.size = sizeof credential,
                                                  .flags = PLEXCTL_CREDENTIAL_DEFAULT,
                                                  .profile = "old",
                                                  .token = "t",
                                                  .token_type = "Bearer",
                                                  .expires_in_s = 60};
    struct plexctl_json *value = NULL;

    EXPECT(host->credentials->list(host, &value) == PLEXCTL_OK && host->json->length(value) == 0);
    EXPECT(host->credentials->describe(host, "nobody", &value) == PLEXCTL_NO_TOKEN);
    EXPECT(host->credentials->save(host, &credential) == PLEXCTL_DENIED);
    EXPECT(host->credentials->set_subject(host, "old", "somebody") == PLEXCTL_DENIED);
    EXPECT(host->credentials->diagnose(host, &value) == PLEXCTL_OK && host->json->length(value) > 0);
    return PLEXCTL_OK;
}

static plexctl_status try_clock_log_and_completion(const struct plexctl_host *host)
{
    int64_t moment_s = 0;
    int64_t now_ms = host->clock->now_ms(host);

    EXPECT(host->clock->unix_s(host) > 1700000000);
    EXPECT(is(host->clock->format(host, 1795521600), "2026-11-24T12:00:00Z"));
    EXPECT(host->clock->parse(host, "2026-11-24T12:00:00Z", &moment_s) == 1 && moment_s == 1795521600);
    EXPECT(host->clock->parse(host, "tomorrow", &moment_s) == 0);
    EXPECT(is(host->clock->span(host, 3480), "58 minutes"));
    EXPECT(host->clock->sleep_until_ms(host, now_ms + 2) == PLEXCTL_OK);
    EXPECT(host->clock->now_ms(host) >= now_ms + 2);
    EXPECT(host->clock->cancelled(host) == 0);
    host->log->debug(host, "services was here");
    EXPECT(host->completion->offer(host, "nobody asks", NULL) == PLEXCTL_INVALID);
    return PLEXCTL_OK;
}

/* Where there is no terminal. */
static plexctl_status try_terminal(const struct plexctl_host *host)
{
    static const uint8_t modules[4] = {1, 0, 0, 1};

    EXPECT(host->output->shows_progress(host) == 0);
    EXPECT(host->output->link(host, "https://cp.example.com/device") == PLEXCTL_OK);
    EXPECT(host->output->draw_modules(host, NULL, 2) == PLEXCTL_INVALID);
    EXPECT(host->output->draw_modules(host, modules, 2) == PLEXCTL_FAILED);
    EXPECT(host->output->open_browser(host, "http://cp.example.com/") == PLEXCTL_FAILED);
    EXPECT(host->output->copy_to_clipboard(host, "ABCD-2345") == PLEXCTL_FAILED);
    return PLEXCTL_OK;
}

static plexctl_status try_events_and_state(const struct plexctl_host *host, const struct plexctl_json *tree)
{
    struct plexctl_json *found = NULL, *names = NULL;

    EXPECT(host->events->write(host, tree) == PLEXCTL_OK);
    EXPECT(host->events->open(host, "/dev/null/no/file") == PLEXCTL_USAGE);
    EXPECT(host->events->open(host, "/dev/null") == PLEXCTL_INVALID);
    EXPECT(host->state->get(host, "place", &found) == PLEXCTL_NOT_FOUND);
    EXPECT(host->state->hold(host, "place") == PLEXCTL_OK);
    EXPECT(host->state->put(host, "place", tree, host->clock->unix_s(host) + 60) == PLEXCTL_OK);
    EXPECT(host->state->get(host, "place", &found) == PLEXCTL_OK);
    EXPECT(host->state->list(host, &names) == PLEXCTL_OK && host->json->length(names) == 1);
    EXPECT(is(host->json->string(host->json->get(found, "secret")), "hidden"));
    EXPECT(host->state->remove(host, "place") == PLEXCTL_OK);
    return PLEXCTL_OK;
}

static plexctl_status try_output(const struct plexctl_host *host, const struct plexctl_json *tree)
{
    EXPECT(host->output->format(host) == PLEXCTL_OUTPUT_JSON);
    EXPECT(host->output->is_terminal(host) == 0);
    EXPECT(host->output->confirm(host, "Go on?") == PLEXCTL_OK);
    EXPECT(host->output->guard(host, "guarded-0123456789") == PLEXCTL_OK);
    EXPECT(host->output->line(host, "guarded-0123456789") != PLEXCTL_OK);
    host->output->progress(host, "nearly there");
    host->output->progress(host, NULL);
    host->output->warn(host, "this is a drill");
    return host->output->emit(host, tree);
}

static plexctl_status services_run(const struct plexctl_host *host)
{
    struct plexctl_json *tree = NULL;
    plexctl_status status = try_error(host);

    if (status == PLEXCTL_OK)
        status = try_values_and_settings(host);
    if (status == PLEXCTL_OK)
        status = try_url(host);
    if (status == PLEXCTL_OK)
        status = try_json_readers(host);
    if (status == PLEXCTL_OK)
        status = try_json_builders(host, &tree);
    if (status == PLEXCTL_OK)
        status = try_http(host);
    if (status == PLEXCTL_OK)
        status = try_credentials(host);
    if (status == PLEXCTL_OK)
        status = try_clock_log_and_completion(host);
    if (status == PLEXCTL_OK)
        status = try_terminal(host);
    if (status == PLEXCTL_OK)
        status = try_events_and_state(host, tree);
    return status == PLEXCTL_OK ? try_output(host, tree) : status;
}

static const struct plexctl_flag flags[] = {
    {.name = "count", .help = "A number", .type = PLEXCTL_INT},
    {.name = "loud", .help = "A switch", .type = PLEXCTL_BOOL},
    {.name = "text", .help = "A text", .default_value = "by default", .type = PLEXCTL_STRING},
};
static const struct plexctl_argument arguments[] = {{.name = "PLACE", .help = "A place", .type = PLEXCTL_STRING}};

static const struct plexctl_command services = {.size = sizeof services,
                                                .needs = NEEDS | PLEXCTL_NEEDS_LATER,
                                                .name = "services",
                                                .summary = "Call every service of 1.0",
                                                .flags = PLEXCTL_ROWS(flags),
                                                .arguments = PLEXCTL_ROWS(arguments),
                                                .run = services_run};
PLEXCTL_PLUGIN("services", "1.0.0", "Call every service of 1.0", &services)
