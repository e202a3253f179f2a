/* SPDX-License-Identifier: Apache-2.0
 *
 * events and state.
 */
#include "check/services_internal.h"

static plexctl_status open_events(const struct plexctl_host *host, const char *target)
{
    plexctl_status status = services_fail(host, "events->open");

    return status == PLEXCTL_OK ? services.real.events->open(host, target) : status;
}

/* It may warn on standard error, or write there. */
static plexctl_status write_event(const struct plexctl_host *host, const struct plexctl_json *object)
{
    plexctl_status status = services_tell_builder(host);

    if (status == PLEXCTL_OK)
        status = services_fail(host, "events->write");
    services_enter("events->write");
    if (status == PLEXCTL_OK)
        status = services.real.events->write(host, object);
    services_leave();
    return status;
}

static plexctl_status hold(const struct plexctl_host *host, const char *name)
{
    plexctl_status status = services_fail(host, "state->hold");

    return status == PLEXCTL_OK ? services.real.state->hold(host, name) : status;
}

static plexctl_status put(const struct plexctl_host *host, const char *name, const struct plexctl_json *value,
                          int64_t expires_unix_s)
{
    plexctl_status status = services_tell_builder(host);

    if (status == PLEXCTL_OK)
        status = services_fail(host, "state->put");
    return status == PLEXCTL_OK ? services.real.state->put(host, name, value, expires_unix_s) : status;
}

static plexctl_status get(const struct plexctl_host *host, const char *name, struct plexctl_json **ret_value)
{
    plexctl_status status = services_fail(host, "state->get");

    return status == PLEXCTL_OK ? services.real.state->get(host, name, ret_value) : status;
}

static plexctl_status remove_state(const struct plexctl_host *host, const char *name)
{
    plexctl_status status = services_fail(host, "state->remove");

    return status == PLEXCTL_OK ? services.real.state->remove(host, name) : status;
}

static plexctl_status list(const struct plexctl_host *host, struct plexctl_json **ret_names)
{
    plexctl_status status = services_fail(host, "state->list");

    return status == PLEXCTL_OK ? services.real.state->list(host, ret_names) : status;
}

void services_put_kept(struct plexctl_host *table)
{
    static struct plexctl_host_events events;
    static struct plexctl_host_state state;

    events = *table->events;
    events.open = open_events;
    events.write = write_event;
    table->events = &events;
    state = *table->state;
    state.hold = hold;
    state.put = put;
    state.get = get;
    state.remove = remove_state;
    state.list = list;
    table->state = &state;
}
