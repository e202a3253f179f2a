/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "option_value.h"
#include "options.h"
#include "refusal.h"

#define KNOWN_NEEDS (PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN | PLEXCTL_NEEDS_CREDENTIALS | PLEXCTL_NEEDS_LATER)
#define KNOWN_INERT \
    (PLEXCTL_INERT_SERVER | PLEXCTL_INERT_PROFILE | PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_OUTPUT | \
     PLEXCTL_INERT_YES | PLEXCTL_INERT_REVEAL_SECRETS)
#define NAME_MAX_BYTES 64
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static plexctl_status broken(struct error *err, const char *rule)
{
    return error_set(err, PLEXCTL_FAILED, "%s", rule);
}

static bool is_name(const char *name, const char *first, const char *rest)
{
    size_t length = strspn(name, rest);
    return name[0] && strchr(first, name[0]) && name[length] == '\0' && length <= NAME_MAX_BYTES;
}

static bool is_known_type(int32_t type)
{
    return type >= PLEXCTL_STRING && type <= PLEXCTL_PROFILE;
}

/* Flags */

static plexctl_status check_default(const struct plexctl_flag *flag, struct error *err)
{
    if (!flag->default_value)
        return PLEXCTL_OK;
    const struct option_text given = {flag, "default_value", flag->default_value};
    plexctl_status status = option_value_check(&given, err);
    return status == PLEXCTL_USAGE ? err->status = PLEXCTL_FAILED : status;
}

static bool has_empty_choice(const char *choices)
{
    size_t length = strlen(choices);
    return length == 0 || choices[0] == '|' || choices[length - 1] == '|' || strstr(choices, "||");
}

static bool is_completable(int32_t type)
{
    return type != PLEXCTL_BOOL && type != PLEXCTL_ENUM && type != PLEXCTL_SECRET;
}

static plexctl_status check_flag_type(const struct plexctl_flag *flag, struct error *err)
{
    bool is_bounded = flag->minimum != 0 || flag->maximum != 0;

    if (!is_known_type(flag->type))
        return error_set(err, PLEXCTL_FAILED, "type %d is unknown", (int)flag->type);
    if (flag->type == PLEXCTL_ENUM && (!flag->choices || has_empty_choice(flag->choices)))
        return broken(err, "an ENUM needs choices, none of them empty");
    if (flag->type != PLEXCTL_ENUM && flag->choices)
        return broken(err, "only an ENUM has choices");
    if (is_bounded && flag->type != PLEXCTL_INT && flag->type != PLEXCTL_DURATION)
        return broken(err, "only an INT and a DURATION have bounds");
    if (flag->minimum > flag->maximum)
        return broken(err, "its minimum is above its maximum");
    if (flag->complete && !is_completable(flag->type))
        return broken(err, "a BOOL, an ENUM and a SECRET have no complete");
    return check_default(flag, err);
}

static plexctl_status check_flag_shape(const struct plexctl_flag *flag, struct error *err)
{
    if (!flag->help)
        return broken(err, "help is NULL");
    if (flag->attributes & ~(PLEXCTL_REQUIRED | PLEXCTL_WAIVES_REQUIRED))
        return error_set(err, PLEXCTL_FAILED, "attributes 0x%x are unknown", (unsigned)flag->attributes);
    if (flag->reserved)
        return broken(err, "reserved is not 0");
    if (flag->letter && (flag->letter > 'z' || !strchr(LOWER UPPER DIGITS, (int)flag->letter)))
        return broken(err, "letter is none of a-z, A-Z, 0-9");
    return check_flag_type(flag, err);
}

static plexctl_status check_clash(const struct plexctl_flag *flag, const struct plexctl_flags *others, uint32_t count,
                                  const char *whose, struct error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        struct plexctl_flag other = options_flag_at(others, i);
        if (strcmp(flag->name, other.name) == 0)
            return error_set(err, PLEXCTL_FAILED, "the name is taken by %s", whose);
        if (flag->letter && flag->letter == other.letter)
            return error_set(err, PLEXCTL_FAILED, "the letter -%c is taken by %s, --%s", (char)flag->letter, whose,
                             other.name);
    }
    return PLEXCTL_OK;
}

static plexctl_status check_flag(const struct plexctl_flags *flags, uint32_t index, struct error *err)
{
    struct plexctl_flag flag = options_flag_at(flags, index);

    if (!flag.name || !is_name(flag.name, LOWER, LOWER DIGITS "-")) {
        (void)broken(err, "name is not [a-z][a-z0-9-]{0,63}");
        return error_prefix(err, "flag %u", (unsigned)index);
    }
    plexctl_status status = check_flag_shape(&flag, err);
    if (status == PLEXCTL_OK)
        status = check_clash(&flag, &options_persistent, OPTIONS_RESERVED_COUNT, "a persistent flag of plexctl", err);
    if (status == PLEXCTL_OK)
        status = check_clash(&flag, flags, index, "another flag of the command", err);
    return status == PLEXCTL_OK ? status : error_prefix(err, "flag --%s", flag.name);
}

