/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "command_list.h"
#include "exit_code.h"
#include "help_flag.h"
#include "help_layout.h"
#include "options.h"

/* Synopsis, as items that '\n' separates */

/* "NAME [OTHER [THIRD]]": an optional argument can be given only behind those before it. */
static void append_argument_items(struct buf *items, const struct plexctl_command *command)
{
    uint32_t open = 0;

    for (uint32_t i = 0; i < command->arguments.count; i++) {
        struct plexctl_argument argument = options_argument_at(&command->arguments, i);
        bool is_required = argument.attributes & PLEXCTL_REQUIRED;
        buf_append_text(items, is_required ? "\n" : "\n[");
        help_flag_safe(items, argument.name);
        open += !is_required;
    }
    while (open-- > 0)
        buf_append_char(items, ']');
}

static void append_flag_items(struct buf *items, const struct plexctl_command *command, bool required)
{
    for (uint32_t i = 0; i < command->flags.count; i++) {
        struct plexctl_flag flag = options_flag_at(&command->flags, i);
        if (((flag.attributes & PLEXCTL_REQUIRED) != 0) != required)
            continue;
        buf_append_text(items, required ? "\n" : "\n[");
        help_flag_label(items, &flag);
        if (!required)
            buf_append_char(items, ']');
    }
}

static bool has_subcommands(const struct plexctl_command *command)
{
    return command->subcommands && command->subcommands[0];
}

static void append_synopsis_items(struct buf *items, const struct plexctl_command *command,
                                  const struct plexctl_command *parent)
{
    buf_append_text(items, "plexctl ");
    if (parent) {
        help_flag_safe(items, parent->name);
        buf_append_char(items, ' ');
    }
    help_flag_safe(items, command->name);
    append_flag_items(items, command, true);
    append_flag_items(items, command, false);
    if (has_subcommands(command))
        buf_append_text(items, command->run ? "\n[<subcommand>]" : "\n<subcommand>");
    append_argument_items(items, command);
    buf_append_text(items, "\n[flags]");
}

void help_synopsis(const struct plexctl_command *command, const struct plexctl_command *parent, struct buf *out)
{
    auto_buf struct buf items = BUF_INIT(SIZE_MAX / 2);

    append_synopsis_items(&items, command, parent);
    for (size_t i = 0; i < items.len; i++) {
        if (items.data[i] == '\n')
            items.data[i] = ' ';
    }
    help_append(out, &items);
}

/* What both kinds of help end with */

static void append_exit_codes(struct buf *out)
{
    auto_buf struct buf items = BUF_INIT(SIZE_MAX / 2);
    int previous = -1;

    for (size_t i = 0; i < exit_code_count; i++) {
        const struct exit_code_row *row = &exit_code_table[i];
        if (row->code != previous)
            buf_appendf(&items, "%s%d %s", i ? ",\n" : "", row->code, row->meaning);
        previous = row->code;
    }
    help_items(out, "Exit:", buf_text(&items), 2);
    help_carry(out, &items);
}

/* Command */

static void append_examples(struct buf *out, const char *examples)
{
    if (!examples || !*examples)
        return;
    buf_append_text(out, "\nExamples:\n");
    while (*examples) {
        size_t len = strcspn(examples, "\n");
        help_command_line(out, examples, len, 2);
        examples += len + (examples[len] != '\0');
    }
}

static void append_flags(struct buf *out, const struct plexctl_command *command)
{
    auto_help_rows struct help_rows rows = HELP_ROWS_INIT;

    if (!command->flags.count)
        return;
    buf_append_text(out, "\nFlags:\n");
    help_flag_rows(&rows, &command->flags);
    help_rows_print(&rows, out);
}

static void add_word_row(struct help_rows *rows, const char *word, const char *text)
{
    auto_buf struct buf left = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf right = BUF_INIT(SIZE_MAX / 2);

    buf_append_text(&left, "  ");
    help_flag_safe(&left, word);
    buf_append_text(&right, text);
    help_rows_add(rows, &left, &right);
}

static void append_arguments(struct buf *out, const struct plexctl_command *command)
{
    auto_help_rows struct help_rows rows = HELP_ROWS_INIT;

    if (!command->arguments.count)
        return;
    buf_append_text(out, "\nArguments:\n");
    for (uint32_t i = 0; i < command->arguments.count; i++) {
        struct plexctl_argument argument = options_argument_at(&command->arguments, i);
        bool is_required = argument.attributes & PLEXCTL_REQUIRED;
        auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
        buf_appendf(&text, "%s%s", argument.help ? argument.help : "", is_required ? " (required)" : "");
        add_word_row(&rows, argument.name, buf_text(&text));
        help_carry(out, &text);
    }
    help_rows_print(&rows, out);
}

