/* SPDX-License-Identifier: Apache-2.0 */
#include "jitter.h"

#include <sys/random.h>

int64_t jitter_draw_ms(int64_t interval_s)
{
    uint64_t number = 0;
    uint64_t choices = (uint64_t)interval_s * 1000 / 2 + 1;

    /* 2^64 is no multiple of `choices`, which nobody will ever notice. */
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != (ssize_t)sizeof number)
        return 0;
    return (int64_t)(number % choices);
}
