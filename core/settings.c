/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "token_file.h"

static const char from_profile[] = "the profile";

void settings_init(struct settings *settings, const struct option_values *persistent, struct credential_store *store)
{
    *settings = (struct settings){.persistent = persistent, .store = store};
}

void settings_release(struct settings *settings)
{
    free(settings->server);
    secret_release(&settings->token);
    free(settings->profile);
    credential_release(&settings->credential);
    *settings = (struct settings){0};
}

static const char *find_variable(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] ? value : NULL;
}

/* The variables, where they decide. */

static const char *find_server_variable(const struct settings *settings)
{
    const struct option_values *flags = settings->persistent;
    bool is_decided =
        option_values_text(flags, "server") || settings->wanted_server || option_values_text(flags, "profile");

    return is_decided ? NULL : find_variable("PLEXSPHERE_URL");
}

static const char *find_token_variable(const struct settings *settings)
{
    return option_values_text(settings->persistent, "token-file") ? NULL : find_variable("PLEXSPHERE_TOKEN");
}

/* What is wrong with a setting is the operator's to mend, whatever the layer below calls it. */
static plexctl_status blame_operator(struct error *err)
{
    if (err->status == PLEXCTL_FAILED)
        err->status = PLEXCTL_USAGE;
    return err->status;
}

static plexctl_status prefix_profile(const struct settings *settings, struct error *err)
{
    auto_buf struct buf name = BUF_FIXED(ERROR_TEXT_SIZE);

    text_sanitise(&name, settings->profile, strlen(settings->profile), TEXT_SERVER_MAX_BYTES);
    return error_prefix(err, "profile \"%s\"", buf_text(&name));
}

/* Once: the profile that --profile names, else the default one. */
static plexctl_status read_profile(struct settings *settings, struct error *err)
{
    const char *flag = option_values_text(settings->persistent, "profile");

    if (settings->profile)
        return PLEXCTL_OK;
    plexctl_status status = credential_store_read(settings->store, flag, &settings->credential, err);
    if (status != PLEXCTL_OK)
        return status;
    settings->profile_source = flag ? "--profile" : "the config file's default";
    settings->profile = strdup(settings->credential.name);
    return settings->profile ? PLEXCTL_OK : error_no_memory(err);
}

static plexctl_status parse_server(const struct http_module *http, const char *text, struct http_url *ret_url,
                                   struct error *err)
{
    struct http_url url = HTTP_URL_INIT;
    plexctl_status status = http->url_parse(text, &url, err);

    if (status != PLEXCTL_OK)
        return blame_operator(err);
    /* Also an empty query or fragment would swallow the path that is joined to it. */
    if (strpbrk(text, "?#")) {
        http->url_release(&url);
        return error_set(err, PLEXCTL_USAGE, "a server's URL has no query or fragment; leave out what begins with %s",
                         strchr(text, '?') ? "'?'" : "'#'");
    }
    *ret_url = url;
    return PLEXCTL_OK;
}

plexctl_status settings_check_server(const struct http_module *http, const char *text, struct error *err)
{
    struct http_url url = HTTP_URL_INIT;
    plexctl_status status = parse_server(http, text, &url, err);

    if (status == PLEXCTL_OK)
        http->url_release(&url);
    return status;
}

static plexctl_status set_server(struct settings *settings, const struct http_module *http, const char *text,
                                 const char *source, struct error *err)
{
    plexctl_status status = settings_check_server(http, text, err);

    if (status != PLEXCTL_OK)
        return status;
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == '/')
        len--;
    char *server = strndup(text, len);
    if (!server)
        return error_no_memory(err);
    free(settings->server);
    settings->server = server;
    settings->server_source = source;
    return PLEXCTL_OK;
}

static plexctl_status set_server_from_profile(struct settings *settings, const struct http_module *http,
                                              struct error *err)
{
    plexctl_status status = PLEXCTL_OK;

    if (settings->credential.server)
        status = set_server(settings, http, settings->credential.server, from_profile, err);
    else
        status = error_set(err, PLEXCTL_NO_SERVER, "it has no server; give --server, or run `plexctl login`");
    return status == PLEXCTL_OK ? status : prefix_profile(settings, err);
}

static plexctl_status set_server_from_default(struct settings *settings, const struct http_module *http,
                                              struct error *err)
{
    plexctl_status status = read_profile(settings, err);

