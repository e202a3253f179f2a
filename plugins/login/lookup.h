/* SPDX-License-Identifier: Apache-2.0
 *
 * lookup - something that login asks the server beside the login itself: a GET, whose 200 answers in JSON.
 */
#ifndef PLUGINS_LOGIN_LOOKUP_H
#define PLUGINS_LOGIN_LOOKUP_H

#include <plexctl/plugin.h>

/* Reads `body`, which lives as long as the run, into `result`. PLEXCTL_FAILED, with what is wrong recorded, where it is
 * not what was asked for. */
typedef plexctl_status lookup_read(const struct plexctl_host *host, struct plexctl_json *body, void *result);

struct lookup {
    const char *path, *what; /* `what` the answer is, as http->malformed takes it */
    uint32_t flags;          /* PLEXCTL_HTTP_... */
    int64_t timeout_ms;      /* as http->send takes it */
    lookup_read *read;
};

/* Asks, and has the answer read into `result`. A failure is recorded; what `read` refuses, as a malformed answer. */
plexctl_status lookup_send(const struct plexctl_host *host, const struct lookup *lookup, void *result);

#endif
