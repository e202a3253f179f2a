/* SPDX-License-Identifier: Apache-2.0
 *
 * host_internal - what the files that make up the host share; nobody else includes it.
 */
#ifndef CORE_HOST_INTERNAL_H
#define CORE_HOST_INTERNAL_H

#include "app.h"
#include "base/json.h"
#include "base/text.h"
#include "event_sink.h"
#include "guard.h"
#include "state_store.h"

/* A tree that a plugin holds, or the text that was made of a part of one. */
struct json_lease {
    struct plexctl_json *root; /* NULL: only the text */
    struct buf text;
};

struct url_lease {
    struct url_lease *next;
    struct http_url url;
    struct plexctl_url view;
};

struct host {
    struct plexctl_host table; /* first: the plugin's pointer is ours */
    struct app *app;
    struct error failure; /* what the run recorded last */
    struct guard guard;   /* what no output may repeat */
    bool has_emitted, has_emitted_twice, is_prepared, has_saved;
    const struct http_module *http;
    struct http_client *client;
    char *request_url; /* of the last request, without its query, for messages */
    struct http_reply reply;
    bool is_sending;
    bool has_reply; /* reply_view is of the last request */
    struct plexctl_http_reply reply_view;
    struct url_lease *urls;
    struct candidates *candidates;       /* NULL where nothing is completed */
    char date[21], span[TEXT_SPAN_SIZE]; /* of the clock's last format() and span() */
    bool has_opened_events;
    struct event_sink events;
    struct state_store *state; /* NULL before the first use */
    char *foreseen;            /* the server that foresee_server() gave last */
};

extern const struct plexctl_host_settings host_settings;
extern const struct plexctl_host_url host_url;
extern const struct plexctl_host_json host_json;
extern const struct plexctl_host_http host_http;
extern const struct plexctl_host_output host_output;
extern const struct plexctl_host_credentials host_credentials;
extern const struct plexctl_host_clock host_clock;
extern const struct plexctl_host_log host_log;
extern const struct plexctl_host_completion host_completion;
extern const struct plexctl_host_events host_events;
extern const struct plexctl_host_state host_state;

/* The tables of a host that is to show and change nothing: what would, answers DENIED, or does nothing. */
struct host_mute {
    struct plexctl_host_settings settings;
    struct plexctl_host_output output;
    struct plexctl_host_events events;
    struct plexctl_host_state state;
};

/* `ret_mute` lives as long as the host. */
void host_mute(struct host *host, struct host_mute *ret_mute);

struct host *host_of(const struct plexctl_host *table);

/* The size of a record that ends with `member`: what ABI 1.0 had, however it has grown since. */
#define HOST_SIZE_THROUGH(record, member) (offsetof(record, member) + sizeof(((record *)NULL)->member))

/* Copies the members that a caller's record has into ours; what it lacks stays zero. False where `given` is NULL or too
 * small to hold the members of ABI 1.0. */
bool host_copy_record(void *ours, size_t ours_size, size_t least_size, const void *given);

/* Puts a tree that core built into the plugin's hands; takes it over, also on failure. */
plexctl_status host_json_lend(struct host *host, struct plexctl_json *root, struct plexctl_json **ret_root);

/* The first failure of a builder since the last call. */
plexctl_status host_json_check(struct error *err);

/* A second result cannot be shown, and is missed even where the plugin takes no notice. */
#define HOST_EMITTED_TWICE "output->emit was called a second time; the first result stands"

/* Takes back what the run was lent. */
void host_json_release_all(void);
void host_http_release_all(struct host *host);

#endif
