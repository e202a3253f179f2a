/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

#include <stdio.h>
#include <string.h>

#include "options.h"
#include "unit.h"

static plexctl_status do_nothing(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static plexctl_status complete_nothing(const struct plexctl_host *host, const char *typed)
{
    (void)host, (void)typed;
    return PLEXCTL_OK;
}

/* A whole plugin that each case spoils in one place. */
struct fixture {
    struct plexctl_flag flags[3];
    struct plexctl_argument arguments[2];
    struct plexctl_column columns[1];
    struct plexctl_command command, first, second;
    const struct plexctl_command *below[3];
    struct plexctl_plugin plugin;
    struct plexctl_note note;
};

static struct fixture fixture;

static void build(void)
{
    struct plexctl_command command = {.size = sizeof command, .name = "good", .summary = "Be good", .run = do_nothing};

    memset(&fixture, 0, sizeof fixture);
    fixture.flags[0] = (struct plexctl_flag){.name = "colour",
                                             .help = "h",
                                             .type = PLEXCTL_ENUM,
                                             .choices = "red|green",
                                             .default_value = "red",
                                             .letter = 'c'};
    fixture.flags[1] = (struct plexctl_flag){
        .name = "count", .help = "h", .type = PLEXCTL_INT, .minimum = 1, .maximum = 9, .letter = 'n'};
    fixture.flags[2] =
        (struct plexctl_flag){.name = "id", .help = "h", .type = PLEXCTL_UUID, .attributes = PLEXCTL_REQUIRED};
    fixture.arguments[0] =
        (struct plexctl_argument){.name = "NAME", .help = "h", .type = PLEXCTL_STRING, .attributes = PLEXCTL_REQUIRED};
    fixture.arguments[1] = (struct plexctl_argument){.name = "COUNT", .help = "h", .type = PLEXCTL_INT};
    fixture.columns[0] = (struct plexctl_column){"key", "TITLE"};
    command.flags = (struct plexctl_flags)PLEXCTL_ROWS(fixture.flags);
    command.arguments = (struct plexctl_arguments)PLEXCTL_ROWS(fixture.arguments);
    command.columns = (struct plexctl_columns)PLEXCTL_ROWS(fixture.columns);
    fixture.command = command;
    fixture.first =
        (struct plexctl_command){.size = sizeof command, .name = "first", .summary = "s", .run = do_nothing};
    fixture.second =
        (struct plexctl_command){.size = sizeof command, .name = "second", .summary = "s", .run = do_nothing};
    fixture.below[0] = &fixture.first;
    fixture.below[1] = &fixture.second;
    fixture.plugin = (struct plexctl_plugin){sizeof fixture.plugin, 0, &fixture.command};
    fixture.note = (struct plexctl_note){.abi_major = 1, .abi_minor = 0, .command = "good"};
}

static void add_subcommands(void)
{
    fixture.command.arguments.count = 0;
    fixture.command.subcommands = fixture.below;
    fixture.command.run = NULL;
}

#define SPOIL(name, statement) \
    static void name(void) \
    { \
        statement; \
    }
SPOIL(plugin_small, fixture.plugin.size = sizeof fixture.plugin - 1)
SPOIL(minor_differs, fixture.plugin.abi_minor = 1)
SPOIL(no_command, fixture.plugin.command = NULL)
SPOIL(note_differs, strcpy(fixture.note.command, "other"))
SPOIL(command_small, fixture.command.size = sizeof fixture.command - 1)
SPOIL(no_name, fixture.command.name = NULL)
SPOIL(bad_name, fixture.command.name = "Good")
SPOIL(no_summary, fixture.command.summary = NULL)
SPOIL(odd_need, fixture.command.needs = 16)
SPOIL(odd_inert, fixture.command.inert = 64)
SPOIL(command_reserved, fixture.command.reserved = 1)
SPOIL(no_run, fixture.command.run = NULL)
SPOIL(no_run_and_empty_list,
      (fixture.command.run = NULL, fixture.below[0] = NULL, fixture.command.subcommands = fixture.below))
SPOIL(flags_nowhere, fixture.command.flags.rows = NULL)
SPOIL(flags_many, fixture.command.flags.count = 257)
SPOIL(flag_row_small, fixture.command.flags.row_size = RECORD_FLAG_LEAST_BYTES - 8)
SPOIL(flag_row_odd, fixture.command.flags.row_size = RECORD_FLAG_LEAST_BYTES + 4)
SPOIL(argument_row_small, fixture.command.arguments.row_size = RECORD_ARGUMENT_LEAST_BYTES - 8)
SPOIL(argument_row_odd, fixture.command.arguments.row_size = RECORD_ARGUMENT_LEAST_BYTES + 4)
SPOIL(column_row_small, fixture.command.columns.row_size = 8)
SPOIL(columns_nowhere, fixture.command.columns.rows = NULL)
SPOIL(column_key, fixture.columns[0].key = NULL)
SPOIL(column_title, fixture.columns[0].title = NULL)
SPOIL(flag_no_name, fixture.flags[1].name = NULL)
SPOIL(flag_empty_name, fixture.flags[1].name = "")
SPOIL(flag_capital, fixture.flags[1].name = "Count")
SPOIL(flag_dash, fixture.flags[1].name = "-count")
SPOIL(flag_equals, fixture.flags[1].name = "a=b")
SPOIL(flag_escape, fixture.flags[1].name = "a\x1b")
SPOIL(flag_no_help, fixture.flags[1].help = NULL)
SPOIL(flag_attributes, fixture.flags[1].attributes = 4)
SPOIL(flag_reserved, fixture.flags[1].reserved = 1)
SPOIL(flag_letter, fixture.flags[1].letter = '-')
SPOIL(flag_letter_wide, fixture.flags[1].letter = 'a' + 256)
SPOIL(flag_type_below, fixture.flags[1].type = -1)
SPOIL(flag_type_above, fixture.flags[1].type = 10)
SPOIL(flag_no_choices, fixture.flags[0].choices = NULL)
SPOIL(flag_empty_choices, fixture.flags[0].choices = "")
SPOIL(flag_empty_choice, fixture.flags[0].choices = "red||green")
SPOIL(flag_last_choice, fixture.flags[0].choices = "red|")
SPOIL(flag_odd_choices, fixture.flags[1].choices = "1|2")
SPOIL(flag_odd_bounds, fixture.flags[2].maximum = 5)
SPOIL(flag_crossed_bounds, fixture.flags[1].minimum = 10)
SPOIL(complete_enum, fixture.flags[0].complete = complete_nothing)
SPOIL(complete_bool, (fixture.flags[2].type = PLEXCTL_BOOL, fixture.flags[2].complete = complete_nothing))
SPOIL(complete_secret, (fixture.flags[2].type = PLEXCTL_SECRET, fixture.flags[2].complete = complete_nothing))
SPOIL(default_not_a_choice, fixture.flags[0].default_value = "blue")
SPOIL(default_out_of_bounds, fixture.flags[1].default_value = "10")
SPOIL(default_of_another_type, fixture.flags[2].default_value = "x")
SPOIL(flag_twice, fixture.flags[2].name = "count")
SPOIL(letter_twice, fixture.flags[2].letter = 'c')
SPOIL(flag_persistent, fixture.flags[2].name = "server")
SPOIL(flag_help, fixture.flags[2].name = "help")
SPOIL(letter_persistent, fixture.flags[2].letter = 'o')
SPOIL(argument_no_name, fixture.arguments[0].name = NULL)
SPOIL(argument_blank, fixture.arguments[0].name = "A B")
SPOIL(argument_dash, fixture.arguments[0].name = "--a")
SPOIL(argument_no_help, fixture.arguments[0].help = NULL)
SPOIL(argument_attributes, fixture.arguments[0].attributes = 4)
SPOIL(argument_type, fixture.arguments[0].type = 99)
SPOIL(argument_bool, fixture.arguments[0].type = PLEXCTL_BOOL)
SPOIL(argument_enum, fixture.arguments[0].type = PLEXCTL_ENUM)
SPOIL(argument_secret, fixture.arguments[0].type = PLEXCTL_SECRET)
SPOIL(argument_twice, fixture.arguments[1].name = "NAME")
SPOIL(argument_as_flag, fixture.arguments[1].name = "count")
SPOIL(argument_order, (fixture.arguments[0].attributes = 0, fixture.arguments[1].attributes = PLEXCTL_REQUIRED))
SPOIL(both, fixture.command.subcommands = fixture.below)
SPOIL(sub_small, (add_subcommands(), fixture.second.size = 8))
SPOIL(sub_no_run, (add_subcommands(), fixture.second.run = NULL))
SPOIL(sub_nested, (add_subcommands(), fixture.second.subcommands = fixture.below))
SPOIL(sub_twice, (add_subcommands(), fixture.second.name = "first"))
SPOIL(sub_flag, (add_subcommands(), fixture.flags[1].letter = 'h', fixture.first.flags = fixture.command.flags,
                 fixture.command.flags.count = 0))

static const struct {
    void (*spoil)(void);
    const char *reason;
} violations[] = {
    {plugin_small, "the plugin record has 15 bytes; wanted is at least 16"},
    {minor_differs, "abi_minor is 1 in the record and 0 in the note"},
    {no_command, "command is NULL"},
    {note_differs, "the command is \"good\" in the record and \"other\" in the note"},
    {command_small, "the command record has"},
    {no_name, "name is no command word"},
    {bad_name, "name is no command word"},
    {no_summary, "summary is NULL"},
    {odd_need, "needs 0x10 is unknown"},
    {odd_inert, "inert 0x40 is unknown"},
    {command_reserved, "reserved is not 0"},
    {no_run, "neither run nor subcommands"},
    {no_run_and_empty_list, "neither run nor subcommands"},
    {flags_nowhere, "flags: 3 rows at NULL"},
    {flags_many, "flags: 257 rows; wanted is at most 256"},
    {flag_row_small, "flags: row_size is 64; wanted is at least"},
    {flag_row_odd, "flags: row_size is 76; wanted is a multiple of 8"},
    {argument_row_small, "arguments: row_size is 16; wanted is at least"},
    {argument_row_odd, "arguments: row_size is 28; wanted is a multiple of 8"},
    {column_row_small, "columns: row_size is 8"},
    {columns_nowhere, "columns: 1 rows at NULL"},
    {column_key, "column 0: key or title is NULL"},
    {column_title, "column 0: key or title is NULL"},
    {flag_no_name, "flag 1: name is not [a-z]"},
    {flag_empty_name, "flag 1: name is not [a-z]"},
    {flag_capital, "flag 1: name is not [a-z]"},
    {flag_dash, "flag 1: name is not [a-z]"},
    {flag_equals, "flag 1: name is not [a-z]"},
    {flag_escape, "flag 1: name is not [a-z]"},
    {flag_no_help, "flag --count: help is NULL"},
    {flag_attributes, "flag --count: attributes 0x4 are unknown"},
    {flag_reserved, "flag --count: reserved is not 0"},
    {flag_letter, "flag --count: letter is none of"},
    {flag_letter_wide, "flag --count: letter is none of"},
    {flag_type_below, "flag --count: type -1 is unknown"},
    {flag_type_above, "flag --count: type 10 is unknown"},
    {flag_no_choices, "flag --colour: an ENUM needs choices"},
    {flag_empty_choices, "flag --colour: an ENUM needs choices"},
    {flag_empty_choice, "flag --colour: an ENUM needs choices"},
    {flag_last_choice, "flag --colour: an ENUM needs choices"},
    {flag_odd_choices, "flag --count: only an ENUM has choices"},
    {flag_odd_bounds, "flag --id: only an INT and a DURATION have bounds"},
    {flag_crossed_bounds, "flag --count: its minimum is above its maximum"},
    {complete_enum, "flag --colour: a BOOL, an ENUM and a SECRET have no complete"},
    {complete_bool, "flag --id: a BOOL, an ENUM and a SECRET have no complete"},
    {complete_secret, "flag --id: a BOOL, an ENUM and a SECRET have no complete"},
    {default_not_a_choice, "flag --colour: default_value: \"blue\""},
    {default_out_of_bounds, "flag --count: default_value: \"10\""},
    {default_of_another_type, "flag --id: default_value: \"x\""},
    {flag_twice, "flag --count: the name is taken by another flag"},
    {letter_twice, "flag --id: the letter -c is taken by another flag of the command, --colour"},
    {flag_persistent, "flag --server: the name is taken by a persistent flag"},
    {flag_help, "flag --help: the name is taken by a persistent flag"},
    {letter_persistent, "flag --id: the letter -o is taken by a persistent flag of plexctl, --output"},
    {argument_no_name, "argument 0: name is not [A-Za-z]"},
    {argument_blank, "argument 0: name is not [A-Za-z]"},
    {argument_dash, "argument 0: name is not [A-Za-z]"},
    {argument_no_help, "argument NAME: help is NULL"},
    {argument_attributes, "argument NAME: attributes 0x4 are unknown"},
    {argument_type, "argument NAME: type 99 is unknown"},
    {argument_bool, "argument NAME: an argument is never a BOOL"},
    {argument_enum, "argument NAME: an argument is never a BOOL"},
    {argument_secret, "argument NAME: an argument is never a BOOL"},
    {argument_twice, "argument NAME: the name is taken by another argument"},
    {argument_as_flag, "argument count: the name is taken by a flag"},
    {argument_order, "argument COUNT: a required argument stands behind an optional one"},
    {both, "arguments beside subcommands can never be given"},
    {sub_small, "subcommand 1: the command record has 8 bytes"},
    {sub_no_run, "subcommand 1: neither run nor subcommands"},
    {sub_nested, "subcommand second: a subcommand has no subcommands of its own"},
    {sub_twice, "subcommand first: the name is taken by another subcommand"},
    {sub_flag, "subcommand 0: flag --count: the letter -h is taken by a persistent flag"},
};

static void assert_good(void)
{
    struct error err = ERROR_INIT;

    ck_assert_msg(record_check(&fixture.plugin, &fixture.note, &err) == PLEXCTL_OK, "%s", err.text);
    ck_assert_str_eq(err.text, "");
}

START_TEST(record_check_of_good_record_passes)
{
    build();
    assert_good();
    fixture.command.needs = PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN | PLEXCTL_NEEDS_CREDENTIALS;
    fixture.command.inert = 63;
    fixture.flags[1].complete = fixture.arguments[0].complete = complete_nothing;
    assert_good();
    fixture.flags[2].name = "version";
    fixture.flags[2].attributes = PLEXCTL_WAIVES_REQUIRED;
    assert_good();
    fixture.command.run = NULL;
    add_subcommands();
    assert_good();
    fixture.command.run = do_nothing;
    assert_good();
}
END_TEST

START_TEST(record_check_of_empty_tables_passes)
{
    build();
    memset(&fixture.command.flags, 0, sizeof fixture.command.flags);
    memset(&fixture.command.arguments, 0, sizeof fixture.command.arguments);
    memset(&fixture.command.columns, 0, sizeof fixture.command.columns);
    assert_good();
}
END_TEST

START_TEST(record_check_of_grown_rows_passes)
{
    struct {
        struct plexctl_flag flag;
        char more[24];
    } grown[2];

    build();
    memset(grown, 0xff, sizeof grown);
    grown[0].flag = fixture.flags[0];
    grown[1].flag = fixture.flags[1];
    fixture.command.flags = (struct plexctl_flags){&grown[0].flag, 2, sizeof grown[0]};
    fixture.command.size += 64;
    assert_good();
    grown[1].flag.name = "colour";
    struct error err = ERROR_INIT;
    ck_assert_int_eq(record_check(&fixture.plugin, &fixture.note, &err), PLEXCTL_FAILED);
}
END_TEST

/* Rows of before there was `complete`; what lies behind them is another's. */
START_TEST(record_check_of_rows_without_complete_passes)
{
    union {
        struct plexctl_flag flag;
        char bytes[sizeof(struct plexctl_flag)];
    } small;

    build();
    memset(&small, 0xff, sizeof small);
    memcpy(small.bytes, &fixture.flags[0], RECORD_FLAG_LEAST_BYTES);
    fixture.command.flags = (struct plexctl_flags){&small.flag, 1, RECORD_FLAG_LEAST_BYTES};
    assert_good();
    ck_assert(options_flag_at(&fixture.command.flags, 0).complete == NULL);
    fixture.command.arguments.count = 1;
    fixture.command.arguments.row_size = RECORD_ARGUMENT_LEAST_BYTES;
    fixture.arguments[0].complete = complete_nothing;
    assert_good();
    ck_assert(options_argument_at(&fixture.command.arguments, 0).complete == NULL);
}
END_TEST

START_TEST(record_check_of_violation_names_it)
{
    struct error err = ERROR_INIT;

    build();
    violations[_i].spoil();
    ck_assert_int_eq(record_check(&fixture.plugin, &fixture.note, &err), PLEXCTL_FAILED);
    ck_assert_msg(strncmp(err.text, violations[_i].reason, strlen(violations[_i].reason)) == 0,
                  "\"%s\" does not begin \"%s\"", err.text, violations[_i].reason);
}
END_TEST

START_TEST(record_check_of_null_is_refused)
{
    struct error err = ERROR_INIT;

    build();
    ck_assert_int_eq(record_check(NULL, &fixture.note, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "plexctl_plugin_v1 returned NULL");
}
END_TEST

START_TEST(record_check_of_endless_subcommands_is_refused)
{
    static struct plexctl_command commands[RECORD_MAX_ROWS + 1];
    static char names[RECORD_MAX_ROWS + 1][8];
    static const struct plexctl_command *below[RECORD_MAX_ROWS + 2];
    struct error err = ERROR_INIT;

    build();
    for (size_t i = 0; i <= RECORD_MAX_ROWS; i++) {
        (void)snprintf(names[i], sizeof names[i], "s%zu", i);
        commands[i] = fixture.first;
        commands[i].name = names[i];
        below[i] = &commands[i];
    }
    add_subcommands();
    fixture.command.subcommands = below;
    ck_assert_int_eq(record_check(&fixture.plugin, &fixture.note, &err), PLEXCTL_FAILED);
    ck_assert_str_eq(err.text, "more than 256 subcommands");
    below[RECORD_MAX_ROWS] = NULL;
    assert_good();
}
END_TEST

static Suite *record_suite(void)
{
    Suite *suite = suite_create("record");
    TCase *cases = tcase_create("record");

    tcase_add_test(cases, record_check_of_good_record_passes);
    tcase_add_test(cases, record_check_of_rows_without_complete_passes);
    tcase_add_test(cases, record_check_of_empty_tables_passes);
    tcase_add_test(cases, record_check_of_grown_rows_passes);
    tcase_add_loop_test(cases, record_check_of_violation_names_it, 0, (int)(sizeof violations / sizeof violations[0]));
    tcase_add_test(cases, record_check_of_null_is_refused);
    tcase_add_test(cases, record_check_of_endless_subcommands_is_refused);
    suite_add_tcase(suite, cases);
    return suite;
}

int main(void)
{
    return unit_run(record_suite());
}
