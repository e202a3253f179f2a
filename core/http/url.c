/* SPDX-License-Identifier: Apache-2.0 */
#include "url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"

#define HOST_MAX_BYTES 253 /* RFC 1035 section 2.3.4, as text */
#define LABEL_MAX_BYTES 63
#define PORT_MAX 65535

/* Our own reading of the part that decides where a request goes. */
struct authority {
    const char *scheme; /* "https" or "http" */
    char host[HOST_MAX_BYTES + 3];
    long port;
};

/* Each fault_... answers the reason to refuse, or NULL. */

static const char *fault_of_bytes(const char *text)
{
    if (strnlen(text, HTTP_URL_MAX_BYTES + 1) > HTTP_URL_MAX_BYTES)
        return "it is longer than 2048 bytes";
    for (const char *c = text; *c; c++) {
        if (*c < 0x21 || *c > 0x7e)
            return "it has a byte that is not printable ASCII; write such a host in its xn-- form, others as %XX";
        if (*c == '\\')
            return "it has a backslash; use '/'";
    }
    return NULL;
}

static const char *fault_of_port(const char *text, size_t len, struct authority *authority)
{
    static const char reason[] = "its port is not a number from 1 to 65535";
    long port = 0;

    if (len == 0 || len > 5 || text[0] == '0')
        return reason;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return reason;
        port = port * 10 + (text[i] - '0');
    }
    if (port > PORT_MAX)
        return reason;
    authority->port = port;
    return NULL;
}

/* Resolvers and libcurl take 127.1, 0x7f.1 and 2130706433 for addresses; only a dotted quad is one here. */
static bool is_number_like(const char *label)
{
    if (label[0] == '0' && (label[1] == 'x' || label[1] == 'X'))
        return label[2 + strspn(label + 2, "0123456789abcdefABCDEF")] == '\0';
    return label[strspn(label, "0123456789")] == '\0';
}

