/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "option_fault.h"
#include "option_value.h"

/* Tables */

static const struct plexctl_flag persistent_rows[] = {
    {.name = "server", .value_name = "URL", .help = "The control plane to talk to", .type = PLEXCTL_URL},
    {.name = "profile", .value_name = "NAME", .help = "The saved profile to use", .type = PLEXCTL_PROFILE},
    {.name = "token-file",
     .value_name = "PATH",
     .help = "File with the bearer token; - is standard input",
     .type = PLEXCTL_PATH},
    {.name = "output",
     .help = "How the result is printed",
     .default_value = "table",
     .choices = "table|json|yaml",
     .type = PLEXCTL_ENUM,
     .letter = 'o'},
    {.name = "yes", .help = "Answer questions with yes", .type = PLEXCTL_BOOL, .letter = 'y'},
    {.name = "reveal-secrets", .help = "Show tokens in full instead of ***", .type = PLEXCTL_BOOL},
    {.name = "debug", .help = "Trace on stderr what is done (PLEXCTL_DEBUG=1)", .type = PLEXCTL_BOOL},
    {.name = "help", .help = "Show help and do nothing else", .type = PLEXCTL_BOOL, .letter = 'h'},
};
const struct plexctl_flags options_persistent = PLEXCTL_ROWS(persistent_rows);

/* Only before the command word, so that a command may have a flag of that name. Its value lives behind the persistent
 * ones. */
static const struct plexctl_flag leading_rows[] = {
    {.name = "version", .help = "Show the version and do nothing else", .type = PLEXCTL_BOOL}};
static const struct plexctl_flags leading = PLEXCTL_ROWS(leading_rows);

static void copy_row(void *row, size_t size, const void *rows, uint32_t row_size, uint32_t index)
{
    memset(row, 0, size);
    memcpy(row, (const char *)rows + (size_t)index * row_size, row_size < size ? row_size : size);
}

struct plexctl_flag options_flag_at(const struct plexctl_flags *flags, uint32_t index)
{
    struct plexctl_flag flag;

    copy_row(&flag, sizeof flag, flags->rows, flags->row_size, index);
    return flag;
}

struct plexctl_argument options_argument_at(const struct plexctl_arguments *arguments, uint32_t index)
{
    struct plexctl_argument argument;

    copy_row(&argument, sizeof argument, arguments->rows, arguments->row_size, index);
    return argument;
}

/* False behind the last. */
static bool flag_of_either(const struct plexctl_flags *own, uint32_t index, struct plexctl_flag *ret_flag)
{
    const struct plexctl_flags *flags = index < own->count ? own : &options_persistent;
    uint32_t row = index < own->count ? index : index - own->count;

    if (row < flags->count)
        *ret_flag = options_flag_at(flags, row);
    return row < flags->count;
}

uint32_t options_flag_by_name(const struct plexctl_flags *own, const char *name, size_t length,
                              struct plexctl_flag *ret_flag)
{
    for (uint32_t i = 0; flag_of_either(own, i, ret_flag); i++) {
        if (strncmp(ret_flag->name, name, length) == 0 && ret_flag->name[length] == '\0')
            return i;
    }
    return OPTIONS_NO_FLAG;
}

uint32_t options_flag_by_letter(const struct plexctl_flags *own, char letter, struct plexctl_flag *ret_flag)
{
    for (uint32_t i = 0; flag_of_either(own, i, ret_flag); i++) {
        if (ret_flag->letter == (unsigned char)letter)
            return i;
    }
    return OPTIONS_NO_FLAG;
}

/* Values */

static void values_set_defaults(struct option_value *rows, const struct plexctl_flags *flags)
{
    for (uint32_t i = 0; i < flags->count; i++) {
        struct plexctl_flag flag = options_flag_at(flags, i);
        rows[i] = option_value_default(&flag);
    }
}

static plexctl_status values_of_persistent(struct option_values *values, struct error *err)
{
    plexctl_status status = option_values_allocate(values, (size_t)options_persistent.count + leading.count, err);

    if (status != PLEXCTL_OK)
        return status;
    values_set_defaults(values->rows, &options_persistent);
    values_set_defaults(values->rows + options_persistent.count, &leading);
    return PLEXCTL_OK;
}

