/* SPDX-License-Identifier: Apache-2.0 */
#include "same_origin.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

bool host_is_loopback(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

    for (size_t i = 0; host && i < sizeof names / sizeof names[0]; i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(host, names[i], length) != 0)
            continue;
        const char *port = host + length;
        if (*port == '\0')
            return true;
        if (*port == ':' && port[1] && strspn(port + 1, "0123456789") == strlen(port + 1))
            return true;
    }
    return false;
}

bool same_origin(const char *scheme, const char *host, const char *origin, const char *referer)
{
    char ours[320];

    if (!host)
        return false;
    int length = snprintf(ours, sizeof ours, "%s://%s", scheme, host);
    if (length < 0 || (size_t)length >= sizeof ours)
        return false;
    if (origin)
        return strcasecmp(origin, ours) == 0;
    return referer && strncasecmp(referer, ours, (size_t)length) == 0 && referer[length] == '/';
}