static const char *fault_of_name(const char *host)
{
    const char *label = host;
    struct in_addr address;

    for (;;) {
        size_t len = strcspn(label, ".");
        if (len == 0 || len > LABEL_MAX_BYTES)
            return "its host has an empty label, an overlong one, or ends in a dot";
        if (strspn(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") < len)
            return "its host has a character that is none of letters, digits, '.', '-' and '_'";
        if (label[len] == '\0')
            break;
        label += len + 1;
    }
    if (is_number_like(label) && inet_pton(AF_INET, host, &address) != 1)
        return "its host is a number, but no address of four decimal parts";
    return NULL;
}

/* RFC 4007 zone ids and RFC 3986 "IPvFuture" are not taken. */
static const char *fault_of_ipv6(char *host)
{
    struct in6_addr address;
    char inner[INET6_ADDRSTRLEN];
    size_t len = strlen(host);

    if (len < 4 || host[len - 1] != ']' || len - 2 >= sizeof inner)
        return "its host is no IPv6 address";
    memcpy(inner, host + 1, len - 2);
    inner[len - 2] = '\0';
    if (inet_pton(AF_INET6, inner, &address) != 1 || !inet_ntop(AF_INET6, &address, inner, sizeof inner))
        return "its host is no IPv6 address";
    (void)snprintf(host, HOST_MAX_BYTES + 3, "[%s]", inner);
    return NULL;
}

static const char *fault_of_host(const char *text, size_t len, struct authority *authority)
{
    if (len == 0)
        return "it names no host";
    if (len > HOST_MAX_BYTES)
        return "its host is longer than 253 bytes";
    for (size_t i = 0; i < len; i++)
        authority->host[i] = (char)tolower((unsigned char)text[i]);
    authority->host[len] = '\0';
    return text[0] == '[' ? fault_of_ipv6(authority->host) : fault_of_name(authority->host);
}

/* Where packets cannot leave the machine, plain http is as good as TLS. libcurl never asks a resolver for localhost. */
static bool is_loopback(const char *host)
{
    struct in_addr address;

    if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
        return true;
    return inet_pton(AF_INET, host, &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

static const char *fault_of_authority(const char *text, struct authority *authority)
{
    bool is_tls = strncasecmp(text, "https://", 8) == 0;

    if (!is_tls && strncasecmp(text, "http://", 7) != 0)
        return "it must begin with https:// (or http:// for this machine itself)";
    authority->scheme = is_tls ? "https" : "http";
    authority->port = is_tls ? 443 : 80;

    const char *start = text + (is_tls ? 8 : 7);
    size_t len = strcspn(start, "/?#");
    if (memchr(start, '@', len))
        return "no user name or password may stand in it; leave out everything between '//' and '@', and the '@'";

    size_t host_len = strcspn(start, start[0] == '[' ? "]/?#" : ":/?#");
    if (start[host_len] == ']')
        host_len++;
    const char *fault = fault_of_host(start, host_len, authority);
    if (!fault && host_len < len)
        fault = start[host_len] == ':' ? fault_of_port(start + host_len + 1, len - host_len - 1, authority)
                                       : "something stands between its host and its port";
    if (!fault && !is_tls && !is_loopback(authority->host))
        fault = "http:// is only for this machine itself (localhost, 127.0.0.0/8, [::1]); use https://";
    return fault;
}

static plexctl_status refuse(const char *text, const char *reason, struct error *err)
{
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);

    /* What stands before an '@' may be a password. */
    if (strchr(text, '@'))
        return error_set(err, PLEXCTL_FAILED, "the URL (not shown: it has an '@') is refused: %s", reason);
    text_sanitise(&shown, text, strlen(text), TEXT_SERVER_MAX_BYTES);
    return error_set(err, PLEXCTL_FAILED, "the URL \"%s\" is refused: %s", buf_text(&shown), reason);
}

/* *ret_part NULL where the URL has no such part. */
static CURLUcode get_part(CURLU *handle, CURLUPart part, char **ret_part)
{
    char *text = NULL;
    CURLUcode code = curl_url_get(handle, part, &text, CURLU_DEFAULT_PORT);

    if (code == CURLUE_NO_QUERY || code == CURLUE_NO_FRAGMENT) {
        *ret_part = NULL;
        return CURLUE_OK;
    }
    if (code != CURLUE_OK)
        return code;
    *ret_part = strdup(text);
    curl_free(text);
    return *ret_part ? CURLUE_OK : CURLUE_OUT_OF_MEMORY;
}

/* Clears *agrees where libcurl reads this part in another way than we did. */
static CURLUcode compare_part(CURLU *handle, CURLUPart part, const char *wanted, bool *agrees)
{
    char *text = NULL;
    CURLUcode code = curl_url_get(handle, part, &text, CURLU_DEFAULT_PORT);

    if (code != CURLUE_OK || !text)
        return code;
    *agrees = *agrees && strcasecmp(text, wanted) == 0;
    curl_free(text);
    return CURLUE_OK;
}

static CURLUcode compare(CURLU *handle, const struct authority *authority, bool *ret_agrees)
{
    char port[16];
    bool agrees = true;

    (void)snprintf(port, sizeof port, "%ld", authority->port);
    CURLUcode code = compare_part(handle, CURLUPART_SCHEME, authority->scheme, &agrees);
    if (code == CURLUE_OK)
        code = compare_part(handle, CURLUPART_HOST, authority->host, &agrees);
    if (code == CURLUE_OK)
        code = compare_part(handle, CURLUPART_PORT, port, &agrees);
    if (code == CURLUE_OK)
        *ret_agrees = agrees;
    return code;
}

static CURLUcode take_parts(CURLU *handle, const struct authority *authority, struct http_url *url)
{
    if (asprintf(&url->origin, "%s://%s:%ld", authority->scheme, authority->host, authority->port) < 0) {
        url->origin = NULL;
        return CURLUE_OUT_OF_MEMORY;
    }
    url->host = strdup(authority->host);
    if (!url->host)
        return CURLUE_OUT_OF_MEMORY;
    CURLUcode code = get_part(handle, CURLUPART_PATH, &url->path);
    if (code == CURLUE_OK)
        code = get_part(handle, CURLUPART_QUERY, &url->query);
    if (code == CURLUE_OK)
        code = get_part(handle, CURLUPART_FRAGMENT, &url->fragment);
    return code;
}

static plexctl_status read_by_curl(const char *text, CURLU *handle, struct http_url *url, struct error *err)
{
    struct authority authority = {0};
    bool agrees = false;
    const char *fault = fault_of_bytes(text);

    if (!fault)
        fault = fault_of_authority(text, &authority);
    if (fault)
        return refuse(text, fault, err);
    CURLUcode code = curl_url_set(handle, CURLUPART_URL, text, CURLU_DISALLOW_USER);
    if (code == CURLUE_OK)
        code = compare(handle, &authority, &agrees);
    if (code == CURLUE_OK && agrees)
        code = take_parts(handle, &authority, url);
    if (code == CURLUE_OUT_OF_MEMORY)
        return error_no_memory(err);
    if (code != CURLUE_OK)
        return refuse(text, curl_url_strerror(code), err);
    return agrees ? PLEXCTL_OK : refuse(text, "its host can be read in two ways", err);
}

plexctl_status url_open(const char *text, CURLU **ret_handle, struct http_url *ret_url, struct error *err)
{
    struct http_url url = HTTP_URL_INIT;
    CURLU *handle = curl_url();

    if (!handle)
        return error_no_memory(err);
    plexctl_status status = read_by_curl(text, handle, &url, err);
    if (status != PLEXCTL_OK) {
        url_release(&url);
        curl_url_cleanup(handle);
        return status;
    }
    *ret_handle = handle;
    *ret_url = url;
    return PLEXCTL_OK;
}

plexctl_status url_parse(const char *text, struct http_url *ret_url, struct error *err)
{
    CURLU *handle = NULL;
    plexctl_status status = url_open(text, &handle, ret_url, err);

    if (status == PLEXCTL_OK)
        curl_url_cleanup(handle);
    return status;
}

void url_release(struct http_url *url)
{
    free(url->origin);
    free(url->host);
    free(url->path);
    free(url->query);
    free(url->fragment);
    *url = (struct http_url)HTTP_URL_INIT;
}
