/* SPDX-License-Identifier: Apache-2.0
 *
 * builtins - the commands that core serves itself: completion, env, help, plugin, version. Described by the same
 * records as plugins'.
 */
#ifndef CORE_BUILTINS_H
#define CORE_BUILTINS_H

#include "app.h"

/* For a command that runs without a server: the persistent flags that say nothing to it. */
#define INERT_ALL_BUT_OUTPUT \
    (PLEXCTL_INERT_SERVER | PLEXCTL_INERT_PROFILE | PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_YES | \
     PLEXCTL_INERT_REVEAL_SECRETS)
#define INERT_ALL (INERT_ALL_BUT_OUTPUT | PLEXCTL_INERT_OUTPUT)

struct builtin {
    const struct plexctl_command *command;
    /* Runs it or the subcommand that app->command is; `err` is filled unless PLEXCTL_OK. */
    plexctl_status (*run)(struct app *app, struct error *err);
    bool takes_rest;      /* what stands behind "--" is not parsed: it is app->rest */
    bool needs_no_loader; /* plugins have no say in it, so none are looked for: app->loader is NULL */
};

extern const struct builtin builtins[];
extern const size_t builtins_count;

const struct builtin *builtin_find(const char *word); /* NULL if none */

#endif
