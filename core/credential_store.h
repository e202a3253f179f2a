/* SPDX-License-Identifier: Apache-2.0
 *
 * credential_store - the only owner of the config file, $XDG_CONFIG_HOME/plexctl/config.json, else
 * ~/.config/plexctl/config.json (a relative XDG_CONFIG_HOME is ignored; no HOME: PLEXCTL_USAGE).
 *
 *     { "default": "NAME", "profiles": { "NAME": { "server": ..., "token": ..., "token_type": ..., "expires_at": ...,
 *                                                  "domain_id": ..., "idp_binding_id": ..., "subject": ...,
 *                                                  "previous_subject": ... } } }
 *
 * Reading takes no lock: one descriptor is opened and judged (a regular file, ours, not writable by others), read
 * whole, checked whole by json_scan, and only the span of the wanted profile becomes a tree. Saving takes the side lock
 * "config.json.lock" beside the target, reads again, splices the one profile's text into the document, so that every
 * other byte stays as it was, and puts the new file in the old one's place. A symlink is followed and its target
 * replaced. A missing file is an empty one. A document that is no such object, or that cannot be kept whole, is
 * PLEXCTL_USAGE with line and column, and is not touched.
 *
 * Refusals name the file, what is wrong and the command that mends it.
 */
#ifndef CORE_CREDENTIAL_STORE_H
#define CORE_CREDENTIAL_STORE_H

#include <stddef.h>

#include "credential.h"

/* Larger files are refused, bytes. 10,000 profiles are about 4 MB. */
#define CREDENTIAL_STORE_MAX_BYTES ((size_t)16 * 1024 * 1024)
#define CREDENTIAL_STORE_LOCK_WAIT_MS 5000

struct credential_store;

/* Finds and opens nothing yet: the path is looked for at the first use. `warn` is given one line, once, where a file
 * that is read or about to be replaced can be read by others. The caller frees the store. */
plexctl_status credential_store_new(void (*warn)(const char *text), struct credential_store **ret_store,
                                    struct error *err);
void credential_store_free(struct credential_store *store);

/* The config file's path, whether it exists or not; NULL where the environment names no place for it. Owned by the
 * store. */
const char *credential_store_path(struct credential_store *store);

/* Reads one profile; `name` NULL for the one that the file's "default" names. PLEXCTL_NOT_FOUND where it does not exist
 * (with the nearest name and those that do, or the hint to log in, in `err`). Members of a wrong
 * type: PLEXCTL_USAGE. */
plexctl_status credential_store_read(struct credential_store *store, const char *name,
                                     struct credential *ret_credential, struct error *err);

/* Calls `profile` for each, in the file's order, tokens included; `credential` is borrowed during the call. A status
 * other than PLEXCTL_OK ends the walk and is returned. */
plexctl_status credential_store_each(struct credential_store *store,
                                     plexctl_status (*profile)(void *context, const struct credential *credential,
                                                               struct error *err),
                                     void *context, struct error *err);

/* Whatever would stop a save, now: locks, parses, makes missing directories, stages a file of the size that a save of
 * the longest token needs, renames it, takes it away again, unlocks. Changes nothing in the config file. */
plexctl_status credential_store_preflight(struct credential_store *store, int cancel_fd, struct error *err);

/* Adds or replaces profile `credential->name`; the members it names are set in place, unknown ones in that profile are
 * kept. NULL texts remove that member from the profile, but that a subject which is not known anew stays as the
 * previous one of the same server. The first profile becomes the default (also where "default" names none that exists),
 * and so does one that `is_default`. Durable on PLEXCTL_OK. */
plexctl_status credential_store_save(struct credential_store *store, const struct credential *credential, int cancel_fd,
                                     struct error *err);

/* Sets `credential->subject` in the profile of its name, takes "previous_subject" out, and leaves every other byte as
 * it is, the default too. PLEXCTL_NOT_FOUND, and nothing done, where the profile does not hold `credential->token`. */
plexctl_status credential_store_set_subject(struct credential_store *store, const struct credential *credential,
                                            int cancel_fd, struct error *err);

#endif
