/* SPDX-License-Identifier: Apache-2.0
 *
 * fake_host - plexctl's service table for tests of plugins: replies are scripted, the clock moves only when something
 * takes time, and what the plugin sent, printed and saved is kept to look at. Trees are those of core/base/json.
 *
 *     struct fake_host fake;
 *     fake_host_init(&fake);
 *     fake.replies = replies, fake.reply_count = N;
 *     status = fake_host_run(&fake, plexctl_plugin_v1()->command);
 *     ... ck_assert on fake.out, fake.requests ...
 *     fake_host_release(&fake);
 */
#ifndef TESTS_FAKE_HOST_H
#define TESTS_FAKE_HOST_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "guard.h"

#define FAKE_HOST_ROWS 512
#define FAKE_HOST_POISON 0xa5 /* an address of these bytes is none */

/* What comes back for one request. */
struct fake_reply {
    plexctl_status status; /* OK: a reply; else send() fails so */
    int32_t http;          /* status of the reply; 403 makes send() answer DENIED */
    const char *body;      /* NULL: empty; for a failure: the recorded text */
    const char *advice;    /* for a failure; NULL for none */
    const char *content_type;
    int64_t retry_after_s; /* 0: absent */
    int64_t takes_ms;      /* longer than the request's timeout: UNREACHABLE at the timeout */
};

struct fake_request {
    char method[8], path[64];
    char *body; /* malloc'd; NULL for none */
    uint32_t flags;
    int64_t timeout_ms, sent_ms, received_ms;
};

/* What the operator gave, by name: persistent flags too. */
struct fake_value {
    const char *name, *text;
};

struct fake_host {
    struct plexctl_host table; /* first */

    /* Set by the test */
    const char *server, *profile;
    const struct fake_value *values; /* ended by a NULL name */
    int32_t format;
    const struct fake_reply *replies;
    size_t reply_count;
    bool is_terminal;
    uint32_t overridden_by;
    bool is_last_repeated; /* else a request without a reply fails the test */
    int64_t now_ms, unix_s;
    int64_t oversleep_ms;    /* added to each sleep: a suspended machine */
    int64_t cancel_at_ms;    /* a signal comes then; 0 for none */
    size_t line_fails_at;    /* the line()s and emit()s from this one on fail; 0 for none */
    size_t builder_fails_at; /* object() and array() from this one on find no memory; 0 for none */
    bool parse_fails_memory;
    bool is_never_sent;            /* a request without a reply did not go out */
    size_t url_bytes, reply_bytes; /* of the records that a plugin is given, the rest is poison; 0: whole */
    plexctl_status prepare_status, save_status, set_subject_status;
    size_t saves_that_fail; /* with save_status, then they work; 0: all */
    int64_t save_takes_ms;
    bool shows_progress;
    plexctl_status draw_status, open_status, copy_status;
    const char *profiles;        /* JSON text that list(), describe() and diagnose() give; NULL: NO_TOKEN */
    const char *foreseen_server; /* without --server; NULL: none */
    const char *bindings; /* JSON text that GET /v1/auth/idp-bindings gives, beside the script; NULL: unreachable */
    plexctl_status hold_status, put_status, events_open_status; /* of state and events */
    bool has_no_reader;                                         /* of the events: write() tells nobody */

    /* Kept by the host */
    struct error failure;
    struct buf out, err;      /* stdout; the warnings, a line each */
    struct buf trace;         /* log->debug, a line each */
    struct buf offers;        /* completion->offer, a line "value\tdescription" each */
    struct buf events;        /* events->write, a line each */
    char *events_target;      /* of events->open */
    char *state, *state_name; /* the one entry, as JSON text; set by the test (malloc'd) or by state->put */
    int64_t state_expires_unix_s;
    char *held; /* by state->hold */
    size_t put_count, list_count, bindings_asked;
    uint32_t prepared_needs;
    struct fake_request requests[FAKE_HOST_ROWS];
    size_t request_count, line_count, emit_count, build_count, save_count, warning_count, prepare_count;
    char *saved_profile, *saved_token, *saved_token_type, *saved_domain_id, *saved_idp_binding_id, *saved_subject;
    uint32_t saved_flags;
    int64_t saved_expires_in_s;
    int64_t save_ms[FAKE_HOST_ROWS]; /* when each save began */
    char progress[FAKE_HOST_ROWS][64];
    size_t progress_count, sleep_count, link_count;
    bool is_progress_left; /* the last one was not removed */
    char opened[256], copied[64];
    uint32_t drawn_width;
    struct guard guard; /* of guard(); masked in messages, as the host does */
    char *described;    /* the name given to describe(); NULL for none */
    struct plexctl_json *roots[FAKE_HOST_ROWS];
    size_t root_count, most_roots;
    char *texts[FAKE_HOST_ROWS]; /* serialised, and URLs' parts */
    size_t text_count;
    char date[21], span[TEXT_SPAN_SIZE];
    struct plexctl_url urls[8];
    size_t url_count;
    struct plexctl_http_reply reply;
};

void fake_host_init(struct fake_host *fake);
void fake_host_release(struct fake_host *fake);

/* Runs the command; `out`, `err` and the records hold what it did. */
plexctl_status fake_host_run(struct fake_host *fake, const struct plexctl_command *command);

/* Calls a value's `complete`; `offers` holds all that it offered. */
plexctl_status fake_host_complete(struct fake_host *fake, plexctl_complete *complete, const char *typed);

/* Between the files of the fake host. json's builders take no host: one fake runs at a time. */
extern struct fake_host *fake_host_running;
extern const struct plexctl_host_json fake_host_json;
extern const struct plexctl_host_completion fake_host_completion;
extern const struct plexctl_host_http fake_host_http;
extern const struct plexctl_host_url fake_host_url;
extern const struct plexctl_host_credentials fake_host_credentials;
void fake_host_credentials_release(struct fake_host *fake);
extern const struct plexctl_host_log fake_host_log;
#define FAKE_HOST_TERMINAL \
    .progress = fake_host_progress, .shows_progress = fake_host_shows_progress, .link = fake_host_link, \
    .draw_modules = fake_host_draw_modules, .open_browser = fake_host_open_browser, \
    .copy_to_clipboard = fake_host_copy_to_clipboard
void fake_host_progress(const struct plexctl_host *table, const char *text);
int32_t fake_host_shows_progress(const struct plexctl_host *table);
plexctl_status fake_host_link(const struct plexctl_host *table, const char *url);
plexctl_status fake_host_draw_modules(const struct plexctl_host *table, const uint8_t *modules, uint32_t width);
plexctl_status fake_host_open_browser(const struct plexctl_host *table, const char *url);
plexctl_status fake_host_copy_to_clipboard(const struct plexctl_host *table, const char *text);
extern const struct plexctl_host_events fake_host_events;
extern const struct plexctl_host_state fake_host_state;
void fake_host_release_state(struct fake_host *fake);
static inline struct fake_host *fake_host_of(const struct plexctl_host *table)
{
    return (struct fake_host *)(uintptr_t)table;
}
/* malloc'd; NULL for NULL. */
char *fake_host_copy_of(const char *text);
struct plexctl_json *fake_host_keep_root(struct fake_host *fake, struct plexctl_json *root);
char *fake_host_keep_text(struct fake_host *fake, char *text);
/* Makes `record`, which begins with its size, one of `bytes`; 0: leaves it whole. */
void fake_host_cut_record(void *record, size_t size, size_t bytes);

#endif
