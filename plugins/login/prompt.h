/* SPDX-License-Identifier: Apache-2.0
 *
 * prompt - the lines that ask a person to approve the login (RFC 8628 section 3.3), on stdout in every output format,
 * each flushed at once. The page, the code and the complete link each stand alone on their line.
 *
 * What the operator asked for beside them comes after: the code on the clipboard (--copy), the link in the browser
 * (--open), and below all that the link as a QR code (--qr). Where one of these cannot be, a warning says so, and the
 * login goes on.
 */
#ifndef PLUGINS_LOGIN_PROMPT_H
#define PLUGINS_LOGIN_PROMPT_H

#include "device_reply.h"

/* Ends with the status of the first line that could not be written. The flags are read from host->values. */
plexctl_status prompt_show(const struct plexctl_host *host, const struct device_code_reply *code);

#endif
