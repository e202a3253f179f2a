/* SPDX-License-Identifier: Apache-2.0
 *
 * framing - judges the header lines that decide where a reply ends (RFC 9112 section 6.3), one after the other.
 *
 * libcurl goes on where two readers could disagree on that: it takes the last of several Content-Lengths, reads to the
 * close where one is too large, lets Transfer-Encoding win over Content-Length, unpacks "chunked, chunked" as if it
 * were one, and takes "HTTP/2 200" from an HTTP/1.1 connection. On a kept connection the rest of one reply would then
 * be read as the next one.
 */
#ifndef CORE_HTTP_FRAMING_H
#define CORE_HTTP_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Past the headers, what comes are trailers, or another reply. */
enum framing_place { FRAMING_BEFORE, FRAMING_HEADERS, FRAMING_PAST };

struct framing {
    enum framing_place place;
    bool is_chunked, has_length;
    int64_t length;
    const char *fault; /* why the reply is refused; NULL for none. A constant, nothing of the server's text */
};

/* One line as it came, line break included. A status line begins anew, since interim replies and a proxy's come before;
 * among the headers of one reply it is a fault. */
void framing_take(struct framing *framing, const char *line, size_t len);

#endif
