/* SPDX-License-Identifier: Apache-2.0 */
#include "../../plugins/devserver/grants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define INTERVAL_MS 5000
#define LIFETIME_MS 600000

static struct grants *grants;

static void set_up(void)
{
    grants = grants_new();
    ck_assert_ptr_nonnull(grants);
}

static void tear_down(void)
{
    grants_free(grants);
}

static const struct grant *add(const char *device_code, const char *user_code, int64_t now_ms)
{
    return grants_add(grants, &(struct grant_request){.device_code = device_code,
                                                      .user_code = user_code,
                                                      .client = "plexctl",
                                                      .peer = "127.0.0.1",
                                                      .now_ms = now_ms,
                                                      .lifetime_ms = LIFETIME_MS,
                                                      .interval_ms = INTERVAL_MS});
}

static enum grant_poll poll_at(const char *device_code, int64_t now_ms)
{
    const struct identity *identity = NULL;
    return grants_poll(grants, device_code, now_ms, &identity);
}

static enum grant_decision decide(const char *user_code, enum grant_state state, int64_t now_ms)
{
    return grants_decide(grants, &(struct grant_verdict){user_code, state, &identities[0]}, now_ms);
}

START_TEST(grants_add_keeps_printable_text)
{
    char client[200];

    memset(client, 'x', sizeof client - 1);
    client[sizeof client - 1] = '\0';
    memcpy(client, "a\x1b[31m\xE2\x80\xAE", 9);
    const struct grant *grant = grants_add(
        grants, &(struct grant_request){.device_code = "d", .user_code = "AAAA-2222", .client = client, .peer = "p"});
    ck_assert_ptr_nonnull(grant);
    ck_assert_uint_eq(strlen(grant->client), GRANT_CLIENT_SIZE - 1);
    ck_assert_int_eq(strncmp(grant->client, "a?[31m???xxx", 12), 0);
}
END_TEST

/* A schedule of polls of one pending grant, added at 0. */
static const struct {
    int64_t at_ms;
    enum grant_poll expected;
} schedule[] = {
    {0, GRANT_POLL_PENDING},       /* the first poll is never too early */
    {5000, GRANT_POLL_PENDING},    /* exactly the interval */
    {9999, GRANT_POLL_SLOW_DOWN},  /* a millisecond short: the interval is 10 s from here */
    {19998, GRANT_POLL_SLOW_DOWN}, /* short again: 15 s */
    {34998, GRANT_POLL_PENDING},   /* counted from the refused poll */
    {599999, GRANT_POLL_PENDING},  /* the last millisecond */
    {600000, GRANT_POLL_EXPIRED},  /* over */
    {9000000, GRANT_POLL_EXPIRED}, /* and stays so */
};

START_TEST(grants_poll_follows_schedule)
{
    ck_assert_ptr_nonnull(add("device", "ABCD-2345", 0));
    for (size_t i = 0; i < sizeof schedule / sizeof schedule[0]; i++)
        ck_assert_msg(poll_at("device", schedule[i].at_ms) == schedule[i].expected, "at %lld ms",
                      (long long)schedule[i].at_ms);
}
END_TEST

START_TEST(grants_poll_unknown_is_invalid)
{
    ck_assert_ptr_nonnull(add("device", "ABCD-2345", 0));
    ck_assert_int_eq(poll_at("devic", 1), GRANT_POLL_INVALID);
    ck_assert_int_eq(poll_at("device2", 1), GRANT_POLL_INVALID);
    ck_assert_int_eq(poll_at("", 1), GRANT_POLL_INVALID);
}
END_TEST

START_TEST(grants_poll_approved_is_consumed_once)
{
    const struct identity *identity = NULL;

    ck_assert_ptr_nonnull(add("device", "ABCD-2345", 0));
    ck_assert_int_eq(poll_at("device", 1), GRANT_POLL_PENDING);
    ck_assert_int_eq(decide("ABCD-2345", GRANT_APPROVED, 2), GRANT_DECIDED);
    /* Too early a poll, but there is something to fetch. */
    ck_assert_int_eq(grants_poll(grants, "device", 3, &identity), GRANT_POLL_TOKEN);
    ck_assert_ptr_eq(identity, &identities[0]);
    ck_assert_int_eq(poll_at("device", 9000), GRANT_POLL_INVALID);
    ck_assert_int_eq(poll_at("device", LIFETIME_MS + 1), GRANT_POLL_INVALID);
    ck_assert_int_eq(decide("ABCD-2345", GRANT_APPROVED, 4), GRANT_ALREADY);
}
END_TEST

