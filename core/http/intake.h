/* SPDX-License-Identifier: Apache-2.0
 *
 * intake - how many bytes a request has brought to its sockets, as the kernel counts them.
 *
 * What libcurl hands over can be limited where it arrives (reply.h). But a chunk's extension, for one, is read and
 * dropped without a limit and without a word.
 */
#ifndef CORE_HTTP_INTAKE_H
#define CORE_HTTP_INTAKE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

/* A server's addresses are tried side by side; the rest are closed before the next is opened. */
#define INTAKE_SOCKETS_MAX 8

struct intake_socket {
    curl_socket_t fd;
    uint64_t earlier_bytes; /* before this request: a kept connection brings more than one reply */
};

/* One for each client, with every socket that is open for it. It must outlive libcurl's handles. */
struct intake {
    struct intake_socket sockets[INTAKE_SOCKETS_MAX];
    size_t count;
};

#define INTAKE_INIT \
    { \
        .count = 0 \
    }

/* A socket that was opened for the client; closing it takes it out. False where there is no room. */
bool intake_add(struct intake *intake, curl_socket_t fd);

/* Before each transfer. Where something has come unasked on a kept connection, or its end, another one is opened: what
 * lies there would be taken for the reply. */
CURLcode intake_begin(struct intake *intake, CURL *easy);

/* While the transfer runs: true if it has brought more than `max_bytes`. False where nobody counts. */
bool intake_passes(const struct intake *intake, uint64_t max_bytes);

#endif
