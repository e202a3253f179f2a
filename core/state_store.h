/* SPDX-License-Identifier: Apache-2.0
 *
 * state_store - what one command keeps between its runs, in $XDG_STATE_HOME/plexctl, else ~/.local/state/plexctl (a
 * relative XDG_STATE_HOME is ignored; no HOME: PLEXCTL_USAGE): a file COMMAND.NAME.json for each name,
 *
 *     {"expires_at":"2026-11-24T12:00:00Z","value":{...}}
 *
 * with 0600 in a directory of 0700, whatever the umask, replaced as the config file is. Beside it lies its lock,
 * COMMAND.NAME.json.lock, which goes with it. Secrets are written as they are.
 *
 * Directory and file must be ours and not writable by others, and the file what we write: else PLEXCTL_USAGE, with the
 * command that mends it. The first call removes those of the command that have expired by the wall clock, what
 * killed processes have staged, and locks that nothing lies beside, unless another process is at them.
 */
#ifndef CORE_STATE_STORE_H
#define CORE_STATE_STORE_H

#include "base/json.h"

struct state_store;

struct state_entry {
    const char *name; /* text_is_profile_name */
    const struct plexctl_json *value;
    int64_t expires_unix_s;
};

/* Finds the directory's name, and opens nothing yet. `warn` is given one line, once, where others can read a file that
 * state_store_get reads. The caller frees the store. */
plexctl_status state_store_new(const char *command, void (*warn)(const char *text), struct state_store **ret_store,
                               struct error *err);

/* $XDG_STATE_HOME/plexctl and what stands in for it. The caller frees it. */
plexctl_status state_store_directory(char **ret_directory, struct error *err);

/* Lets go of what is held. */
void state_store_free(struct state_store *store);

/* Takes the lock until the store is freed. PLEXCTL_UNREACHABLE where another process has it for longer than its sweep
 * would take. */
plexctl_status state_store_hold(struct state_store *store, const char *name, struct error *err);

/* Both hold the name while they work. A date outside the years 1970 to 9999 is PLEXCTL_INVALID, unless the clock is
 * outside them as well: PLEXCTL_FAILED. */
plexctl_status state_store_put(struct state_store *store, const struct state_entry *entry, struct error *err);
plexctl_status state_store_remove(struct state_store *store, const char *name, struct error *err);

/* The caller frees the value. PLEXCTL_NOT_FOUND where there is none that is still good. */
plexctl_status state_store_get(struct state_store *store, const char *name, struct plexctl_json **ret_value,
                               struct error *err);

/* *ret_names: an array of the names whose files have not expired, whatever is wrong with them. The caller frees it. */
plexctl_status state_store_list(struct state_store *store, struct plexctl_json **ret_names, struct error *err);

#endif
