/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define A31 "abcdefghijklmnopqrstuvwxyz01234"
#define A64 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"

/* Every form in one table: a text, and whether it is a UUID, a profile name, a command word, a bearer. */
#define UUID 1u
#define PROFILE 2u
#define COMMAND 4u
#define BEARER 8u

static const struct {
    const char *text;
    unsigned is;
} forms[] = {
    {"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0", UUID | PROFILE | BEARER},
    {"0190A8B8-a0c0-7A0A-8a0a-FFFFFFFFFFFF", UUID | PROFILE | BEARER},
    {"00000000-0000-0000-0000-000000000000", UUID | PROFILE | BEARER},
    {"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a", PROFILE | BEARER},
    {"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a00", PROFILE | BEARER},
    {"0190a8b8a0c07a0a8a0aa0a0a0a0a0a0", PROFILE | BEARER},
    {"0190a8b8-a0c0-7a0a-8a0aaa0a0a0a0a0a0", PROFILE | BEARER},
    {"0190a8b-8a0c0-7a0a-8a0a-a0a0a0a0a0a0", PROFILE | BEARER},
    {"g190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0", PROFILE | BEARER},
    {"{0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0}", 0},
    {" 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0", 0},
    {"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0 ", 0},
    {"0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0\n", 0},
    {"", 0},
    {"-", BEARER},
    {".", BEARER},
    {"..", BEARER},
    {"a", PROFILE | COMMAND | BEARER},
    {"A", PROFILE | BEARER},
    {"0", PROFILE | BEARER},
    {"_", PROFILE | BEARER},
    {"-a", BEARER},
    {".a", BEARER},
    {"a-", PROFILE | COMMAND | BEARER},
    {"a.", PROFILE | BEARER},
    {"a_b", PROFILE | BEARER},
    {"aB", PROFILE | BEARER},
    {"a9-b", PROFILE | COMMAND | BEARER},
    {"9a", PROFILE | BEARER},
    {"a/b", BEARER},
    {"../a", BEARER},
    {"a b", 0},
    {"a\nb", 0},
    {"a\n", 0},
    {"a:b", 0},
    {"a\xC3\xA9", 0},
    {"\xFF", 0},
    {"a\x7F", 0},
    {"a`b", 0},
    {"a@b", 0},
    {"a{b", 0},
    {"a[b", 0},
    {"a,b", 0},
    {"a~+/=b", BEARER},
    {"====", BEARER},
    {A31, PROFILE | COMMAND | BEARER},
    {A31 "5", PROFILE | BEARER},
    {A64, PROFILE | BEARER},
    {A64 "x", BEARER},
};

START_TEST(text_is_form_decides)
{
    const char *text = forms[_i].text;

    ck_assert_msg(text_is_uuid(text) == !!(forms[_i].is & UUID), "uuid: %s", text);
    ck_assert_msg(text_is_profile_name(text) == !!(forms[_i].is & PROFILE), "profile name: %s", text);
    ck_assert_msg(text_is_command_word(text) == !!(forms[_i].is & COMMAND), "command word: %s", text);
    ck_assert_msg(text_is_bearer(text) == !!(forms[_i].is & BEARER), "bearer: %s", text);
}
END_TEST

START_TEST(text_is_bearer_ends_at_its_limit)
{
    static char token[16386];

    memset(token, 't', sizeof token);
    token[16384] = '\0';
    ck_assert(text_is_bearer(token));
    token[16384] = 't';
    token[16385] = '\0';
    ck_assert(!text_is_bearer(token));
}
END_TEST

static const struct {
    const char *text;
    bool ok;
    int64_t number;
} integers[] = {
    {"0", true, 0},
    {"-0", true, 0},
    {"7", true, 7},
    {"-7", true, -7},
    {"007", true, 7},
    {"9223372036854775807", true, INT64_MAX},
    {"-9223372036854775808", true, INT64_MIN},
    {"00000000000000000000000000000000001", true, 1},
    {"9223372036854775808", false, 0},
    {"-9223372036854775809", false, 0},
    {"92233720368547758070", false, 0},
    {"99999999999999999999999999", false, 0},
    {"", false, 0},
    {"-", false, 0},
    {"--1", false, 0},
    {"+1", false, 0},
    {" 1", false, 0},
    {"1 ", false, 0},
    {"1\n", false, 0},
    {"1.0", false, 0},
    {"1e3", false, 0},
    {"0x10", false, 0},
    {"1a", false, 0},
    {"\xD9\xA1", false, 0},
};

