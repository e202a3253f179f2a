/* SPDX-License-Identifier: Apache-2.0 */
#include "help.h"

#include <stdint.h>
#include <string.h>

#include "command_list.h"
#include "exit_code.h"
#include "help_flag.h"
#include "options.h"
#include "synopsis.h"

#define SHORT_EXAMPLES 2

/* Parts of both forms */

static void append_section(const struct help_page *page, const char *heading)
{
    help_break(page);
    help_heading(page, heading);
    buf_append_char(page->out, '\n');
}

static void append_usage(const struct help_page *page, const struct plexctl_command *command,
                         const struct plexctl_command *parent)
{
    auto_buf struct buf lines = BUF_INIT(SIZE_MAX / 2);
    struct help_lead lead = {"Usage:", true};

    synopsis_lines(command, parent, &lines);
    help_carry(page->out, &lines);
    help_break(page);
    for (char *line = lines.data, *end; lines.len && (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        help_items(page, lead, line, 11);
        lead = (struct help_lead){"      ", false};
    }
}

static void append_examples(const struct help_page *page, const char *examples, size_t max)
{
    if (!examples || !*examples)
        return;
    append_section(page, "Examples:");
    while (*examples && max-- > 0) {
        size_t len = strcspn(examples, "\n");
        help_command_line(page, examples, len, 2);
        examples += len + (examples[len] != '\0');
    }
}

static void append_flags(const struct help_page *page, const struct plexctl_flags *flags, bool is_short)
{
    auto_help_rows struct help_rows rows = HELP_ROWS_INIT;

    if (!flags->count)
        return;
    append_section(page, "Flags:");
    if (is_short)
        help_flag_rows_short(&rows, flags);
    else
        help_flag_rows(&rows, flags);
    help_rows_print(&rows, page);
}

/* Words and what they are */

struct word {
    const char *word, *text, *note;
};

typedef struct word word_at(const void *words, size_t index);

static void add_word(struct help_rows *rows, const struct word *word, bool is_short, size_t widest)
{
    auto_buf struct buf left = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf right = BUF_INIT(SIZE_MAX / 2);

    buf_append_text(&left, "  ");
    help_flag_safe(&left, word->word);
    help_flag_one_line(&right, word->text ? word->text : "", &(struct help_notes){word->note, word->note, word->note},
                       is_short ? help_flag_room(&left, widest) : SIZE_MAX);
    help_rows_add(rows, &left, &right);
}

/* Twice, since what is left for the texts depends on the widest word. */
static void append_words(const struct help_page *page, word_at *at, const void *words, size_t count, bool is_short)
{
    auto_help_rows struct help_rows whole = HELP_ROWS_INIT;
    auto_help_rows struct help_rows rows = HELP_ROWS_INIT;

    rows.is_tight = is_short;
    for (size_t i = 0; is_short && i < count; i++) {
        struct word word = at(words, i);
        add_word(&whole, &word, false, 0);
    }
    for (size_t i = 0; i < count; i++) {
        struct word word = at(words, i);
        add_word(&rows, &word, is_short, help_rows_widest(&whole, HELP_LINE_COLUMNS));
    }
    help_carry(page->out, &whole.lefts);
    help_rows_print(&rows, page);
}

static struct word argument_at(const void *words, size_t index)
{
    struct plexctl_argument argument = options_argument_at(words, (uint32_t)index);

    return (struct word){argument.name, argument.help, argument.attributes & PLEXCTL_REQUIRED ? " (required)" : ""};
}

static struct word subcommand_at(const void *words, size_t index)
{
    const struct plexctl_command *const *subcommands = words;

    return (struct word){subcommands[index]->name, subcommands[index]->summary, ""};
}

static struct word row_at(const void *words, size_t index)
{
    const struct command_list *list = words;

    return (struct word){list->rows[index].word, list->rows[index].summary, ""};
}

static void append_arguments(const struct help_page *page, const struct plexctl_command *command, bool is_short)
{
    if (!command->arguments.count)
        return;
    append_section(page, "Arguments:");
    append_words(page, argument_at, &command->arguments, command->arguments.count, is_short);
}

static void append_subcommands(const struct help_page *page, const struct plexctl_command *command, bool is_short)
{
    size_t count = 0;

    while (command->subcommands && command->subcommands[count])
        count++;
    if (count == 0)
        return;
    append_section(page, "Subcommands:");
    append_words(page, subcommand_at, command->subcommands, count, is_short);
}

/* Flags and codes that all commands have */

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
    return options_flag_by_name(&command->flags, name, strlen(name), &own) < command->flags.count;
}

