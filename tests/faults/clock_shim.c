/* SPDX-License-Identifier: Apache-2.0
 *
 * clock_shim - preloaded into plexctl by clock.test.js and by faults: a wall clock that is set while it runs, a machine
 * that was suspended, and clocks of elapsed time that run fast.
 *
 *   CLOCK_SHIM_WALL      a file of eight bytes, an int64_t in the machine's byte order: seconds that the wall clock is
 *                        ahead; read anew at each look at it
 *   CLOCK_SHIM_SUSPEND   such a file: seconds of suspension, which CLOCK_BOOTTIME counts and CLOCK_MONOTONIC does not
 *   CLOCK_SHIM_RATE      per cent of real time that CLOCK_BOOTTIME and CLOCK_MONOTONIC run at
 *   CLOCK_SHIM_SKIP      if set, no wait takes time: what is left of it is spent in suspension
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S INT64_C(1000000000)

static const volatile int64_t *wall_shift_s, *suspended_s;
static bool skips_waits;
static int64_t skipped_ns;
static int64_t rate = 100, start_ns[CLOCK_BOOTTIME + 1];

static int64_t real_ns(clockid_t clock)
{
    struct timespec now = {0};

    (void)syscall(SYS_clock_gettime, clock, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void to_timespec(int64_t ns, struct timespec *ret_time)
{
    ret_time->tv_sec = ns / NS_PER_S;
    ret_time->tv_nsec = ns % NS_PER_S;
}

static const volatile int64_t *map_seconds(const char *variable)
{
    const char *path = getenv(variable);
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

    if (fd < 0)
        return NULL;
    void *page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
    (void)close(fd);
    return page == MAP_FAILED ? NULL : page;
}

__attribute__((constructor)) static void open_shim(void)
{
    const char *asked = getenv("CLOCK_SHIM_RATE");

    start_ns[CLOCK_BOOTTIME] = real_ns(CLOCK_BOOTTIME);
    start_ns[CLOCK_MONOTONIC] = real_ns(CLOCK_MONOTONIC);
    skips_waits = getenv("CLOCK_SHIM_SKIP") != NULL;
    if (asked)
        rate = strtol(asked, NULL, 10);
    wall_shift_s = map_seconds("CLOCK_SHIM_WALL");
    suspended_s = map_seconds("CLOCK_SHIM_SUSPEND");
}

static int64_t suspended_ns(clockid_t clock)
{
    if (clock != CLOCK_BOOTTIME)
        return 0;
    return skipped_ns + (suspended_s ? *suspended_s * NS_PER_S : 0);
}

static int64_t shown_ns(clockid_t clock)
{
    int64_t now_ns = real_ns(clock);

    if (clock == CLOCK_BOOTTIME || clock == CLOCK_MONOTONIC)
        return start_ns[clock] + (now_ns - start_ns[clock]) * rate / 100 + suspended_ns(clock);
    if ((clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) && wall_shift_s)
        return now_ns + *wall_shift_s * NS_PER_S;
    return now_ns;
}

int clock_gettime(clockid_t clock, struct timespec *ret_time)
{
    to_timespec(shown_ns(clock), ret_time);
    return 0;
}

time_t time(time_t *ret_time)
{
    time_t now = (time_t)(shown_ns(CLOCK_REALTIME) / NS_PER_S);

    if (ret_time)
        *ret_time = now;
    return now;
}

int gettimeofday(struct timeval *restrict ret_time, void *restrict zone)
{
    int64_t now_ns = shown_ns(CLOCK_REALTIME);

    (void)zone;
    ret_time->tv_sec = now_ns / NS_PER_S;
    ret_time->tv_usec = now_ns % NS_PER_S / 1000;
    return 0;
}

/* plexctl's one timer is absolute, on CLOCK_BOOTTIME. */
int timerfd_settime(int fd, int flags, const struct itimerspec *alarm, struct itimerspec *before)
{
    struct itimerspec real = *alarm;
    int64_t at_ns = (int64_t)alarm->it_value.tv_sec * NS_PER_S + alarm->it_value.tv_nsec;
    int64_t start = start_ns[CLOCK_BOOTTIME];

    if (skips_waits && at_ns > shown_ns(CLOCK_BOOTTIME))
        skipped_ns += at_ns - shown_ns(CLOCK_BOOTTIME);
    at_ns -= suspended_ns(CLOCK_BOOTTIME);
    if (flags & TFD_TIMER_ABSTIME)
        to_timespec(start + (at_ns - start) * 100 / rate, &real.it_value);
    return (int)syscall(SYS_timerfd_settime, fd, flags, &real, before);
}
