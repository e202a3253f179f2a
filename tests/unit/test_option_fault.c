/* SPDX-License-Identifier: Apache-2.0 */
#include "option_fault.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

static const struct plexctl_flag flag_rows[] = {
    {.name = "domain-id", .help = "h", .type = PLEXCTL_UUID},
    {.name = "domain-name", .help = "h", .type = PLEXCTL_STRING},
    {.name = "odd", .value_name = "A\x1b[0mB", .help = "h", .type = PLEXCTL_STRING},
};
static const struct plexctl_flags flags = PLEXCTL_ROWS(flag_rows);
static const struct plexctl_flags no_flags = {NULL, 0, 0};
static const struct plexctl_command command = {.size = sizeof command, .name = "login", .summary = "s"};
static const struct option_fault_place before = {.others = &no_flags};
static const struct option_fault_place behind = {.others = &flags, .command = &command};

static const struct {
    const struct option_fault_place *place;
    const char *word, *expected;
} unknown_flags[] = {
    {&behind, "--domain-i", "unknown flag --domain-i; did you mean --domain-id? flags are matched whole"},
    {&behind, "--domain-n=v", "unknown flag --domain-n; did you mean --domain-name? flags are matched whole"},
    {&behind, "--profil", "unknown flag --profil; did you mean --profile? flags are matched whole"},
    {&behind, "--domain-id-of-something-else",
     "unknown flag --domain-id-of-something-else; see `plexctl login --help`"},
    {&before, "--profil",
     "unknown flag --profil; did you mean --profile? flags are matched whole; a command's own flags stand after the "
     "command word"},
    {&before, "--domain-id", "unknown flag --domain-id; a command's own flags stand after the command word"},
};

START_TEST(option_fault_unknown_flag_suggests)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(option_fault_unknown_flag(unknown_flags[_i].place, unknown_flags[_i].word, &err), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, unknown_flags[_i].expected);
}
END_TEST

START_TEST(option_fault_unknown_flag_of_any_length_is_short)
{
    static char word[200000];
    struct error err = ERROR_INIT;

    memset(word, 'a', sizeof word - 1);
    memcpy(word, "--", 2);
    ck_assert_int_eq(option_fault_unknown_flag(&behind, word, &err), PLEXCTL_USAGE);
    ck_assert_uint_lt(strlen(err.text), 200);
    ck_assert_int_eq(option_fault_unknown_letter(&behind, word, word + 5, &err), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "unknown flag -a; see `plexctl login --help`");
}
END_TEST

START_TEST(option_fault_no_value_escapes_placeholder)
{
    struct error err = ERROR_INIT;

    ck_assert_int_eq(option_fault_no_value(&flag_rows[2], &err), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "--odd needs a value: --odd A\\x1b[0mB");
}
END_TEST

static const char *stray(int32_t type, struct error *err)
{
    const struct plexctl_flag row = {.name = "f", .help = "h", .type = type};
    const struct plexctl_flags table = {&row, 1, sizeof row};
    const struct option_fault_place place = {.others = &table, .command = &command};

    ck_assert_int_eq(option_fault_stray_argument(&place, "word", err), PLEXCTL_USAGE);
    return err->text;
}

START_TEST(option_fault_stray_argument_beside_secret_is_not_shown)
{
    struct error err = ERROR_INIT;

    ck_assert_str_eq(stray(PLEXCTL_STRING, &err), "unexpected argument \"word\"; `plexctl login` takes none");
    ck_assert_str_eq(stray(PLEXCTL_SECRET, &err), "unexpected argument; `plexctl login` takes none");
}
END_TEST

START_TEST(option_fault_unknown_subcommand_beside_secret_is_not_shown)
{
    static const struct plexctl_command list = {.size = sizeof list, .name = "list", .summary = "s"};
    static const struct plexctl_command *const below[] = {&list, NULL};
    static const struct plexctl_command tree = {
        .size = sizeof tree, .name = "tree", .summary = "s", .subcommands = below};
    const struct plexctl_flag row = {.name = "f", .help = "h", .type = PLEXCTL_SECRET};
    const struct plexctl_flags table = {&row, 1, sizeof row};
    const struct option_fault_place place = {.others = &table, .command = &tree};
    struct error err = ERROR_INIT;

    ck_assert_int_eq(option_fault_unknown_subcommand(&place, "hunter2", &err), PLEXCTL_USAGE);
    ck_assert_str_eq(err.text, "unknown subcommand of `plexctl tree`; it has list");
}
END_TEST

static Suite *option_fault_suite(void)
{
    Suite *suite = suite_create("option_fault");
    TCase *cases = tcase_create("option_fault");

    tcase_add_loop_test(cases, option_fault_unknown_flag_suggests, 0,
                        (int)(sizeof unknown_flags / sizeof unknown_flags[0]));
    tcase_add_test(cases, option_fault_unknown_flag_of_any_length_is_short);
    tcase_add_test(cases, option_fault_no_value_escapes_placeholder);
    tcase_add_test(cases, option_fault_stray_argument_beside_secret_is_not_shown);
    tcase_add_test(cases, option_fault_unknown_subcommand_beside_secret_is_not_shown);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return unit_run(option_fault_suite());
}
