/* SPDX-License-Identifier: Apache-2.0 */
#include "option_value.h"

#include <string.h>

#include "unit.h"

#define UUID "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0"

static const struct {
    struct plexctl_flag flag;
    const char *text;
    const char *reason; /* NULL where it is accepted */
    int64_t number;
} rows[] = {
    {{.type = PLEXCTL_STRING}, "plain", NULL, 0},
    {{.type = PLEXCTL_STRING}, "", NULL, 0},
    {{.type = PLEXCTL_STRING}, "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80", NULL, 0},
    {{.type = PLEXCTL_STRING}, "a\nb", "\"a\\x0ab\" holds a control character", 0},
    {{.type = PLEXCTL_STRING}, "\x1b[2J", "\"\\x1b[2J\" holds a control character", 0},
    {{.type = PLEXCTL_STRING}, "a\x7f", "holds a control character", 0},
    {{.type = PLEXCTL_STRING}, "\xc2\x9b", "holds a control character", 0},
    {{.type = PLEXCTL_STRING}, "\xc2\xa0", NULL, 0},
    {{.type = PLEXCTL_STRING}, "\xff", "is not UTF-8", 0},
    {{.type = PLEXCTL_STRING}, "a\xc3", "is not UTF-8", 0},
    {{.type = PLEXCTL_STRING}, "\xc0\x80", "is not UTF-8", 0},
    {{.type = PLEXCTL_STRING}, "\xed\xa0\x80", "is not UTF-8", 0},
    {{.type = PLEXCTL_SECRET}, "hunter2", NULL, 0},
    {{.type = PLEXCTL_SECRET}, "hunter2\n", "--flag: the value holds a control character", 0},
    {{.type = PLEXCTL_SECRET}, "hunter2\xff", "--flag: the value is not UTF-8", 0},
    {{.type = PLEXCTL_PATH}, "-", NULL, 0},
    {{.type = PLEXCTL_PATH}, "../a b", NULL, 0},
    {{.type = PLEXCTL_PATH}, "", "\"\" is empty", 0},
    {{.type = PLEXCTL_URL}, "anything", NULL, 0},
    {{.type = PLEXCTL_URL}, "", "\"\" is empty", 0},
    {{.type = PLEXCTL_URL}, "https://a\r\nb", "\"https://a\\x0d\\x0ab\" holds a control character", 0},
    {{.type = PLEXCTL_URL}, "https://u:hunter2@a\r", "--flag: the value holds a control character", 0},
    {{.type = PLEXCTL_URL}, "https://u:hunter2\xe9@a", "--flag: the value is not UTF-8", 0},
    {{.type = PLEXCTL_INT}, "0", NULL, 0},
    {{.type = PLEXCTL_INT}, "-9223372036854775808", NULL, INT64_MIN},
    {{.type = PLEXCTL_INT}, "9223372036854775807", NULL, INT64_MAX},
    {{.type = PLEXCTL_INT}, "9223372036854775808", "is no whole number", 0},
    {{.type = PLEXCTL_INT}, "", "is no whole number", 0},
    {{.type = PLEXCTL_INT}, "5x", "is no whole number", 0},
    {{.type = PLEXCTL_INT}, "1.5", "is no whole number", 0},
    {{.type = PLEXCTL_INT}, "0x10", "is no whole number", 0},
    {{.type = PLEXCTL_INT}, " 5", "is no whole number", 0},
    {{.type = PLEXCTL_INT, .minimum = 1, .maximum = 9}, "1", NULL, 1},
    {{.type = PLEXCTL_INT, .minimum = 1, .maximum = 9}, "9", NULL, 9},
    {{.type = PLEXCTL_INT, .minimum = 1, .maximum = 9}, "0", "\"0\" is out of range; give 1 to 9", 0},
    {{.type = PLEXCTL_INT, .minimum = 1, .maximum = 9}, "10", "\"10\" is out of range; give 1 to 9", 0},
    {{.type = PLEXCTL_INT, .minimum = -9, .maximum = 0}, "-10", "give -9 to 0", 0},
    {{.type = PLEXCTL_DURATION}, "90", NULL, 90},
    {{.type = PLEXCTL_DURATION}, "30m", NULL, 1800},
    {{.type = PLEXCTL_DURATION}, "7d", NULL, 604800},
    {{.type = PLEXCTL_DURATION}, "-5s", "is no duration; give a number with s, m, h or d", 0},
    {{.type = PLEXCTL_DURATION}, "5w", "is no duration", 0},
    {{.type = PLEXCTL_DURATION, .minimum = 60, .maximum = 3600}, "59", "give 60 to 3600 seconds", 0},
    {{.type = PLEXCTL_DURATION, .minimum = 60, .maximum = 3600}, "1h", NULL, 3600},
    {{.type = PLEXCTL_BOOL}, "true", NULL, 1},
    {{.type = PLEXCTL_BOOL}, "false", NULL, 0},
    {{.type = PLEXCTL_BOOL}, "", "is neither true nor false", 0},
    {{.type = PLEXCTL_BOOL}, "yes", "is neither true nor false", 0},
    {{.type = PLEXCTL_BOOL}, "TRUE", "is neither true nor false", 0},
    {{.type = PLEXCTL_ENUM, .choices = "one|two|three"}, "one", NULL, 0},
    {{.type = PLEXCTL_ENUM, .choices = "one|two|three"}, "three", NULL, 0},
    {{.type = PLEXCTL_ENUM, .choices = "one|two|three"},
     "on",
     "\"on\" is unknown; did you mean one? give one of one, two, three",
     0},
    {{.type = PLEXCTL_ENUM, .choices = "one|two|three"}, "Two", "\"Two\" is unknown; did you mean two? give", 0},
    {{.type = PLEXCTL_ENUM, .choices = "one|two|three"}, "four", "\"four\" is unknown; give one of one, two, three", 0},
    {{.type = PLEXCTL_ENUM, .choices = "one|two|three"}, "one|two", "is unknown", 0},
    {{.type = PLEXCTL_ENUM, .choices = "one|two|three"}, "", "is unknown", 0},
    {{.type = PLEXCTL_UUID}, UUID, NULL, 0},
    {{.type = PLEXCTL_UUID}, UUID "0", "is no UUID; give 8-4-4-4-12", 0},
    {{.type = PLEXCTL_UUID}, "", "is no UUID", 0},
    {{.type = PLEXCTL_PROFILE}, "a.b-c_D9", NULL, 0},
    {{.type = PLEXCTL_PROFILE}, ".a", "is no profile name", 0},
    {{.type = PLEXCTL_PROFILE}, "--yes", "is no profile name", 0},
};