/* Arguments */

static plexctl_status check_argument_shape(const struct plexctl_argument *argument, struct error *err)
{
    if (!argument->help)
        return broken(err, "help is NULL");
    if (argument->attributes & ~PLEXCTL_REQUIRED)
        return error_set(err, PLEXCTL_FAILED, "attributes 0x%x are unknown", (unsigned)argument->attributes);
    if (!is_known_type(argument->type))
        return error_set(err, PLEXCTL_FAILED, "type %d is unknown", (int)argument->type);
    if (argument->type == PLEXCTL_BOOL || argument->type == PLEXCTL_ENUM || argument->type == PLEXCTL_SECRET)
        return broken(err, "an argument is never a BOOL, an ENUM or a SECRET");
    return PLEXCTL_OK;
}

static plexctl_status check_argument_place(const struct plexctl_command *command, uint32_t index, struct error *err)
{
    struct plexctl_argument argument = options_argument_at(&command->arguments, index);

    for (uint32_t i = 0; i < command->flags.count; i++) {
        if (strcmp(argument.name, options_flag_at(&command->flags, i).name) == 0)
            return broken(err, "the name is taken by a flag of the command");
    }
    for (uint32_t i = 0; i < index; i++) {
        if (strcmp(argument.name, options_argument_at(&command->arguments, i).name) == 0)
            return broken(err, "the name is taken by another argument");
    }
    if (index > 0 && (argument.attributes & PLEXCTL_REQUIRED) &&
        !(options_argument_at(&command->arguments, index - 1).attributes & PLEXCTL_REQUIRED))
        return broken(err, "a required argument stands behind an optional one");
    return PLEXCTL_OK;
}

static plexctl_status check_argument(const struct plexctl_command *command, uint32_t index, struct error *err)
{
    struct plexctl_argument argument = options_argument_at(&command->arguments, index);

    if (!argument.name || !is_name(argument.name, LOWER UPPER, LOWER UPPER DIGITS "_-")) {
        (void)broken(err, "name is not [A-Za-z][A-Za-z0-9_-]{0,63}");
        return error_prefix(err, "argument %u", (unsigned)index);
    }
    plexctl_status status = check_argument_shape(&argument, err);
    if (status == PLEXCTL_OK)
        status = check_argument_place(command, index, err);
    return status == PLEXCTL_OK ? status : error_prefix(err, "argument %s", argument.name);
}

/* Tables */

struct table {
    const char *what;
    const void *rows;
    uint32_t count, row_size;
    size_t least_bytes;
};

static plexctl_status check_table(const struct table *table, struct error *err)
{
    if (table->count == 0)
        return PLEXCTL_OK;
    if (!table->rows)
        return error_set(err, PLEXCTL_FAILED, "%s: %u rows at NULL", table->what, (unsigned)table->count);
    if (table->count > RECORD_MAX_ROWS) {
        (void)error_set(err, PLEXCTL_FAILED, "%s: %u rows", table->what, (unsigned)table->count);
        return refusal_want(err, REFUSAL_RECORD, "at most %d", RECORD_MAX_ROWS);
    }
    if (table->row_size < table->least_bytes) {
        (void)error_set(err, PLEXCTL_FAILED, "%s: row_size is %u", table->what, (unsigned)table->row_size);
        return refusal_want(err, REFUSAL_RECORD, "at least %zu", table->least_bytes);
    }
    if (table->row_size % sizeof(void *) != 0) { /* it would cut a pointer */
        (void)error_set(err, PLEXCTL_FAILED, "%s: row_size is %u", table->what, (unsigned)table->row_size);
        return refusal_want(err, REFUSAL_RECORD, "a multiple of %zu", sizeof(void *));
    }
    return PLEXCTL_OK;
}

static plexctl_status check_columns(const struct plexctl_columns *columns, struct error *err)
{
    for (uint32_t i = 0; i < columns->count; i++) {
        struct plexctl_column column = {0};
        size_t size = columns->row_size < sizeof column ? columns->row_size : sizeof column;
        memcpy(&column, (const char *)columns->rows + (size_t)i * columns->row_size, size);
        if (!column.key || !column.title)
            return error_set(err, PLEXCTL_FAILED, "column %u: key or title is NULL", (unsigned)i);
    }
    return PLEXCTL_OK;
}

