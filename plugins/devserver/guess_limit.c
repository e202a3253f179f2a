/* SPDX-License-Identifier: Apache-2.0 */
#include "guess_limit.h"

#include <stdbool.h>

static bool is_open(const struct guess_limit *limit, int64_t now_ms)
{
    return limit->wrong > 0 && now_ms - limit->opened_ms < GUESS_LIMIT_WINDOW_MS;
}

int64_t guess_limit_wait_s(const struct guess_limit *limit, int64_t now_ms)
{
    if (!is_open(limit, now_ms) || limit->wrong < GUESS_LIMIT_WRONG)
        return 0;
    return (limit->opened_ms + GUESS_LIMIT_WINDOW_MS - now_ms + 999) / 1000;
}

void guess_limit_count(struct guess_limit *limit, int64_t now_ms)
{
    if (!is_open(limit, now_ms))
        *limit = (struct guess_limit){.opened_ms = now_ms};
    limit->wrong++;
}
