/* SPDX-License-Identifier: Apache-2.0
 *
 * precedence - what later commands take before the profile that was saved: the environment (a warning, whatever the
 * output is), and the default profile where it is not that one (how to name it, for a person at a terminal).
 */
#ifndef PLUGINS_LOGIN_PRECEDENCE_H
#define PLUGINS_LOGIN_PRECEDENCE_H

#include "login.h"

void precedence_explain(const struct login *login);

#endif
