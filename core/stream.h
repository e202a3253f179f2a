/* SPDX-License-Identifier: Apache-2.0
 *
 * stream - writing all of a text to a descriptor, however slowly its reader takes it.
 */
#ifndef CORE_STREAM_H
#define CORE_STREAM_H

#include <stddef.h>

#include "base/error.h"

/* PLEXCTL_CANCELLED when a signal asks to stop while nobody reads; PLEXCTL_FAILED leaves why in *ret_errno. Takes no
 * memory and no lock, so that a signal handler may call it. */
plexctl_status stream_write(int fd, const char *text, size_t len, int *ret_errno);

/* Writes nothing where it would have to wait: for a handler, which must not hang. */
void stream_write_now(int fd, const char *text, size_t len);

#endif
