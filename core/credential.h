/* SPDX-License-Identifier: Apache-2.0
 *
 * credential - one profile: its record, the names and order of its members in the config file, and how the record is
 * read from the text of one profile. Pure: bytes in, record out.
 */
#ifndef CORE_CREDENTIAL_H
#define CORE_CREDENTIAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/json_scan.h"
#include "base/secret.h"

/* One profile. Every text is malloc'd and owned by the record; NULL where the file has no such member. */
struct credential {
    char *name;
    bool is_default;
    char *server;
    struct secret token;
    char *token_type;
    char *expires_at; /* RFC 3339, UTC */
    char *domain_id;
    char *idp_binding_id;
    char *subject;          /* who the token was found to speak for */
    char *previous_subject; /* whom an earlier one of that server did, while it is not known of the token */
};

#define CREDENTIAL_INIT \
    { \
        0 \
    }
#define auto_credential __attribute__((cleanup(credential_release)))

#define CREDENTIAL_MEMBER_COUNT 8

/* The members that plexctl knows, in the order in which a new profile has them. */
extern const char *const credential_member_keys[CREDENTIAL_MEMBER_COUNT];

/* The index of `key` in credential_member_keys, -1 for a member that plexctl does not know. */
int credential_member_find(const char *key);

/* "subject" or "previous_subject": what a save that only notes the subject changes. */
bool credential_member_is_subject(int index);

/* The text of member `index`, NULL where the credential has none. Borrowed. */
const char *credential_member_text(const struct credential *credential, int index);

/* Appends "plexctl login ...", the command that saves this profile anew: with --again where it says all that it was
 * made with, else naming what is known, and what is to be put in. */
void credential_append_login(struct buf *out, const struct credential *credential, bool is_server_good);

/* Reads the profile whose object lies at `profile` in the document `bytes`, which was found to be good JSON. Known
 * members that are no strings: PLEXCTL_USAGE with their line and column in the document. What stands before the '@' of
 * a server (plexctl saves none such, and http refuses it) is read as ***. `name` is copied; is_default stays false. The
 * caller releases the record. */
plexctl_status credential_parse(const char *bytes, struct json_span profile, const char *name,
                                struct credential *ret_credential, struct error *err);

void credential_release(struct credential *credential);

#endif
