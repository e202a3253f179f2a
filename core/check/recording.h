/* SPDX-License-Identifier: Apache-2.0
 *
 * recording - the server of a run without a network: an http_module that answers from recorded replies.
 *
 * A recording is a JSON array of objects: "method" and "path" (the query counts only where the recorded path has one),
 * "status", "headers" (an object, of which Content-Type and Retry-After in seconds are looked at) and "body" (a text as
 * it is, anything else as JSON). Replies to the same request are given in their order, the last one again and again.
 * What has no reply is answered 404; where there is no recording, 200 and {}.
 */
#ifndef CORE_CHECK_RECORDING_H
#define CORE_CHECK_RECORDING_H

#include "base/json.h"
#include "http/http.h"

#define RECORDING_MAX_REPLIES 256

/* Reads and checks the file. PLEXCTL_USAGE for one that is none. NULL `path`: no recording. There is one a process: an
 * earlier one goes. */
plexctl_status recording_load(const char *path, struct error *err);

/* Texts in the replies that by their name are secrets (access_token, ...), at least 16 bytes long. */
void recording_each_secret(void (*visit)(void *context, const char *text), void *context);

/* From the first reply again, and no failure. */
void recording_rewind(void);

/* The next request fails so: an HTTP status, or 0 for no whole reply. -1: it does not. */
void recording_fail_next(int32_t status);

/* The module; URLs are judged by `real`. */
const struct http_module *recording_module(const struct http_module *real);

/* The first request since recording_load that had no reply, "GET /path"; "" for none. */
const char *recording_unanswered(void);

#endif
