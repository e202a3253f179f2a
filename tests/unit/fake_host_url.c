/* SPDX-License-Identifier: Apache-2.0
 *
 * The url service of fake_host: enough of the policy to judge a plugin by, no parser.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "fake_host.h"

static bool is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0;
}

static bool is_plain_ascii(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c <= ' ' || *c > '~')
            return false;
    }
    return strlen(text) <= 2048;
}

static plexctl_status url_parse(const struct plexctl_host *table, const char *text, const struct plexctl_url **ret_url)
{
    struct fake_host *fake = (struct fake_host *)(uintptr_t)table;
    char authority[256], origin[320];
    bool is_https = strncmp(text, "https://", 8) == 0;
    const char *rest = text + (is_https ? 8 : 7);

    if (!is_plain_ascii(text) || (!is_https && strncmp(text, "http://", 7) != 0))
        return error_set(&fake->failure, PLEXCTL_FAILED, "no URL");
    size_t length = strcspn(rest, "/?#");
    if (length == 0 || length >= sizeof authority || memchr(rest, '@', length))
        return error_set(&fake->failure, PLEXCTL_FAILED, "no host, or userinfo");
    (void)snprintf(authority, sizeof authority, "%.*s", (int)length, rest);
    char *colon = authority[0] == '[' ? strstr(authority, "]:") : strchr(authority, ':');
    (void)snprintf(origin, sizeof origin, "%s://%s%s", is_https ? "https" : "http", authority,
                   colon      ? ""
                   : is_https ? ":443"
                              : ":80");
    if (colon)
        colon[authority[0] == '['] = '\0';
    if (!is_https && !is_loopback(authority))
        return error_set(&fake->failure, PLEXCTL_FAILED, "http is for loopback only");

    rest += length;
    const char *question = strchr(rest, '?');
    char *path = strndup(rest, strcspn(rest, "?#"));
    ck_assert_uint_lt(fake->url_count, sizeof fake->urls / sizeof fake->urls[0]);
    struct plexctl_url *url = &fake->urls[fake->url_count++];
    *url = (struct plexctl_url){
        .size = sizeof *url,
        .origin = fake_host_keep_text(fake, strdup(origin)),
        .host = fake_host_keep_text(fake, strdup(authority)),
        .path = fake_host_keep_text(fake, path),
        .query = question ? fake_host_keep_text(fake, strndup(question + 1, strcspn(question + 1, "#"))) : NULL};
    fake_host_cut_record(url, sizeof *url, fake->url_bytes);
    *ret_url = url;
    return PLEXCTL_OK;
}

const struct plexctl_host_url fake_host_url = {.size = sizeof fake_host_url, .parse = url_parse};
