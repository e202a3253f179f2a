/* SPDX-License-Identifier: Apache-2.0
 *
 * jitter - by how much this login asks later than another that was started in the same moment, as a script does it.
 */
#ifndef PLUGINS_LOGIN_JITTER_H
#define PLUGINS_LOGIN_JITTER_H

#include <stdint.h>

/* Anything from 0 to half the interval (1 to 86,400), in milliseconds, each as likely: wide enough that a fleet's polls
 * lie apart, and no one waits much longer. 0 where the kernel has no random numbers yet. */
int64_t jitter_draw_ms(int64_t interval_s);

#endif
