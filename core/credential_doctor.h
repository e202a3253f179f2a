/* SPDX-License-Identifier: Apache-2.0
 *
 * credential_doctor - what is wrong with the config file and its profiles, and what mends it. Reads only: it takes no
 * lock, makes no directory and removes nothing.
 *
 * Judged are the file and what is around it (config_doctor), and where it can be read the document, "default" and each
 * profile. The report is an array of findings (finding.h); no token is in it.
 */
#ifndef CORE_CREDENTIAL_DOCTOR_H
#define CORE_CREDENTIAL_DOCTOR_H

#include <stdint.h>

#include "base/json.h"

/* A token that expires sooner than this is worth a note. */
#define CREDENTIAL_DOCTOR_SOON_S INT64_C(86400)

struct credential_doctor {
    int64_t now_s; /* since 1970 */
    /* PLEXCTL_USAGE and why where `server` is no URL that a server may have; any other failure ends the examination. */
    plexctl_status (*check_server)(void *context, const char *server, struct error *err);
    void *context;
};

/* A file that is unfit is a finding, no failure. The caller frees the array. */
plexctl_status credential_doctor_examine(const struct credential_doctor *doctor, struct plexctl_json **ret_findings,
                                         struct error *err);

#endif
