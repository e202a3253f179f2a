/* SPDX-License-Identifier: Apache-2.0
 *
 * storm - a fleet's logins, all started at once: when their polls reach the server, with the jitter that login draws
 * and, beside it, without. Simulated: the clients are 10,000 of login's own schedules (plugins/login/device_flow.c),
 * each poll is judged by devserver's own accounting (plugins/devserver/grants.c), and a request and its reply take what
 * a network takes; nothing is sent.
 *
 *   storm START_MS     the logins start within so long of each other, each moment as likely
 *
 * Prints "poll SECOND WITHOUT WITH" for each BUCKET_MS of the time shown, then "peak WITHOUT WITH", the most polls in
 * one, "polls WITHOUT WITH", "early WITHOUT WITH", those that came before they might, and "slow_down WITHOUT WITH",
 * those that the server says so of.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../plugins/devserver/grants.h"
#include "../../plugins/login/device_flow.h"
#include "../../plugins/login/jitter.h"

#define LOGINS 10000
#define BATCH 50 /* the store of grants looks at each of its rows for each poll */
#define INTERVAL_S 5
#define EXPIRES_IN_S 600
#define WATCHED_MS 60000 /* of the ten minutes; nobody approves */
#define SHOWN_MS 20000
#define BUCKET_MS 250
#define BUCKETS (WATCHED_MS / BUCKET_MS)
#define TRIP_LEAST_MS 5
#define TRIP_MORE_MS 40
#define NUMBER_BASE 10

struct tally {
    unsigned buckets[BUCKETS];
    unsigned polls, early, slow_down;
};

static _Noreturn void end(const char *what)
{
    (void)fprintf(stderr, "storm: %s\n", what);
    exit(1);
}

/* The same numbers each time, so that two figures differ by the jitter alone. */
static int64_t draw_ms(uint64_t *state, int64_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((*state >> 33) % (uint64_t)below);
}

static int64_t draw_trip_ms(uint64_t *state)
{
    return TRIP_LEAST_MS + draw_ms(state, TRIP_MORE_MS + 1);
}

/* One poll on the server; `issued_ms`: when the code, or the reply before, was sent. */
static void receive(struct grants *grants, const char *code, int64_t now_ms, int64_t issued_ms, struct tally *tally)
{
    const struct identity *identity = NULL;

    tally->polls++;
    tally->buckets[now_ms / BUCKET_MS]++;
    if (now_ms - issued_ms < INTERVAL_S * 1000)
        tally->early++;
    enum grant_poll verdict = grants_poll(grants, code, now_ms, &identity);
    if (verdict == GRANT_POLL_SLOW_DOWN)
        tally->slow_down++;
    else if (verdict != GRANT_POLL_PENDING)
        end("a poll was not judged");
}

/* `asked_ms`: when the request for a code reaches the server. */
static void log_in(struct grants *grants, int64_t asked_ms, bool has_jitter, uint64_t *trips, struct tally *tally)
{
    static unsigned serial;
    char code[32];
    struct device_flow flow;
    int64_t issued_ms = asked_ms;

    (void)snprintf(code, sizeof code, "device-code-%u", serial++);
    const struct grant_request request = {.device_code = code,
                                          .user_code = code,
                                          .client = "storm",
                                          .peer = "storm",
                                          .now_ms = asked_ms,
                                          .lifetime_ms = EXPIRES_IN_S * 1000,
                                          .interval_ms = INTERVAL_S * 1000};
    if (!grants_add(grants, &request))
        end("no place for a grant");
    int64_t now_ms = asked_ms + draw_trip_ms(trips);
    const struct device_flow_terms terms = {INTERVAL_S, EXPIRES_IN_S, has_jitter ? jitter_draw_ms(INTERVAL_S) : 0};
    device_flow_start(&flow, now_ms, &terms);
    for (;;) {
        struct device_flow_step step = device_flow_next(&flow, now_ms);
        if (step.action == DEVICE_FLOW_WAIT) {
            now_ms = step.until_ms;
            continue;
        }
        now_ms += draw_trip_ms(trips);
        if (step.action == DEVICE_FLOW_END || now_ms >= WATCHED_MS)
            return;
        receive(grants, code, now_ms, issued_ms, tally);
        issued_ms = now_ms;
        now_ms += draw_trip_ms(trips);
        device_flow_take(&flow, DEVICE_FLOW_PENDING, -1, now_ms);
    }
}

static void rage(int64_t start_ms, bool has_jitter, struct tally *tally)
{
    uint64_t starts = 1, trips = 2;
    struct grants *grants = NULL;

    for (int i = 0; i < LOGINS; i++) {
        if (i % BATCH == 0) {
            grants_free(grants);
            grants = grants_new();
        }
        if (!grants)
            end("no memory");
        log_in(grants, draw_ms(&starts, start_ms), has_jitter, &trips, tally);
    }
    grants_free(grants);
}

static unsigned peak(const struct tally *tally)
{
    unsigned most = 0;

    for (int i = 0; i < BUCKETS; i++)
        most = tally->buckets[i] > most ? tally->buckets[i] : most;
    return most;
}

int main(int argc, char *argv[])
{
    static struct tally without, with;
    int64_t start_ms = argc == 2 ? strtol(argv[1], NULL, NUMBER_BASE) : 0;

    if (start_ms < 1 || start_ms > WATCHED_MS)
        return 2;
    rage(start_ms, false, &without);
    rage(start_ms, true, &with);
    for (int i = 0; i < SHOWN_MS / BUCKET_MS; i++)
        (void)printf("poll %.2f %u %u\n", i * BUCKET_MS / 1e3, without.buckets[i], with.buckets[i]);
    (void)printf("peak %u %u\n", peak(&without), peak(&with));
    (void)printf("polls %u %u\n", without.polls, with.polls);
    (void)printf("early %u %u\n", without.early, with.early);
    (void)printf("slow_down %u %u\n", without.slow_down, with.slow_down);
    return 0;
}
