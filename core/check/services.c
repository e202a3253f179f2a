/* SPDX-License-Identifier: Apache-2.0 */
#include "check/services.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check/recording.h"
#include "check/services_internal.h"
#include "check/tables.h"

#define MOST_BLOCKING_CALLS 100000
#define MOST_CALLS_AFTER_CANCEL 100
#define FIRST_MS 1000000

struct services services;

/* Counting */

static void called(const char *name)
{
    (void)snprintf(services.report->last, sizeof services.report->last, "%s", name);
}

/* The run calls without end: it cannot be told to stop, so its process ends. */
static void end_here(void)
{
    services.report->is_endless = true;
    _exit(0);
}

static bool is_hit(int kind)
{
    services.report->calls[kind]++;
    return services.fault.kind == kind && services.report->calls[kind] == services.fault.at;
}

static plexctl_status hit(const struct plexctl_host *host, const char *name, plexctl_status status, const char *text)
{
    (void)snprintf(services.report->hit, sizeof services.report->hit, "%s", name);
    return services.real.error->fail(host, status, text);
}

plexctl_status services_fail_memory(const struct plexctl_host *host, const char *name)
{
    called(name);
    return is_hit(FAULT_NO_MEMORY) ? hit(host, name, PLEXCTL_NO_MEMORY, "out of memory") : PLEXCTL_OK;
}

plexctl_status services_fail(const struct plexctl_host *host, const char *name)
{
    plexctl_status status = services_fail_memory(host, name);

    if (is_hit(FAULT_FAILED) && status == PLEXCTL_OK)
        status = hit(host, name, PLEXCTL_FAILED, "failed (made up by plexctl plugin check)");
    return status;
}

plexctl_status services_fail_blocking(const struct plexctl_host *host, const char *name)
{
    plexctl_status status = PLEXCTL_OK;

    called(name);
    if (++services.report->blocking_calls > MOST_BLOCKING_CALLS)
        end_here();
    if (services.is_cancelled && ++services.report->calls_after_cancel > MOST_CALLS_AFTER_CANCEL)
        end_here();
    if (is_hit(FAULT_CANCEL)) {
        services.is_cancelled = true;
        status = hit(host, name, PLEXCTL_CANCELLED, "stopped by SIGINT");
    }
    return services.is_cancelled && status == PLEXCTL_OK
               ? services.real.error->fail(host, PLEXCTL_CANCELLED, "stopped by SIGINT")
               : status;
}

void services_fail_http(const char *name)
{
    static const struct {
        int kind;
        int32_t status;
    } rows[] = {{FAULT_TIMEOUT, 0}, {FAULT_401, 401}, {FAULT_403, 403}, {FAULT_429, 429}, {FAULT_500, 500}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!is_hit(rows[i].kind))
            continue;
        (void)snprintf(services.report->hit, sizeof services.report->hit, "%s", name);
        recording_fail_next(rows[i].status);
    }
}

/* What is written past the host */

static off_t written(int fd)
{
    return lseek(fd, 0, SEEK_END);
}

void services_enter(const char *name)
{
    called(name);
    if (written(STDOUT_FILENO) != services.written[0] || written(STDERR_FILENO) != services.written[1])
        services.report->wrote_itself = true;
}

void services_leave(void)
{
    services.written[0] = written(STDOUT_FILENO);
    services.written[1] = written(STDERR_FILENO);
}

/* Clock: stands still, but for a millisecond a look, so that who waits by looking gets there. */

static int64_t now_ms(const struct plexctl_host *host)
{
    (void)host;
    return services.now_ms++;
}

static int64_t unix_s(const struct plexctl_host *host)
{
    (void)host;
    return services.unix_s + (services.now_ms - FIRST_MS) / 1000;
}

static plexctl_status sleep_until_ms(const struct plexctl_host *host, int64_t when_ms)
{
    plexctl_status status = services_fail_blocking(host, "clock->sleep_until_ms");

    if (status == PLEXCTL_OK && when_ms > services.now_ms)
        services.now_ms = when_ms;
    return status;
}

static int32_t cancelled(const struct plexctl_host *host)
{
    (void)host;
    return services.is_cancelled;
}

/* Settings */

static plexctl_status prepare(const struct plexctl_host *host, uint32_t needs, const char *server)
{
    plexctl_status status = services_fail_blocking(host, "settings->prepare"); /* it may wait for the store's lock */

    return status == PLEXCTL_OK ? services.real.settings->prepare(host, needs, server) : status;
}

static uint32_t overridden_by(const struct plexctl_host *host, const char *name)
{
    services_enter("settings->overridden_by"); /* the store may warn */
    uint32_t variables = services.real.settings->overridden_by(host, name);
    services_leave();
    return variables;
}

/* The tables */

plexctl_status services_begin(const struct plexctl_host *host, const struct fault *fault, const struct host_age *age,
                              struct report *report)
{
    struct plexctl_host *table = (struct plexctl_host *)(uintptr_t)host;
    static struct plexctl_host_clock clock;
    static struct plexctl_host_settings settings;
    struct error ignored = ERROR_INIT;
    int64_t unix_start_s = services.unix_s ? services.unix_s : host->clock->unix_s(host);

    services =
        (struct services){.real = *host, .fault = *fault, .report = report, .now_ms = FIRST_MS, .unix_s = unix_start_s};
    memset(report->calls, 0, sizeof report->calls);
    report->results = report->lines_after_result = report->blocking_calls = 0;
    clock = *host->clock;
    clock.now_ms = now_ms;
    clock.unix_s = unix_s;
    clock.sleep_until_ms = sleep_until_ms;
    clock.cancelled = cancelled;
    table->clock = &clock;
    settings = *host->settings;
    settings.prepare = prepare;
    settings.overridden_by = overridden_by;
    table->settings = &settings;
    services_put_values(table);
    services_put_output(table);
    services_put_kept(table);
    services_leave();
    if (!age->is_walled)
        return PLEXCTL_OK;
    return tables_age(table, PLEXCTL_ABI_MINOR - age->back, age->is_later, &ignored);
}

void services_end(void)
{
    (void)fflush(stdout);
    services_enter("run");
}