static void append_persistent_flags(const struct help_page *page, const struct plexctl_command *command,
                                    const char *lead, bool inert)
{
    auto_buf struct buf items = BUF_INIT(SIZE_MAX / 2);

    for (uint32_t i = 0; i < options_persistent.count; i++) {
        struct plexctl_flag flag = options_flag_at(&options_persistent, i);
        if (help_is_inert(command, flag.name) != inert || has_flag(command, flag.name))
            continue;
        buf_appendf(&items, "%s--%s", items.len ? ",\t" : "", flag.name);
    }
    if (items.len)
        help_items(page, (struct help_lead){lead, false}, buf_text(&items), 2);
    help_carry(page->out, &items);
}

static void append_exit_codes(const struct help_page *page)
{
    auto_buf struct buf items = BUF_INIT(SIZE_MAX / 2);
    int previous = -1;

    for (size_t i = 0; i < exit_code_count; i++) {
        const struct exit_code_row *row = &exit_code_table[i];
        if (row->code != previous)
            buf_appendf(&items, "%s%d %s", i ? ",\t" : "", row->code, row->meaning);
        previous = row->code;
    }
    help_items(page, (struct help_lead){"Exit:", false}, buf_text(&items), 2);
    help_carry(page->out, &items);
}

/* Command */

plexctl_status help_command(const struct plexctl_command *command, const struct plexctl_command *parent,
                            const struct help_page *page, struct error *err)
{
    size_t start = page->out->len;

    help_text(page, command->summary, 0);
    append_usage(page, command, parent);
    if (command->description && *command->description) {
        help_break(page);
        help_text(page, command->description, 0);
    }
    append_examples(page, command->examples, SIZE_MAX);
    append_flags(page, &command->flags, false);
    append_arguments(page, command, false);
    append_subcommands(page, command, false);
    help_break(page);
    append_persistent_flags(page, command, "Persistent flags (see `plexctl help`):", false);
    append_persistent_flags(page, command, "Accepted without effect:", true);
    append_exit_codes(page);
    help_fit(page->out, start, SIZE_MAX);
    return buf_check(page->out, "the help text", err);
}

/* --server where it is of use, else another of them. */
static const char *first_persistent_flag(const struct plexctl_command *command)
{
    uint32_t i = 0;

    while (i + 1 < options_persistent.count && help_is_inert(command, options_flag_at(&options_persistent, i).name))
        i++;
    return options_flag_at(&options_persistent, i).name;
}

static void append_pointer(const struct help_page *page, const struct plexctl_command *command,
                           const struct plexctl_command *parent)
{
    auto_buf struct buf items = BUF_INIT(SIZE_MAX / 2);

    buf_append_text(&items, "`plexctl help ");
    if (parent) {
        help_flag_safe(&items, parent->name);
        buf_append_char(&items, ' ');
    }
    help_flag_safe(&items, command->name);
    buf_appendf(&items, "`\t(--man: man page);\t--%s, etc.: `plexctl help`", first_persistent_flag(command));
    help_break(page);
    help_items(page, (struct help_lead){"More:", false}, buf_text(&items), 2);
    help_carry(page->out, &items);
}