START_TEST(text_to_integer_converts_or_refuses)
{
    int64_t number = 4711;

    ck_assert_msg(text_to_integer(integers[_i].text, &number) == integers[_i].ok, "%s", integers[_i].text);
    ck_assert_int_eq(number, integers[_i].ok ? integers[_i].number : 4711);
}
END_TEST

static const struct {
    const char *text;
    bool ok;
    int64_t seconds;
} durations[] = {
    {"0", true, 0},
    {"90", true, 90},
    {"90s", true, 90},
    {"30m", true, 1800},
    {"12h", true, 43200},
    {"7d", true, 604800},
    {"106751991167300d", true, INT64_C(106751991167300) * 86400},
    {"106751991167301d", false, 0},
    {"9223372036854775807", true, INT64_MAX},
    {"9223372036854775807s", true, INT64_MAX},
    {"9223372036854775807m", false, 0},
    {"9223372036854775808", false, 0},
    {"", false, 0},
    {"s", false, 0},
    {"-1s", false, 0},
    {"1S", false, 0},
    {"1w", false, 0},
    {"1ms", false, 0},
    {"1h30m", false, 0},
    {"1 s", false, 0},
    {"1s ", false, 0},
    {"1.5h", false, 0},
};

START_TEST(text_to_seconds_converts_or_refuses)
{
    int64_t seconds = 4711;

    ck_assert_msg(text_to_seconds(durations[_i].text, &seconds) == durations[_i].ok, "%s", durations[_i].text);
    ck_assert_int_eq(seconds, durations[_i].ok ? durations[_i].seconds : 4711);
}
END_TEST

#define LONG63 A31 A31 "x"

static const struct {
    const char *a, *b;
    unsigned distance;
} distances[] = {
    {"", "", 0},
    {"login", "login", 0},
    {"", "abc", 3},
    {"abc", "", 3},
    {"login", "logn", 1},
    {"login", "loggin", 1},
    {"login", "lagin", 1},
    {"login", "lgoin", 1},
    {"login", "logni", 1},
    {"ab", "ba", 1},
    {"ca", "abc", 3},
    {"kitten", "sitting", 3},
    {"abcdef", "badcfe", 3},
    {"abc", "xyz", 3},
    {LONG63, LONG63, 0},
    {LONG63, A31 "y" A31, 2},
    {LONG63 "y", LONG63 "y", 64},
    {"a", LONG63 "y", 64},
};

START_TEST(text_distance_counts_edits)
{
    ck_assert_uint_eq(text_distance(distances[_i].b, distances[_i].a), distances[_i].distance);
    ck_assert_uint_eq(text_distance(distances[_i].a, distances[_i].b), distances[_i].distance);
}
END_TEST

static const struct {
    const char *typed, *candidate;
    bool near;
} suggestions[] = {
    {"logn", "login", true},
    {"lgoin", "login", true},
    {"Login", "login", true},
    {"whoaim", "whoami", true},
    {"profil", "profile", true},
    {"prifiles", "profile", true},
    {"domian-id", "domain-id", true},
    {"prof", "profile", true},
    {"comp", "completion", true},
    {"pr", "profile", false},
    {"hlep", "help", true},
    {"xxlogin", "login", true},
    {"banana", "login", false},
    {"logout", "login", false},
    {"x", "o", false},
    {"", "o", false},
    {"", "", false},
    {"completely", "version", false},
    {"abcdefghi", "abcdefxyz", true},
    {"abcdefghijklmno", "abcdefghijkwxyz", false},
    {"profile-of-somebody-else", "profile", false},
};

START_TEST(text_is_nearer_knows_what_is_near)
{
    unsigned best = UINT_MAX;
    bool near = text_is_nearer(suggestions[_i].typed, suggestions[_i].candidate, &best);

    ck_assert_msg(near == suggestions[_i].near, "%s: %s", suggestions[_i].typed, suggestions[_i].candidate);
    ck_assert_uint_eq(best, near ? text_distance(suggestions[_i].typed, suggestions[_i].candidate) : UINT_MAX);
}
END_TEST

START_TEST(text_is_nearer_prefers_the_first_of_the_nearest)
{
    unsigned best = UINT_MAX;

    ck_assert(text_is_nearer("profiel", "profiler", &best));
    ck_assert(text_is_nearer("profiel", "profile", &best));
    ck_assert(!text_is_nearer("profiel", "profied", &best));
    ck_assert_uint_eq(best, 1);
}
END_TEST

