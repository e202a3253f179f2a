/* SPDX-License-Identifier: Apache-2.0 */
#include "route.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* What libcurl takes where the proxy's URL names no port. */
#define PROXY_PORT_DEFAULT 1080
#define PROXY_PORT_HTTPS 443

enum use { USE_NONE, USE_PROXY, USE_OPEN };

struct proxy {
    const char *variable;
    const char *exempt; /* of NO_PROXY; NULL for none */
    char *host;         /* NULL where its URL is malformed */
    int port;           /* 0 where it names none */
    bool is_https;
};

/* The client keeps http:// from every proxy. */
static const char *find_variable(const struct http_url *url)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

    for (size_t i = 0; strncmp(url->origin, "https:", 6) == 0 && i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value && value[0])
            return names[i];
    }
    return NULL;
}

static const char *find_exemptions(void)
{
    const char *exempt = getenv("no_proxy");

    if (!exempt || !exempt[0])
        exempt = getenv("NO_PROXY");
    return exempt && exempt[0] ? exempt : NULL;
}

static void proxy_release(struct proxy *proxy)
{
    curl_free(proxy->host);
    proxy->host = NULL;
}

static void read_url(struct proxy *proxy)
{
    char *port = NULL, *scheme = NULL;
    CURLU *url = curl_url();

    if (url &&
        curl_url_set(url, CURLUPART_URL, getenv(proxy->variable), CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) == 0 &&
        curl_url_get(url, CURLUPART_HOST, &proxy->host, 0) == 0) {
        if (curl_url_get(url, CURLUPART_PORT, &port, 0) == 0)
            proxy->port = (int)strtol(port, NULL, 10);
        if (curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == 0)
            proxy->is_https = strcmp(scheme, "https") == 0;
    }
    curl_free(port);
    curl_free(scheme);
    curl_url_cleanup(url);
}

static enum use judge(const struct proxy *proxy, const struct http_url *url, int dialled_port)
{
    int server_port = (int)strtol(strrchr(url->origin, ':') + 1, NULL, 10);
    int proxy_port = proxy->port;

    if (proxy_port == 0)
        proxy_port = proxy->is_https ? PROXY_PORT_HTTPS : PROXY_PORT_DEFAULT;
    if (!proxy->exempt)
        return USE_PROXY;
    if (strcmp(proxy->exempt, "*") == 0)
        return USE_NONE;
    if (dialled_port == 0 || proxy_port == server_port)
        return USE_OPEN;
    return dialled_port == proxy_port ? USE_PROXY : USE_NONE;
}

/* The caller releases *ret_proxy. */
static enum use find_proxy(const struct http_url *url, int dialled_port, struct proxy *ret_proxy)
{
    *ret_proxy = (struct proxy){.variable = find_variable(url), .exempt = find_exemptions()};
    if (!ret_proxy->variable)
        return USE_NONE;
    read_url(ret_proxy);
    return judge(ret_proxy, url, dialled_port);
}

void route_describe(struct buf *out, const struct http_url *url, int dialled_port)
{
    struct proxy proxy;
    enum use use = find_proxy(url, dialled_port, &proxy);

    buf_append_text(out, strstr(url->origin, "//") + 2);
    if (use != USE_NONE) {
        buf_append_text(out, " through the proxy ");
        if (proxy.host)
            text_sanitise(out, proxy.host, strlen(proxy.host), TEXT_SERVER_MAX_BYTES);
        if (proxy.port)
            buf_appendf(out, ":%d", proxy.port);
        buf_appendf(out, "%sof %s", proxy.host ? " " : "", proxy.variable);
    }
    if (use == USE_OPEN)
        buf_append_text(out, " (unless NO_PROXY exempts it)");
    proxy_release(&proxy);
}

enum route_proxy route_proxy(const struct http_url *url, int dialled_port)
{
    struct proxy proxy;
    enum use use = find_proxy(url, dialled_port, &proxy);

    proxy_release(&proxy);
    if (use != USE_PROXY)
        return ROUTE_PROXY_NONE;
    return proxy.is_https ? ROUTE_PROXY_TLS : ROUTE_PROXY_PLAIN;
}
