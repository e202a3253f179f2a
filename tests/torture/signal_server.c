/* SPDX-License-Identifier: Apache-2.0 */
#include "signal_server.h"

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TCP_SYN_SENT 2 /* in /proc/net/tcp */

/* A lifetime that ends in the year 9999, whenever the login is: the config file is the same each time. */
static const char token_body[] =
    "{\"access_token\":\"" SIGNAL_SERVER_TOKEN "\",\"token_type\":\"Bearer\",\"expires_in\":999999999999}";
static const char code_body[] = "{\"device_code\":\"signals-device-code-5d2f81c3\",\"user_code\":\"ABCD-2345\","
                                "\"verification_uri\":\"http://127.0.0.1:%d/device\","
                                "\"verification_uri_complete\":\"http://127.0.0.1:%d/device?user_code=ABCD-2345\","
                                "\"expires_in\":600,\"interval\":1}";

static const char whoami_body[] = "{\"principal_type\":\"user\",\"subject\":\"signals-subject\"}";

static int dial(int port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        err(2, "cannot connect to the server");
    return fd;
}

void signal_server_start(struct signal_server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    bool is_full = server->silent_from == ASK_CONNECTION;

    server->connection = server->stuffing = -1;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->listener < 0 || bind(server->listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(server->listener, is_full ? 0 : 8) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) != 0)
        err(2, "cannot make a server");
    server->port = ntohs(address.sin_port);
    if (is_full)
        server->stuffing = dial(server->port);
}

void signal_server_polled(const struct signal_server *server, struct pollfd slots[static 2])
{
    slots[0] = (struct pollfd){.fd = server->silent_from == ASK_CONNECTION ? -1 : server->listener, .events = POLLIN};
    slots[1] = (struct pollfd){.fd = server->connection, .events = POLLIN};
}

static void answer(struct signal_server *server, enum signal_ask what)
{
    char body[1024], reply[1280];

    server->asked = what;
    if (what == ASK_TOKEN)
        (void)snprintf(body, sizeof body, "%s", token_body);
    else if (what == ASK_WHOAMI)
        (void)snprintf(body, sizeof body, "%s", whoami_body);
    else
        (void)snprintf(body, sizeof body, code_body, server->port, server->port);
    int len = snprintf(reply, sizeof reply,
                       "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                       strlen(body), body);
    bool is_silent = what >= server->silent_from;
    if (is_silent && !server->half_a_reply)
        return;
    (void)!send(server->connection, reply, (size_t)(is_silent ? len / 2 : len), MSG_NOSIGNAL);
    if (!is_silent)
        server->answered = what;
}

/* Without a Content-Length it is all head. */
static bool is_whole(const char *request)
{
    const char *head_end = strstr(request, "\r\n\r\n"), *length = strstr(request, "Content-Length: ");

    return head_end && (!length || strlen(head_end + 4) >= strtoul(length + strlen("Content-Length: "), NULL, 10));
}

static enum signal_ask what_is_asked(const char *request)
{
    if (strstr(request, "/v1/auth/whoami"))
        return ASK_WHOAMI;
    return strstr(request, "/v1/auth/device-token") ? ASK_TOKEN : ASK_CODE;
}

static void take_bytes(struct signal_server *server)
{
    ssize_t got = recv(server->connection, server->request + server->request_len,
                       sizeof server->request - 1 - server->request_len, MSG_DONTWAIT);

    if (got <= 0) {
        (void)close(server->connection);
        server->connection = -1;
        return;
    }
    server->request_len += (size_t)got;
    server->request[server->request_len] = '\0';
    if (server->silent_from == ASK_HANDSHAKE) {
        server->asked = ASK_HANDSHAKE;
        if (server->half_a_reply) /* the head of a record that never comes */
            (void)!send(server->connection, "\x16\x03\x03\x00\x7a\x02", 6, MSG_NOSIGNAL);
        server->request_len = 0;
    } else if (is_whole(server->request)) {
        server->request_len = 0;
        answer(server, what_is_asked(server->request));
    }
}

void signal_server_serve(struct signal_server *server)
{
    struct pollfd slots[2];

    signal_server_polled(server, slots);
    if (poll(slots, 2, 0) <= 0)
        return;
    if (slots[0].revents && server->connection < 0) {
        server->connection = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        server->request_len = 0;
    }
    if (slots[1].revents)
        take_bytes(server);
}

bool signal_server_is_dialled(const struct signal_server *server)
{
    FILE *connections = fopen("/proc/net/tcp", "re");
    char line[512];
    bool is_found = false;

    while (connections && fgets(line, sizeof line, connections)) {
        unsigned port = 0, state = 0;
        if (sscanf(line, " %*u: %*x:%*x %*x:%x %x", &port, &state) == 2 && (int)port == server->port)
            is_found = is_found || state == TCP_SYN_SENT;
    }
    if (connections)
        (void)fclose(connections);
    return is_found;
}
