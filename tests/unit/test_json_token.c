/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_token.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Reads `text` from a block of just its size, so that a sanitizer or valgrind sees a byte read too many. */
static size_t read_exact(size_t (*token)(const char *, size_t, struct json_token_fault *), const char *text,
                         size_t size, struct json_token_fault *ret_fault)
{
    char *exact = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, text, size);
    size_t length = token(exact, size, ret_fault);
    free(exact);
    return length;
}

static const struct {
    const char *text;
    size_t length; /* 0: refused */
    size_t offset;
    const char *why;
} strings[] = {
    {"\"\"", 2, 0, NULL},
    {"\"ab\" tail", 4, 0, NULL},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", 18, 0, NULL},
    {"\"\\u00e9\\uD83D\\uDE00\"", 20, 0, NULL},
    {"\"\x7f\"", 3, 0, NULL},
    {"\"\xC3\xA9\xF0\x9F\x98\x80\"", 8, 0, NULL},
    {"", 0, 0, "quotes"},
    {"'a'", 0, 0, "quotes"},
    {"\"", 0, 1, "closing quote"},
    {"\"ab", 0, 3, "closing quote"},
    {"\"a\\", 0, 2, "escape"},
    {"\"a\\\"", 0, 4, "closing quote"},
    {"\"\\x41\"", 0, 1, "escape"},
    {"\"\\'\"", 0, 1, "escape"},
    {"\"\\U0041\"", 0, 1, "escape"},
    {"\"\\u\"", 0, 1, "four hexadecimal"},
    {"\"\\u12", 0, 1, "four hexadecimal"},
    {"\"\\u12g4\"", 0, 1, "four hexadecimal"},
    {"\"\\u+123\"", 0, 1, "four hexadecimal"},
    {"\"\\u0000\"", 0, 1, "\\u0000"},
    {"\"a\\u0000b\"", 0, 2, "\\u0000"},
    {"\"\\ud800\"", 0, 1, "surrogate"},
    {"\"\\udc00\"", 0, 1, "surrogate"},
    {"\"\\ud800\\ud800\"", 0, 1, "surrogate"},
    {"\"\\ud800\\n1234\"", 0, 1, "surrogate"},
    {"\"\\ud800xudc00\"", 0, 1, "surrogate"},
    {"\"\\ud83d\\u", 0, 1, "surrogate"},
    {"\"\\ud83d\\ude0", 0, 1, "surrogate"},
    {"\"\\ud83d\\ude00", 0, 13, "closing quote"},
    {"\"\\u0041", 0, 7, "closing quote"},
    {"\"\\uaf09\\uAF90\"", 14, 0, NULL},
    {"\"\\u`123\"", 0, 1, "four hexadecimal"},
    {"\"\\ug123\"", 0, 1, "four hexadecimal"},
    {"\"\\u@123\"", 0, 1, "four hexadecimal"},
    {"\"\\uG123\"", 0, 1, "four hexadecimal"},
    {"\"a\tb\"", 0, 2, "control"},
    {"\"a\nb\"", 0, 2, "control"},
    {"\"\x1f\"", 0, 1, "control"},
    {"\"\x80\"", 0, 1, "UTF-8"},
    {"\"\xFF\"", 0, 1, "UTF-8"},
    {"\"\xC0\xAF\"", 0, 1, "UTF-8"},         /* overlong '/' */
    {"\"\xE0\x80\xAF\"", 0, 1, "UTF-8"},     /* overlong */
    {"\"\xED\xA0\x80\"", 0, 1, "UTF-8"},     /* surrogate */
    {"\"\xF4\x90\x80\x80\"", 0, 1, "UTF-8"}, /* above U+10FFFF */
    {"\"\xC3\"", 0, 1, "UTF-8"},             /* cut */
    {"\"\xF0\x9F\x98", 0, 1, "UTF-8"},
};

START_TEST(json_token_string_judges)
{
    struct json_token_fault fault = {99, NULL};
    size_t length = read_exact(json_token_string, strings[_i].text, strlen(strings[_i].text), &fault);
    ck_assert_uint_eq(length, strings[_i].length);
    if (length)
        return;
    ck_assert_uint_eq(fault.offset, strings[_i].offset);
    ck_assert_msg(strstr(fault.why, strings[_i].why) != NULL, "%s: %s", strings[_i].text, fault.why);
}
END_TEST

