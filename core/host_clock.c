/* SPDX-License-Identifier: Apache-2.0
 *
 * The clock and log services.
 */
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cancel.h"
#include "host_internal.h"
#include "trace.h"

static int64_t clock_now_ms(const struct plexctl_host *table)
{
    (void)table;
    return cancel_now_ms();
}

static int64_t clock_unix_s(const struct plexctl_host *table)
{
    (void)table;
    return (int64_t)time(NULL);
}

static plexctl_status clock_sleep_until_ms(const struct plexctl_host *table, int64_t when_ms)
{
    return cancel_sleep_until_ms(when_ms, &host_of(table)->failure);
}

static int32_t clock_cancelled(const struct plexctl_host *table)
{
    (void)table;
    return cancel_signal() != 0;
}

static const char *clock_format(const struct plexctl_host *table, int64_t unix_s)
{
    struct host *host = host_of(table);

    if (!text_format_utc(unix_s, host->date))
        memcpy(host->date, unix_s < 0 ? "1970-01-01T00:00:00Z" : "9999-12-31T23:59:59Z", sizeof host->date);
    return host->date;
}

static int32_t clock_parse(const struct plexctl_host *table, const char *text, int64_t *ret_unix_s)
{
    (void)table;
    return text && text_parse_utc(text, ret_unix_s);
}

static const char *clock_span(const struct plexctl_host *table, int64_t span_s)
{
    text_format_span(span_s, host_of(table)->span);
    return host_of(table)->span;
}

const struct plexctl_host_clock host_clock = {.size = sizeof host_clock,
                                              .now_ms = clock_now_ms,
                                              .unix_s = clock_unix_s,
                                              .sleep_until_ms = clock_sleep_until_ms,
                                              .cancelled = clock_cancelled,
                                              .format = clock_format,
                                              .parse = clock_parse,
                                              .span = clock_span};

static void log_debug(const struct plexctl_host *table, const char *text)
{
    auto_free char *safe = trace_is_on() ? guard_masked(&host_of(table)->guard, text) : NULL;

    if (safe)
        trace("%s", safe);
}

const struct plexctl_host_log host_log = {.size = sizeof host_log, .debug = log_debug};