static const struct {
    int64_t unix_s;
    const char *text;
} times[] = {
    {0, "1970-01-01T00:00:00Z"},
    {1, "1970-01-01T00:00:01Z"},
    {951782399, "2000-02-28T23:59:59Z"},
    {951782400, "2000-02-29T00:00:00Z"},
    {1795521600, "2026-11-24T12:00:00Z"},
    {INT64_C(2147483648), "2038-01-19T03:14:08Z"},
    {INT64_C(4107542400), "2100-03-01T00:00:00Z"},
    {INT64_C(253402300799), "9999-12-31T23:59:59Z"},
    {INT64_C(253402300800), NULL},
    {-1, NULL},
    {INT64_MIN, NULL},
    {INT64_MAX, NULL},
};

START_TEST(text_format_utc_ignores_the_time_zone)
{
    char out[21] = "untouched";

    ck_assert_int_eq(setenv("TZ", "Pacific/Kiritimati", 1), 0);
    ck_assert_int_eq(text_format_utc(times[_i].unix_s, out), times[_i].text != NULL);
    ck_assert_str_eq(out, times[_i].text ? times[_i].text : "untouched");
}
END_TEST

START_TEST(text_parse_utc_reads_what_format_writes)
{
    int64_t unix_s = -7;

    if (!times[_i].text)
        return;
    ck_assert_int_eq(setenv("TZ", "Pacific/Kiritimati", 1), 0);
    ck_assert(text_parse_utc(times[_i].text, &unix_s));
    ck_assert_int_eq(unix_s, times[_i].unix_s);
}
END_TEST

static const char *const no_times[] = {"",
                                       "soon",
                                       "2026-11-24",
                                       "2026-11-24T12:00:00",
                                       "2026-11-24T12:00:00z",
                                       "2026-11-24T12:00:00Z ",
                                       " 2026-11-24T12:00:00Z",
                                       "2026-11-24T12:00:00.5Z",
                                       "2026-11-24T12:00:00+01:00",
                                       "2026-1-24T12:00:00Z",
                                       "2026-02-29T12:00:00Z",
                                       "2026-11-24T12:00:60Z",
                                       "2026-11-24T24:00:00Z",
                                       "1969-12-31T23:59:59Z",
                                       "+026-11-24T12:00:00Z"};

START_TEST(text_parse_utc_refuses_anything_else)
{
    int64_t unix_s = -7;

    ck_assert(!text_parse_utc(no_times[_i], &unix_s));
    ck_assert_int_eq(unix_s, -7);
}
END_TEST

static const struct {
    int64_t span_s;
    const char *words;
} text_spans[] = {{0, "0 seconds"},
                  {1, "1 second"},
                  {-1, "1 second"},
                  {119, "119 seconds"},
                  {120, "2 minutes"},
                  {7199, "119 minutes"},
                  {-7200, "2 hours"},
                  {172799, "47 hours"},
                  {172800, "2 days"},
                  {INT64_MAX, "106751991167300 days"},
                  {INT64_MIN, "106751991167300 days"}};

START_TEST(text_format_span_says_it_in_words)
{
    char words[TEXT_SPAN_SIZE];

    text_format_span(text_spans[_i].span_s, words);
    ck_assert_str_eq(words, text_spans[_i].words);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *tcase = tcase_create("text");

    tcase_add_loop_test(tcase, text_is_form_decides, 0, COUNT(forms));
    tcase_add_test(tcase, text_is_bearer_ends_at_its_limit);
    tcase_add_loop_test(tcase, text_to_integer_converts_or_refuses, 0, COUNT(integers));
    tcase_add_loop_test(tcase, text_to_seconds_converts_or_refuses, 0, COUNT(durations));
    tcase_add_loop_test(tcase, text_distance_counts_edits, 0, COUNT(distances));
    tcase_add_loop_test(tcase, text_is_nearer_knows_what_is_near, 0, COUNT(suggestions));
    tcase_add_test(tcase, text_is_nearer_prefers_the_first_of_the_nearest);
    tcase_add_loop_test(tcase, text_format_utc_ignores_the_time_zone, 0, COUNT(times));
    tcase_add_loop_test(tcase, text_parse_utc_reads_what_format_writes, 0, COUNT(times));
    tcase_add_loop_test(tcase, text_parse_utc_refuses_anything_else, 0, COUNT(no_times));
    tcase_add_loop_test(tcase, text_format_span_says_it_in_words, 0, COUNT(text_spans));
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
