/* SPDX-License-Identifier: Apache-2.0 */
#include "preconditions.h"

#include <string.h>

#include "cancel.h"
#include "option_required.h"
#include "trace.h"

static bool is_flag_of(const struct plexctl_command *command, const char *name)
{
    for (uint32_t i = 0; i < command->flags.count; i++) {
        if (strcmp(options_flag_at(&command->flags, i).name, name) == 0)
            return true;
    }
    return false;
}

plexctl_status preconditions_check_urls(struct app *app, struct error *err)
{
    for (size_t i = 0; i < app->values.count; i++) {
        const struct option_value *value = &app->values.rows[i];
        const struct http_module *http = NULL;
        struct http_url url = HTTP_URL_INIT;

        if (value->type != PLEXCTL_URL || !value->text)
            continue;
        plexctl_status status = loader_http(app->loader, &http, err);
        if (status != PLEXCTL_OK)
            return status;
        status = http->url_parse(value->text, &url, err);
        http->url_release(&url);
        if (status != PLEXCTL_OK) {
            (void)error_prefix(err, "%s%s", is_flag_of(app->command, value->name) ? "--" : "", value->name);
            return err->status = PLEXCTL_USAGE;
        }
    }
    return PLEXCTL_OK;
}

/* A profile that is yet to be made may be named, whatever the command needs at the moment. */
plexctl_status preconditions_resolve(struct app *app, uint32_t needs, struct error *err)
{
    bool may_be_absent = (app->command->needs & PLEXCTL_NEEDS_CREDENTIALS) != 0;
    const struct http_module *http = NULL;

    if (!(needs & (PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN)))
        return PLEXCTL_OK;
    plexctl_status status = loader_http(app->loader, &http, err);
    if (status == PLEXCTL_OK)
        status = settings_resolve_server(&app->settings, http, may_be_absent, err);
    if (status == PLEXCTL_OK && (needs & PLEXCTL_NEEDS_TOKEN))
        status = settings_resolve_token(&app->settings, http, err);
    return status;
}

static plexctl_status check_right(const struct app *app, uint32_t needs, struct error *err)
{
    if (!(needs & PLEXCTL_NEEDS_CREDENTIALS) || app->may_save)
        return PLEXCTL_OK;
    return error_set(err, PLEXCTL_DENIED,
                     "%s asks for the right to save profiles, which is given only to plexctl's own commands",
                     app->command->name);
}

plexctl_status preconditions_prepare(struct app *app, uint32_t needs, const char *server, struct error *err)
{
    plexctl_status status = check_right(app, needs, err);

    if (status != PLEXCTL_OK)
        return status;
    app->settings.wanted_server = server;
    status = preconditions_resolve(app, needs, err);
    app->settings.wanted_server = NULL;
    trace_settings(app);
    if (status == PLEXCTL_OK && (needs & PLEXCTL_NEEDS_CREDENTIALS))
        status = credential_store_preflight(app->store, cancel_fd(), err);
    return status;
}

plexctl_status preconditions_meet(struct app *app, struct error *err)
{
    plexctl_status status = option_required_check(app->command, &app->values, err);

    if (status == PLEXCTL_OK)
        status = check_right(app, app->command->needs, err);
    if (status == PLEXCTL_OK)
        status = preconditions_check_urls(app, err);
    if (status != PLEXCTL_OK || (app->command->needs & PLEXCTL_NEEDS_LATER))
        return status;
    return preconditions_prepare(app, app->command->needs, NULL, err);
}
