/* SPDX-License-Identifier: Apache-2.0
 *
 * later - what later commands make of the profile that was saved: what in the environment comes before it (a warning,
 * whatever the output is), and, for a person at a terminal, how to name it where it is not the default one.
 */
#ifndef PLUGINS_LOGIN_LATER_H
#define PLUGINS_LOGIN_LATER_H

#include "login.h"

void later_explain(const struct login *login);

#endif