static const char fillings[] = {' ', '!', '#', '[', ']', '\x7f'};

/* Plain bytes are taken eight at a time: each byte, at each place in two such words, among the plain ones' edges. */
START_TEST(json_token_string_sees_each_byte_at_any_place)
{
    for (size_t place = 1; place <= 19; place++)
        for (int c = 0; c < 0x100; c++) {
            struct json_token_fault fault = {99, NULL};
            char text[22];
            memset(text, fillings[_i], sizeof text);
            text[0] = text[21] = '"';
            text[place] = (char)c;
            bool refused = c < 0x20 || c >= 0x80 || c == '\\';
            size_t length = read_exact(json_token_string, text, sizeof text, &fault);
            ck_assert_uint_eq(length, refused ? 0 : c == '"' ? place + 1 : sizeof text);
            ck_assert_uint_eq(fault.offset, refused ? place : 99);
        }
}
END_TEST

START_TEST(json_token_string_refuses_each_control_byte)
{
    for (int c = 0; c < 0x20; c++) {
        struct json_token_fault fault;
        const char text[] = {'"', (char)c, '"'};
        ck_assert_uint_eq(json_token_string(text, sizeof text, &fault), 0);
        ck_assert_uint_eq(fault.offset, 1);
    }
}
END_TEST

static const struct {
    const char *text;
    size_t length;
    size_t offset;
    const char *why;
} numbers[] = {
    {"0", 1, 0, NULL},
    {"-0", 2, 0, NULL},
    {"10,", 2, 0, NULL},
    {"-12.50e+3]", 9, 0, NULL},
    {"1E-400", 6, 0, NULL}, /* an underflow is a zero */
    {"0e999999999999999999999", 23, 0, NULL},
    {"1.7976931348623157e308", 22, 0, NULL},
    {"1.7976931348623158e308", 22, 0, NULL}, /* rounds down */
    {"1.7976931348623159e308", 0, 0, "too large"},
    {"-1e309", 0, 0, "too large"},
    {"1e999", 0, 0, "too large"},
    {"1e99999999999999999999999", 0, 0, "too large"},
    {"", 0, 0, "digit"},
    {"-", 0, 1, "digit"},
    {"-a", 0, 1, "digit"},
    {"+1", 0, 0, "digit"},
    {".5", 0, 0, "digit"},
    {"01", 0, 0, "begin with 0"},
    {"-01", 0, 1, "begin with 0"},
    {"00", 0, 0, "begin with 0"},
    {"1.", 0, 2, "decimal point"},
    {"1.e3", 0, 2, "decimal point"},
    {"1e", 0, 2, "exponent"},
    {"1e+", 0, 3, "exponent"},
    {"1e-x", 0, 3, "exponent"},
    {"0x10", 1, 0, NULL}, /* the rest is the caller's */
};

START_TEST(json_token_number_judges)
{
    struct json_token_fault fault = {99, NULL};
    size_t length = read_exact(json_token_number, numbers[_i].text, strlen(numbers[_i].text), &fault);
    ck_assert_uint_eq(length, numbers[_i].length);
    if (length)
        return;
    ck_assert_uint_eq(fault.offset, numbers[_i].offset);
    ck_assert_msg(strstr(fault.why, numbers[_i].why) != NULL, "%s: %s", numbers[_i].text, fault.why);
}
END_TEST

START_TEST(json_token_number_judges_magnitude_by_all_digits)
{
    struct json_token_fault fault;
    char digits[400];
    memset(digits, '9', sizeof digits);
    ck_assert_uint_eq(json_token_number(digits, 308, &fault), 308);
    ck_assert_uint_eq(json_token_number(digits, 309, &fault), 0);
    ck_assert_uint_eq(json_token_number(digits, 400, &fault), 0);

    /* As many zeros before the point of an exponent as it takes away again. */
    enum { ZEROS = 5000 };
    char text[ZEROS + 16] = "0.";
    memset(text + 2, '0', ZEROS);
    (void)snprintf(text + 2 + ZEROS, sizeof text - 2 - ZEROS, "1e5001");
    ck_assert_uint_eq(json_token_number(text, strlen(text), &fault), strlen(text));
    ck_assert_double_eq(json_token_double(text, strlen(text)), 1.0);
}
END_TEST

