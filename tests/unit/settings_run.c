/* SPDX-License-Identifier: Apache-2.0 */
#include "settings_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"
#include "unit.h"

static const char config[] =
    "{\"default\":\"work\",\"profiles\":{"
    "\"work\":{\"server\":\"https://work.test\",\"token\":\"work-token\",\"token_type\":\"Bearer\"},"
    "\"play\":{\"server\":\"https://play.test:8443/eu/\",\"token\":\"play-token\"},"
    "\"bare\":{},"
    "\"homeless\":{\"token\":\"homeless-token\"},"
    "\"tokenless\":{\"server\":\"https://work.test\"},"
    "\"odd\":{\"server\":\"ftp://odd.test\",\"token\":\"odd-token\"},"
    "\"query\":{\"server\":\"https://work.test?x\",\"token\":\"query-token\"},"
    "\"broken\":{\"server\":\"https://work.test\",\"token\":\"broken\\ntoken\"}}}";

/* The fake module. */

static plexctl_status fake_url_parse(const char *text, struct http_url *ret_url, struct error *err)
{
    bool is_tls = strncmp(text, "https://", 8) == 0;

    if (strcmp(text, "https://no-memory.test") == 0)
        return error_no_memory(err);
    if (!is_tls && strncmp(text, "http://localhost", 16) != 0)
        return error_set(err, PLEXCTL_FAILED, "the URL is refused: fake reason");
    const char *host = strstr(text, "//") + 2;
    size_t len = strcspn(host, "/?#");
    bool has_port = memchr(host, ':', len) != NULL;
    struct http_url url = HTTP_URL_INIT;
    ck_assert_int_gt(asprintf(&url.origin, "%s://%.*s%s", is_tls ? "https" : "http", (int)len, host,
                              has_port ? "" : (is_tls ? ":443" : ":80")),
                     0);
    url.path = strndup(host[len] == '/' ? host + len : "/", host[len] == '/' ? strcspn(host + len, "?#") : 1);
    ck_assert_ptr_nonnull(url.path);
    *ret_url = url;
    return PLEXCTL_OK;
}

static void fake_url_release(struct http_url *url)
{
    free(url->origin);
    free(url->path);
    *url = (struct http_url)HTTP_URL_INIT;
}

const struct http_module settings_run_http = {
    .version = "fake", .url_parse = fake_url_parse, .url_release = fake_url_release};

void settings_run_write_file(const char *path, const char *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    ck_assert_int_eq(close(fd), 0);
}

void settings_run_write_config(const char *text)
{
    char path[256];

    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", unit_scratch(), 1), 0);
    (void)snprintf(path, sizeof path, "%s/plexctl", unit_scratch());
    ck_assert(mkdir(path, 0700) == 0 || errno == EEXIST);
    (void)snprintf(path, sizeof path, "%s/plexctl/config.json", unit_scratch());
    if (text)
        settings_run_write_file(path, text, strlen(text));
    else
        ck_assert(unlink(path) == 0 || errno == ENOENT);
}

void settings_run_set_variable(const char *name, const char *value)
{
    ck_assert_int_eq(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

void settings_run_begin(struct settings_run *run, const char *server, const char *profile, const char *token_file)
{
    const char *names[SETTINGS_RUN_FLAGS] = {"server", "profile", "token-file"};
    const char *texts[SETTINGS_RUN_FLAGS] = {server, profile, token_file};

    *run = (struct settings_run){.err = ERROR_INIT};
    for (size_t i = 0; i < SETTINGS_RUN_FLAGS; i++)
        run->flags[i] = (struct option_value){.name = names[i], .text = texts[i], .given = texts[i] != NULL};
    run->values = (struct option_values){.rows = run->flags, .count = SETTINGS_RUN_FLAGS};
    ck_assert_int_eq(credential_store_new(output_warning, &run->store, &run->err), PLEXCTL_OK);
    settings_init(&run->settings, &run->values, run->store);
}

void settings_run_end(struct settings_run *run)
{
    settings_release(&run->settings);
    ck_assert_ptr_null(run->settings.server);
    ck_assert_ptr_null(run->settings.token.text);
    credential_store_free(run->store);
}

void settings_run_set_up(void)
{
    unsetenv("PLEXSPHERE_URL");
    unsetenv("PLEXSPHERE_TOKEN");
    unsetenv("PLEXSPHERE_ENDPOINT");
    settings_run_write_config(config);
}

void settings_run_assert_phrases(const struct settings_run *run, const char *const phrases[static SETTINGS_RUN_PHRASES])
{
    for (size_t i = 0; i < SETTINGS_RUN_PHRASES && phrases[i]; i++)
        ck_assert_msg(strstr(run->err.text, phrases[i]) != NULL, "no \"%s\" in: %s", phrases[i], run->err.text);
    ck_assert_ptr_null(strchr(run->err.text, '\n'));
}
