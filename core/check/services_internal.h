/* SPDX-License-Identifier: Apache-2.0
 *
 * services_internal - what the files that make up services share; nobody else includes it.
 */
#ifndef CORE_CHECK_SERVICES_INTERNAL_H
#define CORE_CHECK_SERVICES_INTERNAL_H

#include <sys/types.h>

#include "check/report.h"

struct services {
    struct plexctl_host real; /* the host's own tables */
    struct fault fault;
    struct report *report;
    off_t written[2]; /* to standard output and error, as far as the host knows */
    int64_t now_ms, unix_s;
    bool is_cancelled;
    bool has_builder_failed; /* json's builders: emit and serialise have to tell */
    const struct plexctl_host *host;
};
extern struct services services;

/* Each counts a call of the service `name`, and answers the failure that it is to answer with; PLEXCTL_OK: go on. */
plexctl_status services_fail_memory(const struct plexctl_host *host, const char *name);
plexctl_status services_fail(const struct plexctl_host *host, const char *name); /* out of memory, or FAILED */
plexctl_status services_fail_blocking(const struct plexctl_host *host, const char *name);
void services_fail_http(const char *name); /* the next request's reply */

/* Around a service of the host that writes. */
void services_enter(const char *name);
void services_leave(void);

/* emit and serialise: what a builder before them came to. */
plexctl_status services_tell_builder(const struct plexctl_host *host);

/* Put their functions into the table: url and json; http, output and credentials; events and state. */
void services_put_values(struct plexctl_host *table);
void services_put_output(struct plexctl_host *table);
void services_put_kept(struct plexctl_host *table);

#endif