plexctl_status help_command_short(const struct plexctl_command *command, const struct plexctl_command *parent,
                                  const struct help_page *page, struct error *err)
{
    size_t start = page->out->len;

    help_text(page, command->summary, 0);
    append_usage(page, command, parent);
    append_examples(page, command->examples, SHORT_EXAMPLES);
    append_flags(page, &command->flags, true);
    append_arguments(page, command, true);
    append_subcommands(page, command, true);
    append_pointer(page, command, parent);
    help_fit(page->out, start, HELP_SCREEN_LINES);
    return buf_check(page->out, "the help text", err);
}

/* Program */

static void append_commands(const struct help_page *page, const struct command_list *list, bool is_short)
{
    help_break(page);
    help_items(page, (struct help_lead){is_short ? "Commands:" : "Commands", true},
               is_short ? "" : "(more:\tplexctl help <command>,\tman plexctl):", 2);
    append_words(page, row_at, list, list->count, is_short);
    if (list->refused)
        buf_appendf(page->out, "  (%zu refused; see `plexctl plugin doctor`)\n", list->refused);
}

static void append_program_flags(const struct help_page *page)
{
    static const struct plexctl_flag version = {
        .name = "version", .help = "Print the version, in place of a command", .type = PLEXCTL_BOOL};
    auto_help_rows struct help_rows rows = HELP_ROWS_INIT;

    append_section(page, "Persistent flags:");
    help_flag_rows(&rows, &options_persistent);
    help_flag_row(&rows, &version);
    help_rows_print(&rows, page);
}

static void append_program_usage(const struct help_page *page)
{
    help_items(page, (struct help_lead){"Usage:", true}, "plexctl\t[flags]\t<command>\t[flags]", 11);
}

plexctl_status help_program(struct loader *loader, const struct help_page *page, struct error *err)
{
    auto_command_list struct command_list list = COMMAND_LIST_INIT;
    plexctl_status status = command_list_load(loader, &list, err);
    size_t start = page->out->len;

    if (status != PLEXCTL_OK)
        return status;
    append_program_usage(page);
    append_commands(page, &list, false);
    append_program_flags(page);
    help_items(page, (struct help_lead){"Environment:", false},
               "PLEXSPHERE_URL,\tPLEXSPHERE_TOKEN,\tPLEXCTL_PLUGIN_PATH", 2);
    append_exit_codes(page);
    help_fit(page->out, start, HELP_SCREEN_LINES);
    return buf_check(page->out, "the help text", err);
}

static void append_flag_names(const struct help_page *page)
{
    auto_buf struct buf items = BUF_INIT(SIZE_MAX / 2);

    for (uint32_t i = 0; i < options_persistent.count; i++)
        buf_appendf(&items, "--%s,\t", options_flag_at(&options_persistent, i).name);
    buf_append_text(&items, "--version");
    help_items(page, (struct help_lead){"Flags:", true}, buf_text(&items), 2);
    help_carry(page->out, &items);
}

plexctl_status help_program_short(struct loader *loader, const struct help_page *page, struct error *err)
{
    auto_command_list struct command_list list = COMMAND_LIST_INIT;
    plexctl_status status = command_list_load(loader, &list, err);
    size_t start = page->out->len;

    if (status != PLEXCTL_OK)
        return status;
    help_text(page, "Command line for operators of a plexsphere control plane", 0);
    help_break(page);
    append_program_usage(page);
    append_examples(page, "plexctl whoami --profile staging\nplexctl --output json profile list", SHORT_EXAMPLES);
    append_commands(page, &list, true);
    help_break(page);
    append_flag_names(page);
    help_items(page, (struct help_lead){"More:", false}, "`plexctl help`,\t`plexctl help <command>`,\tman plexctl", 2);
    help_fit(page->out, start, HELP_SCREEN_LINES);
    return buf_check(page->out, "the help text", err);
}
