/* SPDX-License-Identifier: Apache-2.0 */
#include "moment.h"

#include <string.h>
#include <time.h>

#define FORMAT "%Y-%m-%dT%H:%M:%SZ"

void moment_format(int64_t unix_s, char out[static MOMENT_SIZE])
{
    const time_t moment = (time_t)unix_s;
    struct tm utc;

    if (!gmtime_r(&moment, &utc) || !strftime(out, MOMENT_SIZE, FORMAT, &utc))
        memcpy(out, "9999-12-31T23:59:59Z", sizeof "9999-12-31T23:59:59Z");
}

/* Written again, since strptime takes fewer digits and more blanks. */
bool moment_parse(const char *text, int64_t *ret_unix_s)
{
    char again[MOMENT_SIZE];
    struct tm utc = {0};
    const char *end = strptime(text, FORMAT, &utc);

    if (!end || *end)
        return false;
    int64_t unix_s = (int64_t)timegm(&utc);
    moment_format(unix_s, again);
    if (strcmp(again, text) != 0)
        return false;
    *ret_unix_s = unix_s;
    return true;
}
