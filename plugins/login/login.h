/* SPDX-License-Identifier: Apache-2.0
 *
 * login - one run of `plexctl login`: what its steps share, and how they report. The steps, in their order:
 * authorization (ask for a code and show it), polling (wait for the token), keep (save it), identity (who it is),
 * precedence (what comes before it). pending carries what lies between the first two from one process to another,
 * saved_profile knows what an earlier login left, events tells another program.
 */
#ifndef PLUGINS_LOGIN_LOGIN_H
#define PLUGINS_LOGIN_LOGIN_H

#include <stdbool.h>

#include "device_flow.h"
#include "device_reply.h"
#include "wait.h"

#define LOGIN_RESTART "restart with `plexctl login`"
#define LOGIN_TEXT_SIZE 1400 /* a recorded failure, at most 1,023 bytes, and what we say around it */

/* All zero behind the ids before authorization. */
struct login {
    const struct plexctl_host *host;
    const char *profile; /* the name to save under */
    const char *domain_id, *idp_binding_id;
    const char *server;           /* that it has to be; NULL for the one that is resolved */
    bool has_events;              /* another program is told what happens */
    bool is_unattended;           /* --no-wait: nobody waits */
    bool is_code_spent;           /* the device code was used, denied or has expired */
    struct plexctl_json *pending; /* as it is kept for others; NULL: it is not */
    int64_t hold_off_s;           /* what is left of a wait that another process was asked for */
    struct device_flow flow;
    struct wait wait;
    const char *poll_body;             /* secret; as long as poll_request */
    struct plexctl_json *poll_request; /* where the device code stays, beside `pending` */
    struct device_token_reply token;   /* in `token_body` */
    struct plexctl_json *token_body;
    int64_t token_ms;            /* when it came, by now_ms */
    bool is_default_wanted;      /* the profile is to be the default one */
    const char *earlier_subject; /* whom the profile belonged to, by the last that asked; NULL where nobody did */
    const char *earlier_server;  /* the one that it was of; NULL for none */
    const char *reason;          /* of a failure, for events; NULL where its status says all */
    int32_t http_status;         /* of the reply that ended the login; 0 for none */
    bool is_in_trouble;          /* said, and no good reply since */
    bool has_lost_reply;         /* a poll may have taken the token without our seeing it: no good reply since */
};

/* Says `before`, what has been recorded, and `after`; returns `status`. */
plexctl_status login_fail_around(const struct login *login, plexctl_status status, const char *before,
                                 const char *after);

/* Puts "phase: " before what has been recorded; returns `status`. */
plexctl_status login_fail_in(const struct login *login, plexctl_status status, const char *phase);

/* "plexctl login WORDS --profile-name NAME", the name left out where it is the one that is meant without it. */
void login_format_command(const struct login *login, const char *words, char *out, size_t out_size);

/* True where the flag was given, and is not false. */
bool login_is_asked(const struct plexctl_host *host, const char *flag);

/* Puts `text` behind it, unless the host has given advice: where the server gives a reason of its own, only we know
 * what may be done about it. */
void login_advise_besides(const struct login *login, const char *text);

#endif
