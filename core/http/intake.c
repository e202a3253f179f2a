/* SPDX-License-Identifier: Apache-2.0 */
#include "intake.h"

#include <linux/tcp.h> /* glibc's has an older tcp_info */
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

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

    return poll(&polled, 1, 0) > 0;
}

bool intake_add(struct intake *intake, curl_socket_t fd)
{
    if (intake->count == INTAKE_SOCKETS_MAX)
        return false;
    intake->sockets[intake->count++] = (struct intake_socket){.fd = fd};
    return true;
}

static int close_socket(void *context, curl_socket_t fd)
{
    struct intake *intake = context;

    for (size_t i = 0; i < intake->count; i++) {
        if (intake->sockets[i].fd == fd) {
            intake->sockets[i] = intake->sockets[--intake->count];
            break;
        }
    }
    return close(fd);
}

CURLcode intake_begin(struct intake *intake, CURL *easy)
{
    bool has_unasked = false;

    for (size_t i = 0; i < intake->count; i++) {
        struct intake_socket *kept = &intake->sockets[i];
        if (!count(kept->fd, &kept->earlier_bytes))
            kept->earlier_bytes = 0;
        has_unasked |= has_something(kept->fd);
    }
    CURLcode code = curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, intake);
    if (code == CURLE_OK && has_unasked)
        code = curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    return code;
}

bool intake_passes(const struct intake *intake, uint64_t max_bytes)
{
    uint64_t taken = 0, bytes = 0;

    for (size_t i = 0; i < intake->count; i++) {
        const struct intake_socket *one = &intake->sockets[i];
        if (count(one->fd, &bytes) && bytes > one->earlier_bytes)
            taken += bytes - one->earlier_bytes;
    }
    return taken > max_bytes;
}
