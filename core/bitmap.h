/* SPDX-License-Identifier: Apache-2.0
 *
 * bitmap - a square of light and dark modules on the terminal, such as a QR code, so that a camera reads it.
 *
 * It is black on white by colours of its own: a terminal's own may be either way round, and many scanners read no
 * inverted code. NO_COLOR does not hold for it: here the colours are what was asked for. The quiet zone around it is 4
 * modules wide (ISO/IEC 18004 section 6.3.8); where only that has no room 2, as qrencode has on a terminal, which
 * scanners read as well. Two rows of modules are one line of half blocks; where the terminal does not show UTF-8, a
 * module is two columns of a line, and all is ASCII.
 */
#ifndef CORE_BITMAP_H
#define CORE_BITMAP_H

#include "base/error.h"

#define BITMAP_MAX_WIDTH 177 /* of the largest QR code, version 40 */

struct bitmap {
    const uint8_t *modules; /* row by row; 0 is light */
    size_t width;           /* of a side, 1 to BITMAP_MAX_WIDTH */
};

/* To standard output. PLEXCTL_FAILED where that is no terminal, takes no colours, or does not have the columns and two
 * lines more, so that a line below it (and the one of the cursor) does not push it out at the top. */
plexctl_status bitmap_write(const struct bitmap *bitmap, struct error *err);

#endif