START_TEST(json_token_literal_knows_three_words)
{
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {{"null", 4}, {"true,", 4}, {"false", 5}, {"nul", 0},  {"", 0},         {"NULL", 0},
                 {"True", 0}, {"NaN", 0},   {"tru", 0},   {"fals", 0}, {"Infinity", 0}, {"-Infinity", 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct json_token_fault fault = {99, NULL};
        ck_assert_uint_eq(read_exact(json_token_literal, cases[i].text, strlen(cases[i].text), &fault),
                          cases[i].length);
        ck_assert(cases[i].length || (fault.offset == 0 && fault.why));
    }
}
END_TEST

START_TEST(json_token_unescape_yields_the_text)
{
    static const struct {
        const char *token, *text;
    } cases[] = {
        {"\"\"", ""},
        {"\"plain\"", "plain"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"a\\u0041b\"", "aAb"},
        {"\"\\u007f\\u0080\\u07FF\\u0800\\uFFFF\"", "\x7f\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF"},
        {"\"\\uD800\\uDC00\\udbff\\udfff\"", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
        {"\"\xC3\xA9\\n\xC3\xA9\"", "\xC3\xA9\n\xC3\xA9"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len = strlen(cases[i].token);
        char *out = malloc(len);
        ck_assert_ptr_nonnull(out);
        ck_assert_uint_eq(json_token_unescape(cases[i].token, len, out), strlen(cases[i].text));
        char *text = json_token_text(cases[i].token, len);
        ck_assert_str_eq(text, cases[i].text);
        free(text);
        ck_assert_str_eq(out, cases[i].text);
        free(out);
    }
}
END_TEST

START_TEST(json_token_integer_takes_what_fits)
{
    static const struct {
        const char *text;
        bool fits;
        int64_t number;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"42", true, 42},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"18446744073709551615", false, 0},
        {"18446744073709551616", false, 0},
        {"99999999999999999999999", false, 0},
        {"1.0", false, 0},
        {"1e2", false, 0},
        {"-1E2", false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t number = 77;
        ck_assert_int_eq(json_token_integer(cases[i].text, strlen(cases[i].text), &number), cases[i].fits);
        ck_assert_int_eq(number, cases[i].fits ? cases[i].number : 77);
    }
}
END_TEST

START_TEST(json_token_double_is_strtod_in_the_c_locale)
{
    static const char *const cases[] = {"0.1",
                                        "-2.5e-3",
                                        "123456789012345678901234567890",
                                        "4.9e-324",
                                        "2.4703282292062327e-324",
                                        "1e23",
                                        "5e-1",
                                        "2.2250738585072011e-308",
                                        "9007199254740993",
                                        "0.000001",
                                        "1e-999",
                                        "100e-2",
                                        "8.41",
                                        "179769e303"};
    for (size_t i = 0; i < COUNT(cases); i++)
        ck_assert_double_eq(json_token_double(cases[i], strlen(cases[i])), strtod(cases[i], NULL));
    ck_assert(signbit(json_token_double("-0.0", 4)));
    ck_assert(isinf(json_token_double("1e400", 5)));
}
END_TEST

START_TEST(json_token_double_decides_a_tie_by_the_last_digit)
{
    /* 2^53 + 1 lies half way; one digit far behind lifts it. */
    char text[2048];
    memset(text, '0', sizeof text);
    static const char half_way[] = "9007199254740993.";
    memcpy(text, half_way, sizeof half_way - 1);
    ck_assert_double_eq(json_token_double(text, sizeof text), 9007199254740992.0);
    text[sizeof text - 1] = '1';
    ck_assert_double_eq(json_token_double(text, sizeof text), 9007199254740994.0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("json_token");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, json_token_string_judges, 0, (int)COUNT(strings));
    tcase_add_loop_test(tcase, json_token_string_sees_each_byte_at_any_place, 0, (int)sizeof fillings);
    tcase_add_test(tcase, json_token_string_refuses_each_control_byte);
    tcase_add_loop_test(tcase, json_token_number_judges, 0, (int)COUNT(numbers));
    tcase_add_test(tcase, json_token_number_judges_magnitude_by_all_digits);
    tcase_add_test(tcase, json_token_literal_knows_three_words);
    tcase_add_test(tcase, json_token_unescape_yields_the_text);
    tcase_add_test(tcase, json_token_integer_takes_what_fits);
    tcase_add_test(tcase, json_token_double_is_strtod_in_the_c_locale);
    tcase_add_test(tcase, json_token_double_decides_a_tie_by_the_last_digit);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
