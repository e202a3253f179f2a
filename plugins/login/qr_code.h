/* SPDX-License-Identifier: Apache-2.0
 *
 * qr_code - a text as a QR code (ISO/IEC 18004) on the terminal, by libqrencode.
 */
#ifndef PLUGINS_LOGIN_QR_CODE_H
#define PLUGINS_LOGIN_QR_CODE_H

#include <plexctl/plugin.h>

/* FAILED, the reason recorded, where it cannot be shown, or where login was built without libqrencode. */
plexctl_status qr_code_show(const struct plexctl_host *host, const char *text);

#endif
