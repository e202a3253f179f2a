/* SPDX-License-Identifier: Apache-2.0
 *
 * builtins - the commands that core serves itself: help, version, completion, plugin. Described by the same records as
 * plugins'.
 */
#ifndef CORE_BUILTINS_H
#define CORE_BUILTINS_H

#include "app.h"

struct builtin {
    const struct plexctl_command *command;
    /* Runs it or the subcommand that app->command is; `err` is filled unless PLEXCTL_OK. */
    plexctl_status (*run)(struct app *app, struct error *err);
    bool takes_rest; /* what stands behind "--" is not parsed: it is app->rest */
};

extern const struct builtin builtins[];
extern const size_t builtins_count;

const struct builtin *builtin_find(const char *word); /* NULL if none */

#endif