static plexctl_status check_tables(const struct plexctl_command *command, struct error *err)
{
    const struct table tables[] = {
        {"flags", command->flags.rows, command->flags.count, command->flags.row_size, RECORD_FLAG_LEAST_BYTES},
        {"arguments", command->arguments.rows, command->arguments.count, command->arguments.row_size,
         RECORD_ARGUMENT_LEAST_BYTES},
        {"columns", command->columns.rows, command->columns.count, command->columns.row_size,
         RECORD_COLUMN_LEAST_BYTES},
    };
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; status == PLEXCTL_OK && i < sizeof tables / sizeof tables[0]; i++)
        status = check_table(&tables[i], err);
    for (uint32_t i = 0; status == PLEXCTL_OK && i < command->flags.count; i++)
        status = check_flag(&command->flags, i, err);
    for (uint32_t i = 0; status == PLEXCTL_OK && i < command->arguments.count; i++)
        status = check_argument(command, i, err);
    return status == PLEXCTL_OK ? check_columns(&command->columns, err) : status;
}

/* Commands */

static plexctl_status check_command(const struct plexctl_command *command, struct error *err)
{
    if (command->size < RECORD_COMMAND_LEAST_BYTES) {
        (void)error_set(err, PLEXCTL_FAILED, "the command record has %u bytes", (unsigned)command->size);
        return refusal_want(err, REFUSAL_RECORD, "at least %zu", RECORD_COMMAND_LEAST_BYTES);
    }
    if (!command->name || !text_is_command_word(command->name))
        return broken(err, "name is no command word, [a-z][a-z0-9-]{0,30}");
    if (!command->summary)
        return broken(err, "summary is NULL");
    if (command->needs & ~KNOWN_NEEDS)
        return error_set(err, PLEXCTL_FAILED, "needs 0x%x is unknown", (unsigned)command->needs);
    if (command->inert & ~KNOWN_INERT)
        return error_set(err, PLEXCTL_FAILED, "inert 0x%x is unknown", (unsigned)command->inert);
    if (command->reserved)
        return broken(err, "reserved is not 0");
    if (!command->run && (!command->subcommands || !command->subcommands[0]))
        return broken(err, "neither run nor subcommands");
    if (command->subcommands && command->subcommands[0] && command->arguments.count)
        return broken(err, "arguments beside subcommands can never be given");
    return check_tables(command, err);
}

static plexctl_status check_subcommand(const struct plexctl_command *command, size_t index, struct error *err)
{
    const struct plexctl_command *subcommand = command->subcommands[index];
    plexctl_status status = check_command(subcommand, err);

    if (status != PLEXCTL_OK)
        return error_prefix(err, "subcommand %zu", index);
    if (subcommand->subcommands)
        status = broken(err, "a subcommand has no subcommands of its own");
    else if (!subcommand->run)
        status = broken(err, "run is NULL");
    for (size_t i = 0; status == PLEXCTL_OK && i < index; i++) {
        if (strcmp(subcommand->name, command->subcommands[i]->name) == 0)
            status = broken(err, "the name is taken by another subcommand");
    }
    return status == PLEXCTL_OK ? status : error_prefix(err, "subcommand %s", subcommand->name);
}

static plexctl_status check_subcommands(const struct plexctl_command *command, struct error *err)
{
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; status == PLEXCTL_OK && command->subcommands && command->subcommands[i]; i++) {
        if (i == RECORD_MAX_ROWS)
            return error_set(err, PLEXCTL_FAILED, "more than %d subcommands", RECORD_MAX_ROWS);
        status = check_subcommand(command, i, err);
    }
    return status;
}

plexctl_status record_check(const struct plexctl_plugin *plugin, const struct plexctl_note *note, struct error *err)
{
    if (!plugin)
        return broken(err, "plexctl_plugin_v1 returned NULL");
    if (plugin->size < RECORD_PLUGIN_LEAST_BYTES) {
        (void)error_set(err, PLEXCTL_FAILED, "the plugin record has %u bytes", (unsigned)plugin->size);
        return refusal_want(err, REFUSAL_RECORD, "at least %zu", RECORD_PLUGIN_LEAST_BYTES);
    }
    if (plugin->abi_minor != note->abi_minor)
        return error_set(err, PLEXCTL_FAILED, "abi_minor is %u in the record and %u in the note",
                         (unsigned)plugin->abi_minor, (unsigned)note->abi_minor);
    if (!plugin->command)
        return broken(err, "command is NULL");
    plexctl_status status = check_command(plugin->command, err);
    if (status == PLEXCTL_OK && strcmp(plugin->command->name, note->command) != 0)
        return error_set(err, PLEXCTL_FAILED, "the command is \"%s\" in the record and \"%s\" in the note",
                         plugin->command->name, note->command);
    return status == PLEXCTL_OK ? check_subcommands(plugin->command, err) : status;
}
