/* SPDX-License-Identifier: Apache-2.0 */
#include "check/tables.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define END(record, member) (offsetof(record, member) + sizeof(((record *)NULL)->member))
#define MORE_BYTES 64

/* The end of each table, by minor: a new minor is a new row, with every end as it then is. */
struct ends {
    size_t host, error, values, settings, url, json, http, output, credentials, clock, log, completion, events, state;
};

static const struct ends minors[] = {
    {.host = (offsetof(struct plexctl_host, state) + sizeof(void *)),
     .error = END(struct plexctl_host_error, exit_code),
     .values = END(struct plexctl_host_values, boolean),
     .settings = END(struct plexctl_host_settings, is_same_server),
     .url = END(struct plexctl_host_url, parse),
     .json = END(struct plexctl_host_json, release),
     .http = END(struct plexctl_host_http, was_sent),
     .output = END(struct plexctl_host_output, copy_to_clipboard),
     .credentials = END(struct plexctl_host_credentials, set_subject),
     .clock = END(struct plexctl_host_clock, span),
     .log = END(struct plexctl_host_log, debug),
     .completion = END(struct plexctl_host_completion, offer),
     .events = END(struct plexctl_host_events, write),
     .state = END(struct plexctl_host_state, list)},
};
_Static_assert(sizeof minors / sizeof minors[0] == PLEXCTL_ABI_MINOR + 1, "a minor without a row in minors");
_Static_assert((offsetof(struct plexctl_host, state) + sizeof(void *)) == sizeof(struct plexctl_host) &&
                   END(struct plexctl_host_error, exit_code) == sizeof(struct plexctl_host_error) &&
                   END(struct plexctl_host_values, boolean) == sizeof(struct plexctl_host_values) &&
                   END(struct plexctl_host_settings, is_same_server) == sizeof(struct plexctl_host_settings) &&
                   END(struct plexctl_host_url, parse) == sizeof(struct plexctl_host_url) &&
                   END(struct plexctl_host_json, release) == sizeof(struct plexctl_host_json) &&
                   END(struct plexctl_host_http, was_sent) == sizeof(struct plexctl_host_http) &&
                   END(struct plexctl_host_output, copy_to_clipboard) == sizeof(struct plexctl_host_output) &&
                   END(struct plexctl_host_credentials, set_subject) == sizeof(struct plexctl_host_credentials) &&
                   END(struct plexctl_host_clock, span) == sizeof(struct plexctl_host_clock) &&
                   END(struct plexctl_host_log, debug) == sizeof(struct plexctl_host_log) &&
                   END(struct plexctl_host_completion, offer) == sizeof(struct plexctl_host_completion) &&
                   END(struct plexctl_host_events, write) == sizeof(struct plexctl_host_events) &&
                   END(struct plexctl_host_state, list) == sizeof(struct plexctl_host_state),
               "a table that has grown since the last row of minors");

/* What a later plexctl has at the end of its tables. */
static void later_member(void)
{
}

/* `size` bytes that end where a page that cannot be read begins; NULL out of memory. */
static unsigned char *map_before_wall(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (size + page - 1) / page * page;
    unsigned char *pages = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (pages == MAP_FAILED)
        return NULL;
    (void)mprotect(pages + room, page, PROT_NONE);
    return pages + room - size;
}

struct resizing {
    const void **table;
    size_t size; /* 0: the table came later than that */
};

static plexctl_status resize(const struct resizing *resizing, bool is_later, struct error *err)
{
    void (*member)(void) = later_member;
    size_t more = is_later ? MORE_BYTES : 0, whole = resizing->size + more;
    unsigned char *copy = map_before_wall(resizing->size ? whole : 1);

    if (!copy)
        return error_no_memory(err);
    if (!resizing->size) { /* where the host's table ends, nothing is: a pointer that must not be followed */
        *resizing->table = copy + 1;
        return PLEXCTL_OK;
    }
    memcpy(copy, *resizing->table, resizing->size);
    for (size_t i = 0; i < more; i += sizeof member)
        memcpy(copy + resizing->size + i, &member, sizeof member);
    const uint32_t size = (uint32_t)whole;
    memcpy(copy, &size, sizeof size); /* each begins with it */
    *resizing->table = copy;
    return PLEXCTL_OK;
}

plexctl_status tables_age(struct plexctl_host *host, uint32_t minor, bool is_later, struct error *err)
{
    const struct ends *ends = &minors[minor];
    const struct resizing tables[] = {{(const void **)&host->error, ends->error},
                                      {(const void **)&host->values, ends->values},
                                      {(const void **)&host->settings, ends->settings},
                                      {(const void **)&host->url, ends->url},
                                      {(const void **)&host->json, ends->json},
                                      {(const void **)&host->http, ends->http},
                                      {(const void **)&host->output, ends->output},
                                      {(const void **)&host->credentials, ends->credentials},
                                      {(const void **)&host->clock, ends->clock},
                                      {(const void **)&host->log, ends->log},
                                      {(const void **)&host->completion, ends->completion},
                                      {(const void **)&host->events, ends->events},
                                      {(const void **)&host->state, ends->state}};
    plexctl_status status = PLEXCTL_OK;

    host->size = (uint32_t)ends->host + (is_later ? MORE_BYTES : 0);
    host->abi_minor = minor + (is_later ? 1 : 0);
    for (size_t i = 0; status == PLEXCTL_OK && i < sizeof tables / sizeof tables[0]; i++)
        status = resize(&tables[i], is_later, err);
    return status;
}
