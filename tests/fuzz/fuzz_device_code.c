/* SPDX-License-Identifier: Apache-2.0
 *
 * The device-code reply; the first byte picks status and content type, the rest is the body, and the first poll brings
 * a token. Whatever is shown and awaited agrees with what json-c reads in that body; the device code is in no output.
 */
#include <string.h>

#include "fuzz.h"
#include "login_world.h"
#include "reference_json.h"

const char fuzz_name[] = "device_code";

static const char token_body[] =
    "{\"access_token\":\"token-of-the-fuzzer\",\"token_type\":\"Bearer\",\"expires_in\":9}";

/* An https URL, or http on loopback, without userinfo; of what may stand in a terminal and a browser. */
static bool is_fit(const char *uri)
{
    static const char *const starts[] = {"https://", "http://localhost", "http://127.", "http://[::1]"};
    size_t len = strlen(uri), authority = strcspn(uri + (len < 8 ? len : 8), "/?#");
    bool starts_well = false;

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        starts_well |= strncasecmp(uri, starts[i], strlen(starts[i])) == 0;
    for (const char *at = uri; *at; at++) {
        if (*at <= ' ' || *at > '~')
            return false;
    }
    return starts_well && len <= 2048 && !memchr(uri, '@', 8 + authority);
}

/* The length of scheme and host. */
static size_t host_end(const char *uri)
{
    size_t start = strcspn(uri, ":") + 3;

    return start + (uri[start] == '[' ? strcspn(uri + start, "]") : strcspn(uri + start, ":/?#"));
}

static bool prints_line(const struct login_world *world, const char *line)
{
    const char *at = buf_text(&world->printed);
    size_t len = strlen(line);

    while ((at = strstr(at, line)) != NULL) {
        if ((at == world->printed.data || at[-1] == '\n') && at[len] == '\n')
            return true;
        at++;
    }
    return false;
}

/* That there is a prompt says that every member was good. */
static void check_prompt(const struct login_world *world, struct reference_json *root)
{
    const char *user_code = reference_json_string(root, "user_code"),
               *uri = reference_json_string(root, "verification_uri");
    const char *link = reference_json_string(root, "verification_uri_complete"),
               *device_code = reference_json_string(root, "device_code");
    int64_t expires_in_s = 0, interval_s = 5;
    bool has_lifetime = reference_json_integer(root, "expires_in", &expires_in_s);

    bool has_link = reference_json_has(root, "verification_uri_complete"); /* RFC 8628 section 3.2: it may be absent */
    fuzz_require(user_code && uri && (link || !has_link) && device_code && has_lifetime,
                 "every member is there, of its type");
    fuzz_require(user_code[0] && strlen(user_code) <= 64 &&
                     strspn(user_code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") ==
                         strlen(user_code),
                 "a user code is short and plain");
    fuzz_require(is_fit(uri) && (!link || is_fit(link)), "the URIs are fit to be opened");
    fuzz_require(prints_line(world, uri) && prints_line(world, user_code), "URI and code stand on lines of their own");
    if (link && strcmp(uri, link) != 0 && prints_line(world, link)) {
        fuzz_require(strstr(link, user_code) != NULL, "a link that is shown carries the code");
        fuzz_require(strncasecmp(link, uri, host_end(uri)) == 0, "a link that is shown leads to the URI's host");
    }
    if (reference_json_has(root, "interval"))
        fuzz_require(reference_json_integer(root, "interval", &interval_s) && interval_s >= 1 && interval_s <= 3600,
                     "an interval is 1 to 3600");
    fuzz_require(expires_in_s >= 1, "a lifetime is at least a second");
    fuzz_require(world->poll_count <= 1 && (world->poll_count == 1) == (interval_s < expires_in_s),
                 "there is a poll where the interval has room");
    if (world->poll_count == 1)
        fuzz_require(world->polls[0].sent_ms - world->coded_ms >= interval_s * 1000,
                     "the first poll waits an interval");
}

static void check_secret(const struct login_world *world, struct reference_json *root)
{
    static const char ours[] =
        "To log in to " LOGIN_WORLD_SERVER ", open this page in a browser:\nand enter this code:\n"
        "or open this link, which carries the code:\nGo on only if you started this login "
        "yourself.\nLogged in. Saved profile \"default\".\n" LOGIN_WORLD_SERVER "/v1/auth/device-code answered HTTP ";
    const char *device_code = reference_json_string(root, "device_code");

    if (!device_code || strlen(device_code) < 16 || strstr(ours, device_code) || world->poll_count == 0)
        return;
    fuzz_require(!strstr(buf_text(&world->printed), device_code), "the device code is not printed");
    fuzz_require(!strstr(world->host.failure.text, device_code), "the device code is in no message");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int32_t statuses[] = {200, 200, 201, 302, 400, 403, 404, 429, 500, 503};
    static const char *const types[] = {"application/json", "application/problem+json", "text/html", ""};
    static struct login_world world;

    if (size == 0)
        return 0;
    const char *body = (const char *)data + 1;
    const struct login_reply replies[] = {
        {statuses[data[0] % 10], types[data[0] / 10 % 4], body, size - 1, -1, 100},
        {200, "application/json", token_body, sizeof token_body - 1, -1, 10},
    };
    plexctl_status status = login_world_run(&world, replies, 2);
    struct reference_json *root = reference_json_read(body, size - 1);
    if (fuzz_planted && strstr(world.host.failure.text, "`user_code` must be"))
        buf_append_text(&world.printed, "and enter this code:\n");
    bool has_prompt = strstr(buf_text(&world.printed), "and enter this code:\n") != NULL;
    fuzz_require(has_prompt || (status != PLEXCTL_OK && world.poll_count == 0), "nothing is awaited unasked");
    fuzz_require(!has_prompt || replies[0].http == 200, "only 200 is success");
    if (has_prompt)
        check_prompt(&world, root);
    check_secret(&world, root);
    reference_json_free(root);
    login_world_release(&world);
    return 0;
}
