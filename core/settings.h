/* SPDX-License-Identifier: Apache-2.0
 *
 * settings - where server and token come from: flag, then environment, then profile, by one precedence rule.
 *
 * The server is --server, else the one of the profile that --profile names, else PLEXSPHERE_URL, else the default
 * profile's; none is PLEXCTL_NO_SERVER. The token is --token-file ("-": standard input), else PLEXSPHERE_TOKEN, else
 * the resolved profile's; none is PLEXCTL_NO_TOKEN. Where PLEXSPHERE_ENDPOINT stands beside PLEXSPHERE_TOKEN it says
 * which server that token is for, and it goes to no other origin: PLEXCTL_NO_TOKEN naming both.
 *
 * A server that the command itself wants comes before all but a --server that says the same, or its origin alone;
 * another one is PLEXCTL_USAGE.
 *
 * An empty variable is an unset one. A profile that --profile names and that does not exist: PLEXCTL_NO_SERVER (exit
 * 3). A stored token goes only to the origin it was issued by: for another server, PLEXCTL_NO_TOKEN naming both
 * origins. A server URL with a query or fragment, or not by the http module's policy: PLEXCTL_USAGE. A trailing '/' is
 * dropped.
 */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include "base/secret.h"
#include "credential_store.h"
#include "http/http.h"
#include "options.h"

struct settings {
    const struct option_values *persistent; /* borrowed */
    struct credential_store *store;         /* borrowed */
    const char *wanted_server;              /* borrowed; the one that the command has to have, NULL for any */
    char *server;                           /* NULL until resolved */
    struct secret token;                    /* unset until resolved */
    char *profile;                          /* the one that was read; NULL for none */
    const char *server_source;              /* "--server", "PLEXSPHERE_URL" or "the profile"; NULL until resolved */
    const char *token_source;               /* "--token-file", "PLEXSPHERE_TOKEN" or "the profile" */
    const char *profile_source;             /* "--profile" or "the config file's default" */
    struct credential credential;           /* of that profile */
};

void settings_init(struct settings *settings, const struct option_values *persistent, struct credential_store *store);
void settings_release(struct settings *settings);

/* `profile_may_be_absent`: a --profile that does not exist is no fault while --server is given (login). */
plexctl_status settings_resolve_server(struct settings *settings, const struct http_module *http,
                                       bool profile_may_be_absent, struct error *err);

/* After settings_resolve_server. A token file: at most TEXT_BEARER_MAX_BYTES, one trailing newline dropped,
 * text_is_bearer; PLEXCTL_USAGE where it cannot be read or is none. */
plexctl_status settings_resolve_token(struct settings *settings, const struct http_module *http, struct error *err);

/* What in the environment comes before the profile that a command resolves to, PLEXCTL_OVERRIDDEN_...: see
 * settings->overridden_by in plugin.h. `settings` are those of that later command, not resolved yet; `http` NULL: no
 * URL can be judged. */
uint32_t settings_overridden_by(struct settings *settings, const struct http_module *http);

/* The profile whose token was resolved; NULL where that came from elsewhere. */
const struct credential *settings_token_profile(const struct settings *settings);

/* Whether `said` names the same server as `server`: one origin, and one path but for slashes at their ends; with
 * `may_lack_path` also where `said` is the origin alone. False where it cannot be told: see settings->is_same_server in
 * plugin.h. */
bool settings_is_same_server(const struct http_module *http, const char *said, const char *server, bool may_lack_path);

/* PLEXCTL_USAGE where `text` is no URL that a server may have. */
plexctl_status settings_check_server(const struct http_module *http, const char *text, struct error *err);

#endif