    if (status == PLEXCTL_OK)
        return set_server_from_profile(settings, http, err);
    if (status != PLEXCTL_NOT_FOUND)
        return status;
    const struct error reason = *err;
    return error_set(err, PLEXCTL_NO_SERVER, "no server is given: %.700s, or give --server or PLEXSPHERE_URL",
                     reason.text);
}

/* --server, where given, has been taken already; the profile is still read, because its token may be wanted. */
static plexctl_status use_named_profile(struct settings *settings, const struct http_module *http, bool may_be_absent,
                                        struct error *err)
{
    plexctl_status status = read_profile(settings, err);

    if (status == PLEXCTL_NOT_FOUND && settings->server && may_be_absent) {
        error_clear(err);
        return PLEXCTL_OK;
    }
    if (status == PLEXCTL_NOT_FOUND)
        return err->status = PLEXCTL_NO_SERVER;
    return status != PLEXCTL_OK || settings->server ? status : set_server_from_profile(settings, http, err);
}

static bool is_same_origin(const struct http_url *a, const struct http_url *b)
{
    return a->origin && b->origin && strcmp(a->origin, b->origin) == 0;
}

static size_t path_length(const struct http_url *url)
{
    size_t len = url->path ? strlen(url->path) : 0;

    while (len > 0 && url->path[len - 1] == '/')
        len--;
    return len;
}

static bool is_same_server(const struct http_url *said, const struct http_url *server, bool may_lack_path)
{
    size_t len = path_length(said);

    if (!is_same_origin(said, server))
        return false;
    return len == 0 ? may_lack_path || path_length(server) == 0
                    : len == path_length(server) && memcmp(said->path, server->path, len) == 0;
}

bool settings_is_same_server(const struct http_module *http, const char *said, const char *server, bool may_lack_path)
{
    struct error ignored = ERROR_INIT;
    struct http_url a = HTTP_URL_INIT, b = HTTP_URL_INIT;
    bool is_same = parse_server(http, said, &a, &ignored) == PLEXCTL_OK &&
                   parse_server(http, server, &b, &ignored) == PLEXCTL_OK && is_same_server(&a, &b, may_lack_path);

    http->url_release(&a);
    http->url_release(&b);
    return is_same;
}

static plexctl_status check_wanted(const struct settings *settings, const struct http_module *http, struct error *err)
{
    struct http_url flag = HTTP_URL_INIT, wanted = HTTP_URL_INIT;
    plexctl_status status = parse_server(http, settings->server, &flag, err);

    if (status == PLEXCTL_OK)
        status = parse_server(http, settings->wanted_server, &wanted, err);
    if (status == PLEXCTL_OK && !is_same_server(&flag, &wanted, true))
        status = error_set(err, PLEXCTL_USAGE, "this is for %.300s; leave --server out", settings->wanted_server);
    http->url_release(&flag);
    http->url_release(&wanted);
    return status;
}

plexctl_status settings_resolve_server(struct settings *settings, const struct http_module *http,
                                       bool profile_may_be_absent, struct error *err)
{
    const char *flag = option_values_text(settings->persistent, "server"), *variable = find_server_variable(settings);
    plexctl_status status = flag ? set_server(settings, http, flag, "--server", err) : PLEXCTL_OK;

    if (status == PLEXCTL_OK && flag && settings->wanted_server)
        status = check_wanted(settings, http, err);
    if (status != PLEXCTL_OK)
        return error_prefix(err, "--server");
    if (settings->wanted_server)
        return set_server(settings, http, settings->wanted_server, "the command", err);
    if (option_values_text(settings->persistent, "profile"))
        return use_named_profile(settings, http, profile_may_be_absent, err);
    if (flag)
        return PLEXCTL_OK;
    if (!variable)
        return set_server_from_default(settings, http, err);
    status = set_server(settings, http, variable, "PLEXSPHERE_URL", err);
    return status == PLEXCTL_OK ? status : error_prefix(err, "PLEXSPHERE_URL");
}

/* `url` is the resolved server's. */
static plexctl_status check_origin(const struct settings *settings, const struct http_module *http,
                                   const struct http_url *url, struct error *err)
{
    struct http_url issuer = HTTP_URL_INIT;

    if (!settings->credential.server)
        return error_set(err, PLEXCTL_NO_TOKEN,
                         "it does not say which server issued its token, so the token is not sent; "
                         "run `plexctl login`");
    plexctl_status status = parse_server(http, settings->credential.server, &issuer, err);
    if (status != PLEXCTL_OK)
        return status;
    if (!is_same_origin(&issuer, url))
        status = error_set(err, PLEXCTL_NO_TOKEN,
                           "its token was issued by %s and is not sent to %s; log in there with "
                           "`plexctl login --server %.300s`, or give --token-file",
                           issuer.origin, url->origin, settings->server);
    http->url_release(&issuer);
    return status;
}

