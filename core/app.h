/* SPDX-License-Identifier: Apache-2.0
 *
 * app - one run of plexctl: what dispatch builds, host lends to a plugin, and main releases. It has no logic.
 */
#ifndef CORE_APP_H
#define CORE_APP_H

#include "loader.h"
#include "options.h"
#include "settings.h"

struct app {
    struct loader *loader; /* NULL for a builtin that needs none (builtins.h) */
    struct credential_store *store;
    struct option_values persistent;
    struct option_values values; /* of the command that runs */
    struct settings settings;
    int32_t format;                        /* PLEXCTL_OUTPUT_... */
    const struct plexctl_command *command; /* that runs; NULL before it is known */
    const struct plexctl_command *parent;  /* above a subcommand, else NULL */
    const char *plugin_path;               /* the file that `command` came from; NULL for a built-in one */
    char *const *rest;                     /* what stands behind "--", of a builtin that takes it */
    size_t rest_count;
    bool may_save; /* PLEXCTL_NEEDS_CREDENTIALS was asked for and granted */
};

#endif
