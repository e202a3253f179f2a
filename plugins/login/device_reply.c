/* SPDX-License-Identifier: Apache-2.0 */
#include "device_reply.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DEVICE_CODE_MAX_BYTES 4096
#define USER_CODE_MAX_BYTES 64
#define ACCESS_TOKEN_MAX_BYTES 16384
#define INTERVAL_DEFAULT_S 5 /* RFC 8628 section 3.5 */
#define INTERVAL_MAX_S 3600
#define EXPIRES_IN_MAX_S 86400

#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define USER_CODE_BYTES LETTERS_AND_DIGITS "-"
#define ACCESS_TOKEN_BYTES LETTERS_AND_DIGITS "._~+/=-"

static plexctl_status refuse(const struct plexctl_host *host, const char *key, const char *wanted)
{
    char text[256];

    (void)snprintf(text, sizeof text, "`%s` must be %s", key, wanted);
    (void)host->error->fail(host, PLEXCTL_FAILED, text);
    return PLEXCTL_FAILED;
}

static const char *read_string(const struct plexctl_host *host, const struct plexctl_json *body, const char *key,
                               size_t max_bytes)
{
    const char *text = host->json->string(host->json->get(body, key));
    size_t length = text ? strlen(text) : 0;

    return length >= 1 && length <= max_bytes ? text : NULL;
}

static bool read_positive(const struct plexctl_host *host, const struct plexctl_json *body, const char *key,
                          int64_t *ret_number)
{
    return host->json->integer(host->json->get(body, key), ret_number) && *ret_number >= 1;
}

static bool is_made_of(const char *text, const char *bytes)
{
    return text[strspn(text, bytes)] == '\0';
}

static plexctl_status check_object(const struct plexctl_host *host, const struct plexctl_json *body)
{
    if (host->json->type(body) == PLEXCTL_JSON_OBJECT)
        return PLEXCTL_OK;
    return host->error->fail(host, PLEXCTL_FAILED, "the body must be a JSON object");
}

/* Whether `code` stands in `text` as a word of its own. */
static bool holds_code(const char *text, const char *code)
{
    size_t length = strlen(code);

    for (const char *at = text ? strstr(text, code) : NULL; at; at = strstr(at + 1, code)) {
        bool starts = at == text || !strchr(USER_CODE_BYTES, at[-1]);
        bool ends = at[length] == '\0' || !strchr(USER_CODE_BYTES, at[length]);
        if (starts && ends)
            return true;
    }
    return false;
}

/* Whether a user_code parameter (RFC 8628 section 3.3.1) names another code, or may do so under an encoded name: the
 * page would take that one. */
static bool names_other_code(const char *query, const char *code)
{
    static const char name[] = "user_code=";
    const char *parameter = query;

    while (parameter && *parameter) {
        size_t length = strcspn(parameter, "&");
        size_t name_length = sizeof name - 1;
        if (memchr(parameter, '%', strcspn(parameter, "=&")))
            return true;
        if (strncmp(parameter, name, name_length) == 0 &&
            (length - name_length != strlen(code) || strncmp(parameter + name_length, code, strlen(code)) != 0))
            return true;
        parameter += length + (parameter[length] == '&');
    }
    return false;
}

static plexctl_status read_uri(const struct plexctl_host *host, const struct plexctl_json *body, const char *key,
                               const struct plexctl_url **ret_url)
{
    const char *text = host->json->string(host->json->get(body, key));
    plexctl_status status = text ? host->url->parse(host, text, ret_url) : PLEXCTL_FAILED;

    if (status != PLEXCTL_FAILED && (status != PLEXCTL_OK || *ret_url))
        return status;
    return refuse(host, key,
                  "an absolute https URL (http on loopback only) of at most 2048 ASCII bytes, without userinfo");
}

/* A short device_code may well be a word that stands in a URL by chance. */
static bool shows_device_code(const char *text, const char *device_code)
{
    return strlen(device_code) >= 16 && strstr(text, device_code);
}

/* Optional (RFC 8628 section 3.2), but what is there must be sound. */
static plexctl_status read_link(const struct plexctl_host *host, const struct plexctl_json *body,
                                const struct plexctl_url *plain, struct device_code_reply *code)
{
    static const char key[] = "verification_uri_complete";
    const struct plexctl_url *complete = NULL;

    if (host->json->type(host->json->get(body, key)) == PLEXCTL_JSON_ABSENT)
        return PLEXCTL_OK;
    plexctl_status status = read_uri(host, body, key, &complete);
    if (status != PLEXCTL_OK)
        return status;
    const char *link = host->json->string(host->json->get(body, key));
    bool carries_code = (holds_code(complete->path, code->user_code) || holds_code(complete->query, code->user_code)) &&
                        !names_other_code(complete->query, code->user_code);
    if (carries_code && strcmp(plain->origin, complete->origin) == 0 && !shows_device_code(link, code->device_code))
        code->verification_uri_complete = link;
    return PLEXCTL_OK;
}