static plexctl_status values_of_command(struct option_values *values, const struct plexctl_command *command,
                                        struct error *err)
{
    size_t flag_count = command->flags.count;
    plexctl_status status = option_values_allocate(values, flag_count + command->arguments.count, err);

    if (status != PLEXCTL_OK)
        return status;
    values_set_defaults(values->rows, &command->flags);
    for (uint32_t i = 0; i < command->arguments.count; i++) {
        struct plexctl_argument argument = options_argument_at(&command->arguments, i);
        values->rows[flag_count + i] = (struct option_value){.name = argument.name, .type = argument.type};
    }
    return PLEXCTL_OK;
}

/* One pass over the words */

struct parser {
    struct option_line *line;
    const struct plexctl_flags *own; /* that come before the persistent ones */
    struct option_value *own_rows;
    const struct plexctl_command *command; /* NULL before its word */
    const struct plexctl_command *parent;  /* NULL unless `command` is a subcommand */
    uint32_t arguments_given;
};

static struct option_fault_place place_of(const struct parser *parser)
{
    return (struct option_fault_place){.others = parser->own, .command = parser->command, .parent = parser->parent};
}

static const char *take_word(struct option_line *line)
{
    return line->next < line->argc ? line->argv[line->next++] : NULL;
}

static struct option_value *value_at(const struct parser *parser, uint32_t index)
{
    if (index == OPTIONS_NO_FLAG)
        return NULL;
    return index < parser->own->count ? parser->own_rows + index
                                      : parser->line->persistent->rows + (index - parser->own->count);
}

static plexctl_status give(const struct plexctl_flag *flag, struct option_value *value, const char *text,
                           struct error *err)
{
    auto_buf struct buf subject = BUF_FIXED(ERROR_TEXT_SIZE);

    buf_appendf(&subject, "--%s", flag->name);
    const struct option_text given = {flag, buf_text(&subject), text};
    return option_value_give(value, &given, err);
}

static plexctl_status take_long(struct parser *parser, const char *word, struct error *err)
{
    const char *name = word + 2;
    size_t length = strcspn(name, "=");
    const char *text = name[length] ? name + length + 1 : NULL;
    struct plexctl_flag flag;
    struct option_value *value = value_at(parser, options_flag_by_name(parser->own, name, length, &flag));

    if (!value) {
        const struct option_fault_place place = place_of(parser);
        return option_fault_unknown_flag(&place, word, err);
    }
    if (!text)
        text = flag.type == PLEXCTL_BOOL ? "true" : take_word(parser->line);
    return text ? give(&flag, value, text, err) : option_fault_no_value(&flag, err);
}

/* "-yh", "-oyaml", "-o=yaml", "-yo yaml": letters up to the first that takes a value, which has the rest. */
static plexctl_status take_letters(struct parser *parser, const char *word, struct error *err)
{
    for (const char *letter = word + 1; *letter; letter++) {
        struct plexctl_flag flag;
        struct option_value *value = value_at(parser, options_flag_by_letter(parser->own, *letter, &flag));
        const char *rest = letter[1] == '=' ? letter + 2 : NULL;
        if (!value) {
            const struct option_fault_place place = place_of(parser);
            return option_fault_unknown_letter(&place, word, letter, err);
        }
        if (flag.type != PLEXCTL_BOOL && !rest)
            rest = letter[1] ? letter + 1 : take_word(parser->line);
        if (flag.type != PLEXCTL_BOOL && !rest)
            return option_fault_no_value(&flag, err);
        plexctl_status status = give(&flag, value, rest ? rest : "true", err);
        if (status != PLEXCTL_OK || rest)
            return status;
    }
    return PLEXCTL_OK;
}

static bool is_plain(const struct option_line *line, const char *word)
{
    return line->flags_ended || word[0] != '-' || word[1] == '\0';
}

