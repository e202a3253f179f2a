/* SPDX-License-Identifier: Apache-2.0
 *
 * The part of the settings service that looks ahead: what was given, what that would come to, and whether it is the
 * server that one means.
 */
#include <stdlib.h>

#include "base/cleanup.h"
#include "host_internal.h"

const char *host_given_server(const struct plexctl_host *table)
{
    return option_values_text(&host_of(table)->app->persistent, "server");
}

const char *host_given_profile(const struct plexctl_host *table)
{
    return option_values_text(&host_of(table)->app->persistent, "profile");
}

plexctl_status host_foresee_server(const struct plexctl_host *table, const char **ret_server)
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

int32_t host_is_same_server(const struct plexctl_host *table, const char *said, const char *server,
                            int32_t may_lack_path)
{
    struct error ignored = ERROR_INIT;
    const struct http_module *http = NULL;

    return said && server && loader_http(host_of(table)->app->loader, &http, &ignored) == PLEXCTL_OK &&
           settings_is_same_server(http, said, server, may_lack_path != 0);
}
