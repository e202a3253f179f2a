/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "../../plugins/login/jitter.h"

#define DRAWS 100000
#define PARTS 10

START_TEST(jitter_draw_stays_within_half_the_interval)
{
    static const int64_t intervals_s[] = {1, 2, 5, 3600, 86400};

    for (size_t i = 0; i < sizeof intervals_s / sizeof intervals_s[0]; i++) {
        for (unsigned draw = 0; draw < DRAWS / 10; draw++) {
            int64_t jitter_ms = jitter_draw_ms(intervals_s[i]);
            ck_assert_int_ge(jitter_ms, 0);
            ck_assert_int_le(jitter_ms, intervals_s[i] * 500);
        }
    }
}
END_TEST

/* A part's share of the draws is off by a tenth once in 10^23 runs. */
START_TEST(jitter_draw_takes_each_part_as_often)
{
    unsigned parts[PARTS] = {0}, least = 0, most = 0;

    for (unsigned draw = 0; draw < DRAWS; draw++) {
        int64_t jitter_ms = jitter_draw_ms(20);
        parts[jitter_ms * PARTS / 10001]++;
        least += jitter_ms == 0;
        most += jitter_ms == 10000;
    }
    for (unsigned part = 0; part < PARTS; part++)
        ck_assert_msg(parts[part] > DRAWS / PARTS * 9 / 10 && parts[part] < DRAWS / PARTS * 11 / 10, "part %u: %u",
                      part, parts[part]);
    ck_assert_uint_lt(least, 100);
    ck_assert_uint_lt(most, 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("login/jitter");
    TCase *tests = tcase_create("jitter");

    tcase_add_test(tests, jitter_draw_stays_within_half_the_interval);
    tcase_add_test(tests, jitter_draw_takes_each_part_as_often);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