static void append_subcommands(struct buf *out, const struct plexctl_command *command)
{
    auto_help_rows struct help_rows rows = HELP_ROWS_INIT;

    if (!has_subcommands(command))
        return;
    buf_append_text(out, "\nSubcommands:\n");
    for (size_t i = 0; command->subcommands[i]; i++) {
        add_word_row(&rows, command->subcommands[i]->name, command->subcommands[i]->summary);
    }
    help_rows_print(&rows, out);
}

static const struct inert_row {
    uint32_t bit;
    const char *name;
} inert_rows[] = {
    {PLEXCTL_INERT_SERVER, "server"},
    {PLEXCTL_INERT_PROFILE, "profile"},
    {PLEXCTL_INERT_TOKEN_FILE, "token-file"},
    {PLEXCTL_INERT_OUTPUT, "output"},
    {PLEXCTL_INERT_YES, "yes"},
    {PLEXCTL_INERT_REVEAL_SECRETS, "reveal-secrets"},
};

bool help_is_inert(const struct plexctl_command *command, const char *flag)
{
    for (size_t i = 0; i < sizeof inert_rows / sizeof inert_rows[0]; i++) {
        if (strcmp(inert_rows[i].name, flag) == 0)
            return (command->inert & inert_rows[i].bit) != 0;
    }
    return false;
}

static bool has_flag(const struct plexctl_command *command, const char *name)
{
    struct plexctl_flag own;
    return options_flag_find(&command->flags, name, strlen(name), 0, &own) < command->flags.count;
}

static void append_persistent_flags(struct buf *out, const struct plexctl_command *command, const char *lead,
                                    bool inert)
{
    auto_buf struct buf items = BUF_INIT(SIZE_MAX / 2);

    for (uint32_t i = 0; i < options_persistent.count; i++) {
        struct plexctl_flag flag = options_flag_at(&options_persistent, i);
        if (help_is_inert(command, flag.name) != inert || has_flag(command, flag.name))
            continue;
        buf_appendf(&items, "%s--%s", items.len ? ",\n" : "", flag.name);
    }
    if (items.len)
        help_items(out, lead, buf_text(&items), 2);
    help_carry(out, &items);
}

static void append_usage(struct buf *out, const struct plexctl_command *command, const struct plexctl_command *parent)
{
    auto_buf struct buf items = BUF_INIT(SIZE_MAX / 2);

    append_synopsis_items(&items, command, parent);
    buf_append_text(out, "\nUsage:\n");
    help_items(out, " ", buf_text(&items), 6);
    help_carry(out, &items);
}

plexctl_status help_command(const struct plexctl_command *command, const struct plexctl_command *parent,
                            struct buf *out, struct error *err)
{
    help_text(out, command->summary, 0);
    append_usage(out, command, parent);
    if (command->description && *command->description) {
        buf_append_char(out, '\n');
        help_text(out, command->description, 0);
    }
    append_examples(out, command->examples);
    append_flags(out, command);
    append_arguments(out, command);
    append_subcommands(out, command);
    buf_append_char(out, '\n');
    append_persistent_flags(out, command, "Persistent flags (see `plexctl help`):", false);
    append_persistent_flags(out, command, "Accepted without effect:", true);
    append_exit_codes(out);
    return buf_check(out, "the help text", err);
}

/* Program */

static void append_commands(struct buf *out, const struct command_list *list)
{
    auto_help_rows struct help_rows rows = HELP_ROWS_INIT;

    buf_append_text(out, "\nCommands (more: plexctl help <command>, man plexctl):\n");
    for (size_t i = 0; i < list->count; i++) {
        add_word_row(&rows, list->rows[i].word, list->rows[i].summary);
    }
    help_rows_print(&rows, out);
    if (list->refused)
        buf_appendf(out, "  (%zu refused; see `plexctl plugin doctor`)\n", list->refused);
}

static void append_program_flags(struct buf *out)
{
    static const struct plexctl_flag version = {
        .name = "version", .help = "Print the version, in place of a command", .type = PLEXCTL_BOOL};
    auto_help_rows struct help_rows rows = HELP_ROWS_INIT;

    buf_append_text(out, "\nPersistent flags:\n");
    help_flag_rows(&rows, &options_persistent);
    help_flag_row(&rows, &version);
    help_rows_print(&rows, out);
}

plexctl_status help_program(struct loader *loader, struct buf *out, struct error *err)
{
    auto_command_list struct command_list list = COMMAND_LIST_INIT;
    plexctl_status status = command_list_load(loader, &list, err);

    if (status != PLEXCTL_OK)
        return status;
    buf_append_text(out, "Usage: plexctl [flags] <command> [flags]\n");
    append_commands(out, &list);
    append_program_flags(out);
    buf_append_text(out, "Environment: PLEXSPHERE_URL, PLEXSPHERE_TOKEN, PLEXCTL_PLUGIN_PATH\n");
    append_exit_codes(out);
    return buf_check(out, "the help text", err);
}
