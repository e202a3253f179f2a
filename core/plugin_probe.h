/* SPDX-License-Identifier: Apache-2.0
 *
 * plugin_probe - opens a plugin in a process of its own, to learn whether it can be opened without being harmed by it.
 */
#ifndef CORE_PLUGIN_PROBE_H
#define CORE_PLUGIN_PROBE_H

#include "loader.h"

/* A sound plugin is opened well within it. */
#define PLUGIN_PROBE_LIMIT_MS 5000

/* PLEXCTL_OK, with *ret_finding as loader_open would have it; its status is PLEXCTL_FAILED, and its text says so, where
 * the plugin crashed, ended the process, or took longer than `limit_ms`. PLEXCTL_CANCELLED after a signal. */
plexctl_status plugin_probe(struct loader *loader, const char *word, int limit_ms, struct error *ret_finding,
                            struct error *err);

#endif
