/* SPDX-License-Identifier: Apache-2.0
 *
 * What a plugin leaves for others: events, and state of one name.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"

static void keep(char **place, const char *text)
{
    char *copied = strdup(text);

    ck_assert_ptr_nonnull(copied);
    free(*place);
    *place = copied;
}

static plexctl_status open_events(const struct plexctl_host *table, const char *target)
{
    struct fake_host *fake = fake_host_of(table);

    ck_assert_ptr_null(fake->events_target);
    if (fake->events_open_status != PLEXCTL_OK)
        return error_set(&fake->failure, fake->events_open_status, "that cannot be written");
    keep(&fake->events_target, target);
    return PLEXCTL_OK;
}

/* Secrets are masked by the host; here a test is to see them. */
static plexctl_status write_event(const struct plexctl_host *table, const struct plexctl_json *object)
{
    struct fake_host *fake = fake_host_of(table);

    if (!object)
        return error_no_memory(&fake->failure);
    if (!fake->events_target || fake->has_no_reader)
        return PLEXCTL_OK;
    json_write(&fake->events, object, 0, 0);
    buf_append_char(&fake->events, '\n');
    return PLEXCTL_OK;
}

static plexctl_status hold(const struct plexctl_host *table, const char *name)
{
    struct fake_host *fake = fake_host_of(table);

    if (fake->hold_status != PLEXCTL_OK)
        return error_set(&fake->failure, fake->hold_status, "another process holds its lock");
    keep(&fake->held, name);
    return PLEXCTL_OK;
}

static plexctl_status put(const struct plexctl_host *table, const char *name, const struct plexctl_json *value,
                          int64_t expires_unix_s)
{
    struct fake_host *fake = fake_host_of(table);
    struct buf text = BUF_INIT(1 << 16);

    if (!value)
        return error_no_memory(&fake->failure);
    if (fake->put_status != PLEXCTL_OK)
        return error_set(&fake->failure, fake->put_status, "cannot save to the state file");
    ck_assert_str_eq(fake->held, name);
    json_write(&text, value, JSON_WRITE_REVEAL, 0);
    keep(&fake->state, buf_text(&text));
    keep(&fake->state_name, name);
    buf_release(&text);
    fake->state_expires_unix_s = expires_unix_s;
    fake->put_count++;
    return PLEXCTL_OK;
}

static plexctl_status get(const struct plexctl_host *table, const char *name, struct plexctl_json **ret_value)
{
    struct fake_host *fake = fake_host_of(table);
    struct plexctl_json *root = NULL;

    if (!fake->state || strcmp(fake->state_name, name) != 0)
        return error_set(&fake->failure, PLEXCTL_NOT_FOUND, "nothing is kept");
    ck_assert_int_eq(json_parse(fake->state, strlen(fake->state), &root, &fake->failure), PLEXCTL_OK);
    *ret_value = fake_host_keep_root(fake, root);
    return PLEXCTL_OK;
}

static plexctl_status remove_state(const struct plexctl_host *table, const char *name)
{
    struct fake_host *fake = fake_host_of(table);

    ck_assert_str_eq(fake->held, name);
    free(fake->state);
    fake->state = NULL;
    return PLEXCTL_OK;
}

static plexctl_status list_state(const struct plexctl_host *table, struct plexctl_json **ret_names)
{
    struct fake_host *fake = fake_host_of(table);
    struct plexctl_json *names = json_new_array();

    if (fake->state)
        ck_assert_int_eq(json_append(names, json_new_string(fake->state_name)), PLEXCTL_OK);
    fake->list_count++;
    *ret_names = fake_host_keep_root(fake, names);
    return PLEXCTL_OK;
}

const struct plexctl_host_events fake_host_events = {
    .size = sizeof fake_host_events, .open = open_events, .write = write_event};
const struct plexctl_host_state fake_host_state = {
    .size = sizeof fake_host_state, .hold = hold, .put = put, .get = get, .remove = remove_state, .list = list_state};

void fake_host_release_state(struct fake_host *fake)
{
    buf_release(&fake->events);
    free(fake->events_target);
    free(fake->state);
    free(fake->state_name);
    free(fake->held);
}
