/* SPDX-License-Identifier: Apache-2.0
 *
 * problem - what a reply that is not the wanted one says, in one line: who answered, with which HTTP status, the
 * Problem's words and code (RFC 9457) where it is one, and what to do.
 *
 *     https://cp.example.com:443/v1/x answered HTTP 404: No such thing: it was deleted (code thing_not_found)
 *
 * The server's words are cut and safe for a terminal, and give way where the line would grow too long for what to do.
 */
#ifndef CORE_PROBLEM_H
#define CORE_PROBLEM_H

#include "base/error.h"

struct problem_source {
    const char *url;  /* that was asked, without its query */
    const char *peer; /* "host:port", and the proxy (http_facts) */
};

/* PLEXCTL_DENIED for 403, else PLEXCTL_FAILED. */
plexctl_status problem_explain(const struct problem_source *source, const struct plexctl_http_reply *reply,
                               struct error *err);

/* A reply with the wanted status whose body is not `what` ("whoami response"): `err` says what is wrong with it, and is
 * put into "malformed <what>: ...". HTML is explained as by problem_explain. PLEXCTL_FAILED. */
plexctl_status problem_explain_malformed(const struct problem_source *source, const struct plexctl_http_reply *reply,
                                         const char *what, struct error *err);

#endif