static plexctl_status set_token_from_profile(struct settings *settings, const struct http_module *http,
                                             struct error *err)
{
    const struct secret *token = &settings->credential.token;
    struct http_url url = HTTP_URL_INIT;

    if (!token->text)
        return error_set(err, PLEXCTL_NO_TOKEN,
                         "it has no token; run `plexctl login`, or give --token-file or PLEXSPHERE_TOKEN");
    plexctl_status status = parse_server(http, settings->server, &url, err);
    if (status != PLEXCTL_OK)
        return status;
    status = check_origin(settings, http, &url, err);
    http->url_release(&url);
    if (status == PLEXCTL_OK)
        status = token_set(&settings->token, token->text, token->len, err);
    return status;
}

/* `plexctl env` exports the two as a pair, for one server. */
static plexctl_status check_endpoint(const struct settings *settings, const struct http_module *http, struct error *err)
{
    const char *endpoint = find_variable("PLEXSPHERE_ENDPOINT");
    struct http_url url = HTTP_URL_INIT, issuer = HTTP_URL_INIT;

    if (!endpoint)
        return PLEXCTL_OK;
    plexctl_status status = parse_server(http, endpoint, &issuer, err);
    if (status != PLEXCTL_OK)
        return error_prefix(err, "PLEXSPHERE_ENDPOINT");
    status = parse_server(http, settings->server, &url, err);
    if (status == PLEXCTL_OK && !is_same_origin(&issuer, &url))
        status = error_set(err, PLEXCTL_NO_TOKEN,
                           "PLEXSPHERE_TOKEN is for %s by PLEXSPHERE_ENDPOINT, and is not sent to %s; run `unset "
                           "PLEXSPHERE_TOKEN PLEXSPHERE_ENDPOINT`, or give --server",
                           issuer.origin, url.origin);
    http->url_release(&issuer);
    http->url_release(&url);
    return status;
}

static plexctl_status set_token_from_variable(struct settings *settings, const struct http_module *http,
                                              const char *variable, struct error *err)
{
    plexctl_status status = check_endpoint(settings, http, err);

    if (status != PLEXCTL_OK)
        return status;
    status = token_set(&settings->token, variable, strlen(variable), err);
    return status == PLEXCTL_OK ? status : error_prefix(err, "PLEXSPHERE_TOKEN");
}

plexctl_status settings_resolve_token(struct settings *settings, const struct http_module *http, struct error *err)
{
    const char *path = option_values_text(settings->persistent, "token-file");
    const char *variable = find_token_variable(settings);

    settings->token_source = path ? "--token-file" : variable ? "PLEXSPHERE_TOKEN" : from_profile;
    if (path)
        return token_file_read(path, &settings->token, err);
    if (variable)
        return set_token_from_variable(settings, http, variable, err);
    plexctl_status status = read_profile(settings, err);
    if (status == PLEXCTL_NOT_FOUND) {
        const struct error reason = *err;
        return error_set(err, PLEXCTL_NO_TOKEN, "no token is given: %.700s, or give --token-file or PLEXSPHERE_TOKEN",
                         reason.text);
    }
    if (status == PLEXCTL_OK) {
        status = set_token_from_profile(settings, http, err);
        return status == PLEXCTL_OK ? status : prefix_profile(settings, err);
    }
    return status;
}

const struct credential *settings_token_profile(const struct settings *settings)
{
    return settings->token.text && settings->token_source == from_profile ? &settings->credential : NULL;
}

/* False where it cannot be told. */
static bool is_profiles_own(struct settings *settings, const struct http_module *http, const char *server)
{
    struct error ignored = ERROR_INIT;

    return http && read_profile(settings, &ignored) == PLEXCTL_OK && settings->credential.server &&
           settings_is_same_server(http, server, settings->credential.server, false);
}

uint32_t settings_overridden_by(struct settings *settings, const struct http_module *http)
{
    const char *server = find_server_variable(settings);
    uint32_t variables = server && !is_profiles_own(settings, http, server) ? PLEXCTL_OVERRIDDEN_URL : 0;

    return variables | (find_token_variable(settings) ? PLEXCTL_OVERRIDDEN_TOKEN : 0);
}
