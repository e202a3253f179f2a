/* SPDX-License-Identifier: Apache-2.0
 *
 * prompt - the lines that ask a person to approve the login (RFC 8628 section 3.3), on stdout in every output format,
 * each flushed at once. The page, the code and the complete link each stand alone on their line.
 */
#ifndef PLUGINS_LOGIN_PROMPT_H
#define PLUGINS_LOGIN_PROMPT_H

#include "device_reply.h"

/* Ends with the status of the first line that could not be written. */
plexctl_status prompt_show(const struct plexctl_host *host, const struct device_code_reply *code);

#endif
