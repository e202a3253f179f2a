/* SPDX-License-Identifier: Apache-2.0
 *
 * The events service.
 */
#include "base/cleanup.h"
#include "host_internal.h"
#include "output.h"

static plexctl_status open_events(const struct plexctl_host *table, const char *target)
{
    struct host *host = host_of(table);

    if (!target || host->has_opened_events)
        return error_set(&host->failure, PLEXCTL_INVALID,
                         target ? "events->open is called once a run" : "events->open was called without a target");
    host->has_opened_events = true;
    return event_sink_open(target, &host->events, &host->failure);
}

struct copying {
    const struct guard *guard;
    struct plexctl_json *copy; /* NULL once memory is short */
};

/* A member whose own members hold a secret is left out whole: what is worth telling stands at the top. */
static struct plexctl_json *copy_masked(const struct guard *guard, const struct plexctl_json *value)
{
    if (json_type(value) == PLEXCTL_JSON_STRING && !json_is_secret(value)) {
        auto_free char *safe = guard_masked(guard, json_string(value));
        return safe ? json_new_string(safe) : NULL;
    }
    return guard_finds_in(guard, value) ? json_new_string("***") : json_copy(value);
}

static bool copy_member(void *context, const char *key, struct plexctl_json *value)
{
    struct copying *copying = context;
    auto_free char *safe = guard_masked(copying->guard, key);

    if (safe && json_set(copying->copy, safe, copy_masked(copying->guard, value)) == PLEXCTL_OK)
        return true;
    json_free(copying->copy);
    copying->copy = NULL;
    return false;
}

/* The sink is closed now, so that this is said once. */
static plexctl_status give_up(const struct host *host, const struct error *why)
{
    auto_buf struct buf text = BUF_FIXED(ERROR_TEXT_SIZE);

    buf_appendf(&text, "the events end here, and the command goes on: %s", why->text);
    guard_mask(&host->guard, text.data);
    output_warning(buf_text(&text));
    return PLEXCTL_OK;
}

static plexctl_status write_event(const struct plexctl_host *table, const struct plexctl_json *object)
{
    struct host *host = host_of(table);
    struct copying copying = {.guard = &host->guard};
    auto_buf struct buf line = BUF_INIT(HTTP_BODY_MAX_BYTES);
    struct error failure = ERROR_INIT;
    plexctl_status status = host_json_check(&host->failure);

    if (status != PLEXCTL_OK)
        return status;
    if (json_type(object) != PLEXCTL_JSON_OBJECT)
        return error_set(&host->failure, PLEXCTL_INVALID, "events->write was called without an object");
    if (host->events.fd < 0)
        return PLEXCTL_OK;
    copying.copy = json_new_object();
    if (copying.copy)
        (void)json_each(object, copy_member, &copying);
    json_write(&line, copying.copy, 0, 0);
    json_free(copying.copy);
    buf_append_char(&line, '\n');
    status = buf_check(&line, "an event", &host->failure);
    if (status == PLEXCTL_OK && event_sink_write(&host->events, line.data, line.len, &failure) != PLEXCTL_OK)
        return give_up(host, &failure);
    return status;
}

const struct plexctl_host_events host_events = {.size = sizeof host_events, .open = open_events, .write = write_event};
