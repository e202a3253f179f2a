/* SPDX-License-Identifier: Apache-2.0
 *
 * library - libcurl as a whole: set up once a process, never torn down, with memory that is wiped when it is freed.
 *
 * libcurl copies what it is given: the Authorization header into request and header lists, replies into buffers, and
 * frees them as they are. Its own allocation hooks catch every one of these copies.
 */
#ifndef CORE_HTTP_LIBRARY_H
#define CORE_HTTP_LIBRARY_H

#include <stdbool.h>

#include "base/error.h"

/* Removes SSLKEYLOGFILE from the environment first: libcurl would write TLS secrets to that file. */
plexctl_status library_init(struct error *err);

/* True if an allocation of libcurl has failed since the last call. libcurl also says "out of memory" where a server
 * sent more than it keeps. */
bool library_take_exhaustion(void);

#endif
