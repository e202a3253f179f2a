/* SPDX-License-Identifier: Apache-2.0
 *
 * wall_clock - what time() says in a test's program, in the place of the C library's.
 */
#ifndef TESTS_WALL_CLOCK_H
#define TESTS_WALL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define WALL_CLOCK_1901 INT64_C(-2147483648)
#define WALL_CLOCK_1969 INT64_C(-31536000)
#define WALL_CLOCK_LAST INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static struct {
    bool is_set;
    int64_t unix_s;
} wall_clock;

static inline void wall_clock_set(int64_t unix_s)
{
    wall_clock.is_set = true;
    wall_clock.unix_s = unix_s;
}

static inline void wall_clock_release(void)
{
    wall_clock.is_set = false;
}

time_t time(time_t *ret_now)
{
    struct timespec now = {.tv_sec = (time_t)wall_clock.unix_s};

    if (!wall_clock.is_set)
        (void)clock_gettime(CLOCK_REALTIME, &now);
    if (ret_now)
        *ret_now = now.tv_sec;
    return now.tv_sec;
}

#endif
