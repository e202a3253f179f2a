/* SPDX-License-Identifier: Apache-2.0
 *
 * The replies to polls: each begins with a line "STATUS RETRY_AFTER MILLISECONDS", of which what is missing is 0 and
 * means 200, none and at once; the body follows, up to a line "%%". STATUS 0 is a reply that is lost. What is saved is
 * what json-c reads in the last body; nothing is polled too soon, too late or after a verdict; no secret is shown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "fuzz.h"
#include "login_world.h"
#include "reference_json.h"

const char fuzz_name[] = "device_token";

#define REPLIES_MAX 16
#define INTERVAL_MS 5000
#define SLOW_DOWN_MS 5000
#define LIFETIME_MS 60000
#define DEVICE_CODE "canary-device-code-0123456789"

static const char code_body[] = "{\"device_code\":\"" DEVICE_CODE "\",\"user_code\":\"ABCD-2345\",\"verification_uri\":"
                                "\"https://cp.example.com/device\",\"verification_uri_complete\":"
                                "\"https://cp.example.com/device?user_code=ABCD-2345\",\"expires_in\":60,"
                                "\"interval\":5}";

static struct login_reply read_reply(char *text, size_t size)
{
    struct login_reply reply = {.content_type = "application/problem+json"};
    char *body = memchr(text, '\n', size);
    long status = 0, retry_after_s = 0, takes_ms = 0;

    if (!body)
        return reply;
    *body++ = '\0';
    (void)sscanf(text, "%4ld %9ld %6ld", &status, &retry_after_s, &takes_ms);
    reply.http = status >= 100 && status <= 599 ? (int32_t)status : 0;
    reply.retry_after_s = retry_after_s > 0 ? retry_after_s : -1;
    reply.takes_ms = takes_ms > 0 ? takes_ms : 0;
    reply.body = body;
    reply.body_size = size - (size_t)(body - text);
    return reply;
}

static size_t read_script(char *text, size_t size, struct login_reply *replies)
{
    static const char mark[] = "\n%%\n";
    size_t count = 0;

    while (count < REPLIES_MAX) {
        char *end = memmem(text, size, mark, strlen(mark));
        size_t len = end ? (size_t)(end - text) : size;
        replies[count++] = read_reply(text, len);
        if (!end)
            break;
        text += len + strlen(mark);
        size -= len + strlen(mark);
    }
    return count;
}

/* What a reply says in `code` or, where that has no text, in `error`, is `word`. */
static bool says(const struct login_reply *reply, const char *word)
{
    struct reference_json *root = reference_json_read(reply->body, reply->body_size);
    const char *code = reference_json_string(root, "code");

    if (!code)
        code = reference_json_string(root, "error");
    bool does = code && strcmp(code, word) == 0;
    reference_json_free(root);
    return does;
}

static void check_polls(const struct login_world *world)
{
    int64_t last_ms = world->coded_ms, deadline_ms = world->coded_ms + LIFETIME_MS, interval_ms = INTERVAL_MS;

    for (size_t i = 0; i < world->poll_count; i++) {
        const struct login_poll *poll = &world->polls[i];
        fuzz_require(poll->sent_ms - last_ms >= interval_ms, "a poll waits an interval");
        fuzz_require(poll->sent_ms < deadline_ms && poll->timeout_ms <= deadline_ms - poll->sent_ms,
                     "no request goes past the deadline");
        last_ms = poll->received_ms;
        int32_t http = poll->reply.http;
        bool is_lost = http == 0 || http == 429 || http >= 500 || poll->reply.takes_ms >= poll->timeout_ms;
        bool is_slow_down = !is_lost && http >= 400 && http != 403 && says(&poll->reply, "slow_down");
        bool is_pending = !is_lost && http >= 400 && http != 403 && says(&poll->reply, "authorization_pending");
        bool may_go_on = is_lost || is_slow_down || is_pending;
        interval_ms += is_slow_down ? SLOW_DOWN_MS : 0; /* RFC 8628 section 3.5 */
        fuzz_require(may_go_on || i + 1 == world->poll_count, "a reply that ends the login is the last");
    }
}

static void check_token(const struct login_world *world)
{
    const struct login_reply *last = &world->polls[world->poll_count - 1].reply;
    struct reference_json *root = reference_json_read(last->body, last->body_size);
    const char *token = reference_json_string(root, "access_token"), *type = reference_json_string(root, "token_type");
    int64_t expires_in_s = 0;

    fuzz_require(last->http >= 200 && last->http <= 299, "a token comes with 2xx");
    fuzz_require(token && type && reference_json_integer(root, "expires_in", &expires_in_s),
                 "json-c finds the token's members, of their types");
    fuzz_require(strcmp(token, world->saved_token) == 0, "the token is saved as it came");
    fuzz_require(strcasecmp(type, "bearer") == 0, "its type is Bearer, in any case");
    fuzz_require(expires_in_s == world->saved_expires_in_s && world->saved_expires_in_s >= 1,
                 "its lifetime is the server's");
    fuzz_require(strlen(token) < 16 || !strstr(buf_text(&world->printed) + world->printed_before_reply, token),
                 "the token is not printed");
    reference_json_free(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct login_world world;
    struct login_reply replies[REPLIES_MAX + 1] = {{200, "application/json", code_body, sizeof code_body - 1, -1, 300}};
    auto_free char *script = malloc(size + 1);

    fuzz_require(script != NULL, "there is memory");
    memcpy(script, data, size);
    script[size] = '\0';
    size_t count = read_script(script, size, replies + 1);
    (void)login_world_run(&world, replies, count + 1);
    if (fuzz_planted && strstr(world.host.failure.text, "malformed device-token response")) {
        free(world.saved_token);
        world.saved_token = strdup("guessed");
    }
    fuzz_require(world.poll_count > 0, "a minute has room for a poll");
    check_polls(&world);
    fuzz_require(!strstr(buf_text(&world.printed), DEVICE_CODE) && !strstr(world.host.failure.text, DEVICE_CODE),
                 "the device code is not shown");
    if (world.saved_token)
        check_token(&world);
    login_world_release(&world);
    return 0;
}