static plexctl_status read_uris(const struct plexctl_host *host, const struct plexctl_json *body,
                                struct device_code_reply *code)
{
    const struct plexctl_url *plain = NULL;

    plexctl_status status = read_uri(host, body, "verification_uri", &plain);
    if (status != PLEXCTL_OK)
        return status;
    code->verification_uri = host->json->string(host->json->get(body, "verification_uri"));
    if (shows_device_code(code->verification_uri, code->device_code))
        return refuse(host, "verification_uri", "free of the device code, which is a secret");
    return read_link(host, body, plain, code);
}

static plexctl_status read_times(const struct plexctl_host *host, const struct plexctl_json *body,
                                 struct device_code_reply *code)
{
    if (!read_positive(host, body, "expires_in", &code->expires_in_s))
        return refuse(host, "expires_in", "a whole number of seconds, at least 1");
    if (code->expires_in_s > EXPIRES_IN_MAX_S)
        code->expires_in_s = EXPIRES_IN_MAX_S;
    code->interval_s = INTERVAL_DEFAULT_S;
    if (host->json->type(host->json->get(body, "interval")) == PLEXCTL_JSON_ABSENT)
        return PLEXCTL_OK;
    if (!read_positive(host, body, "interval", &code->interval_s) || code->interval_s > INTERVAL_MAX_S)
        return refuse(host, "interval", "a whole number of seconds from 1 to 3600");
    return PLEXCTL_OK;
}

plexctl_status device_reply_read_code(const struct plexctl_host *host, const struct plexctl_json *body,
                                      struct device_code_reply *ret_code)
{
    struct device_code_reply code = {0};

    plexctl_status status = check_object(host, body);
    if (status != PLEXCTL_OK)
        return status;
    code.device_code = read_string(host, body, "device_code", DEVICE_CODE_MAX_BYTES);
    if (!code.device_code)
        return refuse(host, "device_code", "a string of 1 to 4096 bytes");
    code.user_code = read_string(host, body, "user_code", USER_CODE_MAX_BYTES);
    if (!code.user_code || !is_made_of(code.user_code, USER_CODE_BYTES) ||
        shows_device_code(code.user_code, code.device_code))
        return refuse(host, "user_code", "1 to 64 letters, digits and hyphens");
    status = read_uris(host, body, &code);
    if (status == PLEXCTL_OK)
        status = read_times(host, body, &code);
    if (status == PLEXCTL_OK)
        *ret_code = code;
    return status;
}

plexctl_status device_reply_read_token(const struct plexctl_host *host, const struct plexctl_json *body,
                                       struct device_token_reply *ret_token)
{
    struct device_token_reply token = {0};

    plexctl_status status = check_object(host, body);
    if (status != PLEXCTL_OK)
        return status;
    token.access_token = read_string(host, body, "access_token", ACCESS_TOKEN_MAX_BYTES);
    if (!token.access_token || !is_made_of(token.access_token, ACCESS_TOKEN_BYTES))
        return refuse(host, "access_token", "1 to 16384 bytes of [A-Za-z0-9._~+/=-]");
    const char *type = host->json->string(host->json->get(body, "token_type"));
    if (!type || strcasecmp(type, "Bearer") != 0)
        return refuse(host, "token_type", "Bearer");
    if (!read_positive(host, body, "expires_in", &token.expires_in_s))
        return refuse(host, "expires_in", "a whole number of seconds, at least 1");
    *ret_token = token;
    return PLEXCTL_OK;
}

static enum device_flow_outcome outcome_of_code(const char *code)
{
    static const struct {
        const char *code;
        enum device_flow_outcome outcome;
    } rows[] = {{"authorization_pending", DEVICE_FLOW_PENDING},
                {"slow_down", DEVICE_FLOW_SLOW_DOWN},
                {"access_denied", DEVICE_FLOW_ACCESS_DENIED},
                {"expired_token", DEVICE_FLOW_EXPIRED_TOKEN},
                {"invalid_grant", DEVICE_FLOW_INVALID_GRANT}};

    for (size_t i = 0; code && i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(code, rows[i].code) == 0)
            return rows[i].outcome;
    }
    return DEVICE_FLOW_UNEXPECTED;
}

enum device_flow_outcome device_reply_outcome(const struct plexctl_host *host, int32_t status,
                                              const struct plexctl_json *body)
{
    if (status >= 200 && status <= 299)
        return DEVICE_FLOW_TOKEN;
    if (status == 403)
        return DEVICE_FLOW_FORBIDDEN;
    if (status == 429 || status >= 500)
        return DEVICE_FLOW_TRANSIENT;
    if (status < 400)
        return DEVICE_FLOW_UNEXPECTED;
    const struct plexctl_json *code = host->json->get(body, "code");
    int32_t type = host->json->type(code);
    if (type == PLEXCTL_JSON_ABSENT || type == PLEXCTL_JSON_NULL)
        code = host->json->get(body, "error");
    return outcome_of_code(host->json->string(code));
}