START_TEST(grants_poll_approved_too_late_is_expired)
{
    ck_assert_ptr_nonnull(add("device", "ABCD-2345", 0));
    ck_assert_int_eq(decide("ABCD-2345", GRANT_APPROVED, LIFETIME_MS - 1), GRANT_DECIDED);
    ck_assert_int_eq(poll_at("device", LIFETIME_MS), GRANT_POLL_EXPIRED);
}
END_TEST

START_TEST(grants_poll_tells_refusals)
{
    const struct identity *identity = NULL;

    ck_assert_ptr_nonnull(add("one", "AAAA-2222", 0));
    ck_assert_ptr_nonnull(add("two", "BBBB-2222", 0));
    ck_assert_int_eq(decide("AAAA-2222", GRANT_DENIED, 1), GRANT_DECIDED);
    ck_assert_int_eq(decide("BBBB-2222", GRANT_FORBIDDEN, 1), GRANT_DECIDED);
    ck_assert_int_eq(poll_at("one", 2), GRANT_POLL_DENIED);
    ck_assert_int_eq(poll_at("one", 3), GRANT_POLL_DENIED);
    ck_assert_int_eq(grants_poll(grants, "two", 2, &identity), GRANT_POLL_FORBIDDEN);
    ck_assert_ptr_eq(identity, &identities[0]);
}
END_TEST

START_TEST(grants_decide_checks_code_and_time)
{
    ck_assert_ptr_nonnull(add("device", "ABCD-2345", 0));
    ck_assert_int_eq(decide("ABCD-2346", GRANT_APPROVED, 1), GRANT_NOT_FOUND);
    ck_assert_int_eq(decide("ABCD-2345", GRANT_APPROVED, LIFETIME_MS), GRANT_TOO_LATE);
    ck_assert_int_eq(grants_find(grants, "ABCD-2345")->state, GRANT_PENDING);
    ck_assert_int_eq(decide("ABCD-2345", GRANT_DENIED, 1), GRANT_DECIDED);
    ck_assert_int_eq(decide("ABCD-2345", GRANT_APPROVED, 2), GRANT_ALREADY);
    ck_assert_int_eq(poll_at("device", 3), GRANT_POLL_DENIED);
}
END_TEST

START_TEST(grants_slow_down_lengthens_interval)
{
    ck_assert_ptr_nonnull(add("device", "ABCD-2345", 0));
    grants_slow_down(grants, "unknown", 0);
    grants_slow_down(grants, "device", 1000);
    ck_assert_int_eq(poll_at("device", 1000 + INTERVAL_MS + GRANT_SLOW_DOWN_MS - 1), GRANT_POLL_SLOW_DOWN);
}
END_TEST

static void fill(int64_t now_ms)
{
    char code[16];

    for (int i = 0; i < GRANTS_MAX; i++) {
        (void)snprintf(code, sizeof code, "d%d", i);
        ck_assert_ptr_nonnull(add(code, "AAAA-2222", now_ms + i));
    }
}

START_TEST(grants_add_full_of_live_is_refused)
{
    fill(0);
    ck_assert_int_eq(grants_count_live(grants, GRANTS_MAX), GRANTS_MAX);
    ck_assert_ptr_null(add("more", "BBBB-2222", GRANTS_MAX));
    ck_assert_int_eq(poll_at("d0", GRANTS_MAX), GRANT_POLL_PENDING);
}
END_TEST

START_TEST(grants_add_full_drops_oldest_dead)
{
    fill(0);
    /* d0 and d1 are over, the others not yet. */
    ck_assert_ptr_nonnull(add("more", "BBBB-2222", LIFETIME_MS + 1));
    ck_assert_int_eq(poll_at("d0", LIFETIME_MS + 1), GRANT_POLL_INVALID);
    ck_assert_int_eq(poll_at("d1", LIFETIME_MS + 1), GRANT_POLL_EXPIRED);
    ck_assert_ptr_nonnull(add("again", "CCCC-2222", LIFETIME_MS + 1));
    ck_assert_ptr_null(add("too many", "DDDD-2222", LIFETIME_MS + 1));
    ck_assert_int_eq(poll_at("more", LIFETIME_MS + 2), GRANT_POLL_PENDING);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devserver grants");
    TCase *tests = tcase_create("grants");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, grants_add_keeps_printable_text);
    tcase_add_test(tests, grants_poll_follows_schedule);
    tcase_add_test(tests, grants_poll_unknown_is_invalid);
    tcase_add_test(tests, grants_poll_approved_is_consumed_once);
    tcase_add_test(tests, grants_poll_approved_too_late_is_expired);
    tcase_add_test(tests, grants_poll_tells_refusals);
    tcase_add_test(tests, grants_decide_checks_code_and_time);
    tcase_add_test(tests, grants_slow_down_lengthens_interval);
    tcase_add_test(tests, grants_add_full_of_live_is_refused);
    tcase_add_test(tests, grants_add_full_drops_oldest_dead);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
