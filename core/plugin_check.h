/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin_check - `plexctl plugin check FILE`: becomes the conformance kit, an executable of its own (core/check), so
 * that plexctl links nothing that only the kit uses.
 */
#ifndef CORE_PLUGIN_CHECK_H
#define CORE_PLUGIN_CHECK_H

#include "app.h"

/* In plexctl's own library directory. It is called as: plugin-check FILE REPLIES [WORD...], REPLIES "" for none. */
#define PLUGIN_CHECK_PROGRAM "plugin-check"

extern const struct plexctl_command plugin_check_command;

/* Trusts the kit as a plugin is trusted, and executes it: returns only where that fails. PLEXCTL_NOT_FOUND where
 * plexctl was built without it. */
plexctl_status plugin_check_run(struct app *app, struct error *err);

#endif
