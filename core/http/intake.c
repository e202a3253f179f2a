/* SPDX-License-Identifier: Apache-2.0 */
#include "intake.h"

#include <linux/tcp.h> /* glibc's has an older tcp_info */
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>

static bool count(curl_socket_t fd, uint64_t *ret_bytes)
{
    struct tcp_info info;
    socklen_t size = sizeof info;

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
        size < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received)
        return false;
    *ret_bytes = info.tcpi_bytes_received;
    return true;
}

static bool has_something(curl_socket_t fd)
{
    struct pollfd polled = {.fd = fd, .events = POLLIN};

    return fd != CURL_SOCKET_BAD && poll(&polled, 1, 0) > 0;
}

static int note_socket(void *context, curl_socket_t fd, curlsocktype purpose)
{
    struct intake *intake = context;

    (void)purpose;
    *intake = (struct intake){.fd = fd};
    return CURL_SOCKOPT_OK;
}

CURLcode intake_begin(struct intake *intake, CURL *easy)
{
    if (!count(intake->fd, &intake->earlier_bytes))
        intake->earlier_bytes = 0;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, note_socket);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, intake);
    if (code == CURLE_OK && has_something(intake->fd))
        code = curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    return code;
}

bool intake_passes(const struct intake *intake, uint64_t max_bytes)
{
    uint64_t bytes = 0;

    return count(intake->fd, &bytes) && bytes > intake->earlier_bytes && bytes - intake->earlier_bytes > max_bytes;
}
