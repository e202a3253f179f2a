/* SPDX-License-Identifier: Apache-2.0
 *
 * intake - how many bytes a request has brought to its socket, as the kernel counts them.
 *
 * What libcurl hands over can be limited where it arrives (reply.h). But a chunk's extension, for one, is read and
 * dropped without a limit and without a word.
 */
#ifndef CORE_HTTP_INTAKE_H
#define CORE_HTTP_INTAKE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

/* One for each client: a kept connection brings more than one reply. */
struct intake {
    curl_socket_t fd; /* the socket that was opened last */
    uint64_t earlier_bytes;
};

#define INTAKE_INIT \
    { \
        .fd = CURL_SOCKET_BAD \
    }

/* Before each transfer; the intake must outlive it. Where something has come unasked on the kept connection, or its
 * end, another one is opened: what lies there would be taken for the reply. */
CURLcode intake_begin(struct intake *intake, CURL *easy);

/* While the transfer runs: true if it has brought more than `max_bytes`. False where nobody counts. */
bool intake_passes(const struct intake *intake, uint64_t max_bytes);

#endif
