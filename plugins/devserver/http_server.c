/* SPDX-License-Identifier: Apache-2.0 */
#include "http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_exchange.h"

#define WAIT_MS 100 /* cancellation is seen within 200 ms */
#define BACKLOG 128
#define CONNECTIONS_MAX 256u
#define IDLE_TIMEOUT_S 120u /* one connection lasts for a whole login at a common interval */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct http_server {
    struct http_exchange_context context;
    struct MHD_Daemon *daemon;
    uint16_t port;
};

static plexctl_status open_socket(uint16_t port, int *ret_fd, uint16_t *ret_port, struct reason *reason)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    const int on = 1;

    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return reason_set(reason, PLEXCTL_FAILED, "cannot open a socket: %s", strerror(errno));
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(fd, (const struct sockaddr *)&address, sizeof address) < 0 || listen(fd, BACKLOG) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0) {
        plexctl_status status = reason_set(
            reason, PLEXCTL_FAILED, "cannot listen on 127.0.0.1 port %u: %s; %s", (unsigned)port, strerror(errno),
            errno == EACCES ? "use a port above 1023" : "stop what uses it, or use --port 0 for a free one");
        (void)close(fd);
        return status;
    }
    *ret_fd = fd;
    *ret_port = ntohs(address.sin_port);
    return PLEXCTL_OK;
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int fd, const struct tls_pem *tls)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0u);
    struct MHD_OptionItem with_tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, tls ? tls->certificate : NULL},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, tls ? tls->key : NULL},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem without_tls[] = {{MHD_OPTION_END, 0, NULL}};

    return MHD_start_daemon(flags, 0, NULL, NULL, http_exchange_handle, &server->context, MHD_OPTION_LISTEN_SOCKET, fd,
                            MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_TIMEOUT_S,
                            MHD_OPTION_NOTIFY_COMPLETED, http_exchange_completed, NULL, MHD_OPTION_ARRAY,
                            tls ? with_tls : without_tls, MHD_OPTION_END);
}

plexctl_status http_server_start(struct control_plane *plane, const struct http_server_options *options,
                                 struct http_server **ret_server, struct reason *reason)
{
    int fd = -1;
    struct http_server *server = calloc(1, sizeof *server);

    if (!server)
        return reason_set(reason, PLEXCTL_NO_MEMORY, "out of memory");
    server->context.plane = plane;
    plexctl_status status = open_socket(options->port, &fd, &server->port, reason);
    if (status != PLEXCTL_OK) {
        free(server);
        return status;
    }
    server->daemon = start_daemon(server, fd, options->tls);
    if (!server->daemon) {
        (void)close(fd);
        free(server);
        return reason_set(reason, PLEXCTL_FAILED, "cannot start the HTTP server%s",
                          options->tls ? ": libmicrohttpd may lack TLS, or refuses the certificate" : "");
    }
    *ret_server = server;
    return PLEXCTL_OK;
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->port;
}

plexctl_status http_server_run(struct http_server *server, struct reason *reason)
{
    const struct plexctl_host *host = server->context.plane->host;

    while (!host->clock->cancelled(host)) {
        if (MHD_run_wait(server->daemon, WAIT_MS) != MHD_YES && !host->clock->cancelled(host))
            return reason_set(reason, PLEXCTL_FAILED, "the HTTP server's loop failed: %s", strerror(errno));
    }
    return reason_set(reason, PLEXCTL_CANCELLED, "stopped");
}

void http_server_stop(struct http_server *server)
{
    if (!server)
        return;
    /* The library must not be stopped while a connection is suspended; one more turn takes note that none is. */
    stalled_let_go(&server->context.stalled);
    (void)MHD_run(server->daemon);
    MHD_stop_daemon(server->daemon);
    free(server);
}