/* Takes flags up to the next plain word; *ret_word is NULL at the end of the words. */
static plexctl_status take_flags(struct parser *parser, const char **ret_word, struct error *err)
{
    plexctl_status status = PLEXCTL_OK;
    const char *word = NULL;

    while (status == PLEXCTL_OK) {
        word = take_word(parser->line);
        if (!word || is_plain(parser->line, word))
            break;
        if (strcmp(word, "--") == 0)
            parser->line->flags_ended = true;
        else if (word[1] == '-')
            status = take_long(parser, word, err);
        else
            status = take_letters(parser, word, err);
    }
    if (status == PLEXCTL_OK)
        *ret_word = word;
    return status;
}

/* Step 1 */

plexctl_status options_split(struct option_line *line, const char **ret_word, struct error *err)
{
    const char *word = NULL;
    plexctl_status status = values_of_persistent(line->persistent, err);

    if (status != PLEXCTL_OK)
        return status;
    struct option_value *leading_values = line->persistent->rows + options_persistent.count;
    struct parser parser = {.line = line, .own = &leading, .own_rows = leading_values};
    (void)take_word(line); /* the program's name */
    status = take_flags(&parser, &word, err);
    /* --version does nothing else, whatever command follows. */
    if (status == PLEXCTL_OK)
        *ret_word = leading_values[0].number ? NULL : word;
    return status;
}

/* Step 2 */

static plexctl_status enter(struct parser *parser, const struct plexctl_command *command, struct error *err)
{
    plexctl_status status = values_of_command(parser->line->values, command, err);

    if (status != PLEXCTL_OK)
        return status;
    parser->command = command;
    parser->own = &command->flags;
    parser->own_rows = parser->line->values->rows;
    return PLEXCTL_OK;
}

static plexctl_status take_subcommand(struct parser *parser, const char *word, struct error *err)
{
    const struct plexctl_command *const *subcommand = parser->command->subcommands;
    const struct option_values *values = parser->line->values;
    struct option_fault_place place = place_of(parser);

    while (*subcommand && strcmp((*subcommand)->name, word) != 0)
        subcommand++;
    if (!*subcommand)
        return option_fault_unknown_subcommand(&place, word, err);
    place.parent = parser->command;
    place.command = *subcommand;
    for (size_t i = 0; i < values->count; i++) {
        if (values->rows[i].given)
            return option_fault_flag_of_parent(&place, values->rows[i].name, err);
    }
    parser->parent = parser->command;
    return enter(parser, *subcommand, err);
}

static plexctl_status take_argument(struct parser *parser, const char *word, struct error *err)
{
    const struct plexctl_command *command = parser->command;
    uint32_t index = parser->arguments_given;

    if (index >= command->arguments.count) {
        const struct option_fault_place place = place_of(parser);
        return option_fault_stray_argument(&place, word, err);
    }
    struct plexctl_argument argument = options_argument_at(&command->arguments, index);
    const struct plexctl_flag as_flag = {.name = argument.name, .type = argument.type};
    const struct option_text given = {&as_flag, argument.name, word};
    parser->arguments_given++;
    return option_value_give(&parser->line->values->rows[command->flags.count + index], &given, err);
}

static bool has_subcommands(const struct plexctl_command *command)
{
    return command->subcommands && command->subcommands[0];
}

plexctl_status options_parse(struct option_line *line, const struct plexctl_command *command,
                             const struct plexctl_command **ret_command, struct error *err)
{
    const char *word = NULL;
    plexctl_status status = line->persistent->count ? PLEXCTL_OK : values_of_persistent(line->persistent, err);

    if (status != PLEXCTL_OK)
        return status;
    struct parser parser = {.line = line};
    status = enter(&parser, command, err);
    while (status == PLEXCTL_OK) {
        status = take_flags(&parser, &word, err);
        if (status != PLEXCTL_OK || !word)
            break;
        status =
            has_subcommands(parser.command) ? take_subcommand(&parser, word, err) : take_argument(&parser, word, err);
    }
    if (status == PLEXCTL_OK)
        *ret_command = parser.command;
    return status;
}
