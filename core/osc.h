/* SPDX-License-Identifier: Apache-2.0
 *
 * osc - whether operating system commands (ECMA-48 section 8.3.89: ESC ] ... ESC \) may be written to a terminal. Most
 * pass over those that they do not know; a few print them.
 */
#ifndef CORE_OSC_H
#define CORE_OSC_H

#define OSC_BEGIN "\033]"
#define OSC_END "\033\\"

/* NULL where they may be written to `fd`, else why not, as the end of a sentence. */
const char *osc_refusal(int fd);

#endif
