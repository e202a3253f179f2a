/* SPDX-License-Identifier: Apache-2.0
 *
 * The state service. A subcommand's state is its command's.
 */
#include "base/text.h"
#include "host_internal.h"
#include "output.h"

static plexctl_status open_store(struct host *host)
{
    const struct app *app = host->app;

    if (host->state)
        return PLEXCTL_OK;
    return state_store_new(app->parent ? app->parent->name : app->command->name, output_warning, &host->state,
                           &host->failure);
}

static plexctl_status find_store(struct host *host, const char *name)
{
    if (!name || !text_is_profile_name(name))
        return error_set(&host->failure, PLEXCTL_INVALID, "state: a name is 1 to 64 of [A-Za-z0-9._-]");
    return open_store(host);
}

static plexctl_status hold(const struct plexctl_host *table, const char *name)
{
    struct host *host = host_of(table);
    plexctl_status status = find_store(host, name);

    return status == PLEXCTL_OK ? state_store_hold(host->state, name, &host->failure) : status;
}

static plexctl_status put(const struct plexctl_host *table, const char *name, const struct plexctl_json *value,
                          int64_t expires_unix_s)
{
    struct host *host = host_of(table);
    const struct state_entry entry = {.name = name, .value = value, .expires_unix_s = expires_unix_s};
    plexctl_status status = host_json_check(&host->failure);

    if (status == PLEXCTL_OK)
        status = find_store(host, name);
    if (status == PLEXCTL_OK && json_type(value) != PLEXCTL_JSON_OBJECT)
        status = error_set(&host->failure, PLEXCTL_INVALID, "state->put was called without an object");
    return status == PLEXCTL_OK ? state_store_put(host->state, &entry, &host->failure) : status;
}

static plexctl_status get(const struct plexctl_host *table, const char *name, struct plexctl_json **ret_value)
{
    struct host *host = host_of(table);
    struct plexctl_json *value = NULL;
    plexctl_status status = find_store(host, name);

    if (status == PLEXCTL_OK)
        status = state_store_get(host->state, name, &value, &host->failure);
    return status == PLEXCTL_OK ? host_json_lend(host, value, ret_value) : status;
}

static plexctl_status remove_state(const struct plexctl_host *table, const char *name)
{
    struct host *host = host_of(table);
    plexctl_status status = find_store(host, name);

    return status == PLEXCTL_OK ? state_store_remove(host->state, name, &host->failure) : status;
}

static plexctl_status list(const struct plexctl_host *table, struct plexctl_json **ret_names)
{
    struct host *host = host_of(table);
    struct plexctl_json *names = NULL;
    plexctl_status status = open_store(host);

    if (status == PLEXCTL_OK)
        status = state_store_list(host->state, &names, &host->failure);
    return status == PLEXCTL_OK ? host_json_lend(host, names, ret_names) : status;
}

const struct plexctl_host_state host_state = {
    .size = sizeof host_state, .hold = hold, .put = put, .get = get, .remove = remove_state, .list = list};