START_TEST(option_value_give_judges_by_type)
{
    struct plexctl_flag flag = rows[_i].flag;
    struct option_value value = {.text = "before"};
    struct error err = ERROR_INIT;

    flag.name = "flag";
    const struct option_text given = {&flag, "--flag", rows[_i].text};
    plexctl_status status = option_value_give(&value, &given, &err);
    ck_assert_int_eq(option_value_check(&given, &err), status);
    if (rows[_i].reason) {
        ck_assert_int_eq(status, PLEXCTL_USAGE);
        ck_assert_msg(strncmp(err.text, "--flag: ", 8) == 0, "%s", err.text);
        ck_assert_msg(strstr(err.text, rows[_i].reason) != NULL, "\"%s\" is not in \"%s\"", rows[_i].reason, err.text);
        ck_assert_msg(strstr(err.text, "hunter2") == NULL, "%s", err.text);
        ck_assert_str_eq(value.text, "before");
        return;
    }
    ck_assert_msg(status == PLEXCTL_OK, "%s", err.text);
    ck_assert_str_eq(value.name, "flag");
    ck_assert_ptr_eq(value.text, rows[_i].text);
    ck_assert_int_eq(value.number, rows[_i].number);
    ck_assert_int_eq(value.type, flag.type);
    ck_assert(value.given);
}
END_TEST

START_TEST(option_value_give_cuts_long_value_in_message)
{
    char text[100000];
    const struct plexctl_flag flag = {.name = "flag", .type = PLEXCTL_UUID};
    const struct option_text given = {&flag, "--flag", text};
    struct option_value value = {0};
    struct error err = ERROR_INIT;

    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    ck_assert_int_eq(option_value_give(&value, &given, &err), PLEXCTL_USAGE);
    ck_assert_uint_lt(strlen(err.text), 200);
    ck_assert_ptr_nonnull(strstr(err.text, "...\" is no UUID"));
}
END_TEST

START_TEST(option_value_give_of_unknown_type_is_a_fault_of_ours)
{
    const struct plexctl_flag flag = {.name = "flag", .type = 99};
    const struct option_text given = {&flag, "--flag", "x"};
    struct option_value value = {0};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(option_value_give(&value, &given, &err), PLEXCTL_INVALID);
}
END_TEST

START_TEST(option_value_default_is_not_given)
{
    const struct plexctl_flag flags[] = {{.name = "a", .type = PLEXCTL_DURATION, .default_value = "2m"},
                                         {.name = "b", .type = PLEXCTL_BOOL, .default_value = "true"},
                                         {.name = "c", .type = PLEXCTL_INT}};
    const int64_t numbers[] = {120, 1, 0};

    for (size_t i = 0; i < 3; i++) {
        struct option_value value = option_value_default(&flags[i]);
        ck_assert_str_eq(value.name, flags[i].name);
        ck_assert_ptr_eq(value.text, flags[i].default_value);
        ck_assert_int_eq(value.number, numbers[i]);
        ck_assert(!value.given);
    }
}
END_TEST

START_TEST(option_value_placeholder_follows_flag)
{
    const struct {
        struct plexctl_flag flag;
        const char *expected;
    } cases[] = {
        {{.type = PLEXCTL_UUID}, "UUID"},
        {{.type = PLEXCTL_PROFILE}, "PROFILE"},
        {{.type = PLEXCTL_STRING, .value_name = "WORD"}, "WORD"},
        {{.type = PLEXCTL_ENUM, .choices = "a|b"}, "a|b"},
        {{.type = 99}, "VALUE"},
        {{.type = -1}, "VALUE"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_str_eq(option_value_placeholder(&cases[i].flag), cases[i].expected);
}
END_TEST

static Suite *option_value_suite(void)
{
    Suite *suite = suite_create("option_value");
    TCase *cases = tcase_create("option_value");

    tcase_add_loop_test(cases, option_value_give_judges_by_type, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(cases, option_value_give_cuts_long_value_in_message);
    tcase_add_test(cases, option_value_give_of_unknown_type_is_a_fault_of_ours);
    tcase_add_test(cases, option_value_default_is_not_given);
    tcase_add_test(cases, option_value_placeholder_follows_flag);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return unit_run(option_value_suite());
}
