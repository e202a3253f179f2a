/* SPDX-License-Identifier: Apache-2.0
 *
 * The settings service: what was resolved, what was given before that, what it would come to, and whether it is the
 * server that one means.
 */
#include <stdlib.h>

#include "base/cleanup.h"
#include "host_internal.h"
#include "preconditions.h"

static const char *settings_server(const struct plexctl_host *table)
{
    return host_of(table)->app->settings.server;
}

static const char *settings_profile(const struct plexctl_host *table)
{
    return host_of(table)->app->settings.profile;
}

static int32_t settings_yes(const struct plexctl_host *table)
{
    return option_values_is_set(&host_of(table)->app->persistent, "yes");
}

static plexctl_status settings_prepare(const struct plexctl_host *table, uint32_t needs, const char *server)
{
    struct host *host = host_of(table);
    struct app *app = host->app;

    if (!(app->command->needs & PLEXCTL_NEEDS_LATER) || (needs & ~app->command->needs) || host->is_prepared)
        return error_set(&host->failure, PLEXCTL_INVALID,
                         "settings->prepare is for PLEXCTL_NEEDS_LATER and the command's needs, and is called once");
    if (server && (needs & PLEXCTL_NEEDS_TOKEN))
        return error_set(&host->failure, PLEXCTL_INVALID,
                         "settings->prepare takes no server from a command that wants a token: the operator says where "
                         "its token goes");
    if (server && !app->may_save)
        return error_set(&host->failure, PLEXCTL_DENIED,
                         "a server of their own choice is given only to plexctl's own commands that save profiles");
    host->is_prepared = true;
    plexctl_status status = preconditions_prepare(app, needs, server, &host->failure);
    if (status == PLEXCTL_OK && app->settings.token.text)
        status = guard_add(&host->guard, app->settings.token.text, &host->failure);
    return status;
}

/* A later command names a profile that is not the default one; this one, where it is asked about, was given --profile
 * or was not. */
static uint32_t settings_overrider(const struct plexctl_host *table, const char *name)
{
    struct app *app = host_of(table)->app;
    const char *named = name ? name : option_values_text(&app->persistent, "profile");
    auto_credential struct credential credential = CREDENTIAL_INIT;
    struct error ignored = ERROR_INIT;
    const struct http_module *http = NULL;

    if (loader_http(app->loader, &http, &ignored) != PLEXCTL_OK)
        http = NULL;
    if (name && credential_store_read(app->store, named, &credential, &ignored) == PLEXCTL_OK && credential.is_default)
        named = NULL;
    struct option_value row = {.name = "profile", .text = named, .given = true};
    const struct option_values persistent = {.rows = &row, .count = named ? 1 : 0};
    struct settings later;
    settings_init(&later, &persistent, app->store);
    uint32_t variables = settings_overridden_by(&later, http);
    settings_release(&later);
    return variables;
}

static plexctl_status foresee_server(const struct plexctl_host *table, const char **ret_server)
{
    struct host *host = host_of(table);
    struct app *app = host->app;
    const struct http_module *http = NULL;
    struct settings settings;
    plexctl_status status = loader_http(app->loader, &http, &host->failure);

    if (status != PLEXCTL_OK)
        return status;
    settings_init(&settings, &app->persistent, app->store);
    status = settings_resolve_server(&settings, http, (app->command->needs & PLEXCTL_NEEDS_CREDENTIALS) != 0,
                                     &host->failure);
    if (status == PLEXCTL_OK) {
        free(host->foreseen);
        *ret_server = host->foreseen = take_ptr(&settings.server);
    }
    settings_release(&settings);
    return status;
}

static int32_t is_same_server(const struct plexctl_host *table, const char *said, const char *server,
                              int32_t may_lack_path)
{
    struct error ignored = ERROR_INIT;
    const struct http_module *http = NULL;

    return said && server && loader_http(host_of(table)->app->loader, &http, &ignored) == PLEXCTL_OK &&
           settings_is_same_server(http, said, server, may_lack_path != 0);
}

const struct plexctl_host_settings host_settings = {.size = sizeof host_settings,
                                                    .server = settings_server,
                                                    .profile = settings_profile,
                                                    .yes = settings_yes,
                                                    .prepare = settings_prepare,
                                                    .overridden_by = settings_overrider,
                                                    .foresee_server = foresee_server,
                                                    .is_same_server = is_same_server};
