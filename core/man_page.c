/* SPDX-License-Identifier: Apache-2.0 */
#include "man_page.h"

#include <time.h>

#include "exit_code.h"
#include "help.h"
#include "help_flag.h"
#include "help_layout.h"
#include "man_text.h"
#include "options.h"
#include "synopsis.h"

struct page {
    const struct plexctl_command *command, *parent;
    struct buf *out;
};

static bool has_subcommands(const struct plexctl_command *command)
{
    return command->subcommands && command->subcommands[0];
}

/* NAME */

/* Command words are of [a-z0-9-]. */
static void append_name(const struct page *page, char separator, bool is_capital)
{
    auto_buf struct buf name = BUF_INIT(256);

    buf_appendf(&name, "plexctl%c", separator);
    if (page->parent)
        buf_appendf(&name, "%s%c", page->parent->name, separator);
    buf_append_text(&name, page->command->name);
    for (const char *c = buf_text(&name); *c; c++) {
        char shown = *c;
        if (is_capital && shown >= 'a' && shown <= 'z')
            shown = (char)(shown - 'a' + 'A');
        buf_append_char(page->out, shown);
    }
    help_carry(page->out, &name);
}

static void append_head(const struct page *page, int64_t unix_s)
{
    const char *summary = page->command->summary;
    const time_t when = (time_t)unix_s;
    struct tm date = {0};
    char month[32];

    (void)gmtime_r(&when, &date);
    (void)strftime(month, sizeof month, "%B", &date);
    buf_appendf(page->out, ".Dd %s %d, %d\n.Dt ", month, date.tm_mday, date.tm_year + 1900);
    append_name(page, '-', true);
    buf_append_text(page->out, " 1\n.Os\n.Sh NAME\n.Nm ");
    append_name(page, '-', false);
    buf_append_text(page->out, "\n.Nd");
    man_text_rest(page->out, *summary ? summary : page->command->name);
    buf_append_char(page->out, '\n');
}

/* SYNOPSIS */

static void append_flag(struct buf *out, const struct plexctl_flag *flag)
{
    buf_appendf(out, "Fl -%s", flag->name);
    if (flag->type != PLEXCTL_BOOL) {
        buf_append_text(out, " Ar ");
        man_text_argument(out, help_flag_value_name(flag));
    }
}

static void append_item(void *context, const struct synopsis_item *item)
{
    struct buf *out = context;

    switch (item->kind) {
    case SYNOPSIS_BEGIN:
        buf_append_text(out, ".Nm ");
        append_name(&(struct page){item->command, item->parent, out}, ' ', false);
        buf_append_char(out, '\n');
        break;
    case SYNOPSIS_FLAG:
        buf_append_text(out, item->is_optional ? ".Op " : ".");
        append_flag(out, item->flag);
        buf_append_char(out, '\n');
        break;
    case SYNOPSIS_ARGUMENT:
        buf_append_text(out, item->open ? " Op Ar " : item->is_optional ? ".Op Ar " : ".Ar ");
        man_text_argument(out, item->name);
        if (!item->is_optional || item->closes)
            buf_append_char(out, '\n');
        break;
    case SYNOPSIS_END:
        buf_append_text(out, ".Op Ar flags\n");
        break;
    }
}

/* DESCRIPTION */

static void append_flag_item(struct buf *out, const struct plexctl_flag *flag)
{
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);

    buf_append_text(out, ".It ");
    if (flag->letter)
        buf_appendf(out, "Fl %c , ", (char)flag->letter);
    append_flag(out, flag);
    buf_append_char(out, '\n');
    help_flag_text(&text, flag);
    man_text_fill(out, buf_text(&text));
    help_carry(out, &text);
}

static void append_flags(struct buf *out, const struct plexctl_command *command)
{
    if (!command->flags.count && !command->arguments.count)
        return;
    buf_append_text(out, ".Bl -tag -width Ds\n");
    for (uint32_t i = 0; i < command->arguments.count; i++) {
        struct plexctl_argument argument = options_argument_at(&command->arguments, i);
        buf_append_text(out, ".It Ar ");
        man_text_argument(out, argument.name);
        buf_append_char(out, '\n');
        man_text_fill(out, argument.help);
    }
    for (uint32_t i = 0; i < command->flags.count; i++) {
        struct plexctl_flag flag = options_flag_at(&command->flags, i);
        append_flag_item(out, &flag);
    }
    buf_append_text(out, ".El\n");
}

static void append_persistent_flags(struct buf *out, const struct plexctl_command *command)
{
    bool has_inert = false;

    buf_append_text(out, ".Pp\nThe persistent flags are those of\n.Xr plexctl 1 .\n");
    for (uint32_t i = 0; i < options_persistent.count; i++) {
        struct plexctl_flag flag = options_flag_at(&options_persistent, i);
        if (!help_is_inert(command, flag.name))
            continue;
        buf_append_text(out, has_inert ? " ,\n" : "Without effect are\n");
        buf_appendf(out, ".Fl -%s", flag.name);
        has_inert = true;
    }
    if (has_inert)
        buf_append_text(out, " .\n");
}

static void append_body(const struct page *page)
{
    const struct plexctl_command *command = page->command;
    size_t start = page->out->len;

    if (command->description && *command->description)
        man_text_description(page->out, command->description, false);
    if (page->out->len == start)
        man_text_fill(page->out, *command->summary ? command->summary : command->name);
    append_flags(page->out, command);
    if (command->run || !has_subcommands(command))
        append_persistent_flags(page->out, command);
    for (size_t i = 0; has_subcommands(command) && command->subcommands[i]; i++) {
        const struct page below = {command->subcommands[i], command, page->out};
        buf_append_text(page->out, ".Ss ");
        append_name(&below, ' ', false);
        buf_append_char(page->out, '\n');
        append_body(&below);
    }
}

/* The end */

static void append_exit_status(struct buf *out)
{
    int previous = -1;

    buf_append_text(out, ".Sh EXIT STATUS\n.Bl -tag -width Ds\n");
    for (size_t i = 0; i < exit_code_count; i++) {
        if (exit_code_table[i].code != previous)
            buf_appendf(out, ".It %d\n%s\n", exit_code_table[i].code, exit_code_table[i].meaning);
        previous = exit_code_table[i].code;
    }
    buf_append_text(out, ".El\n");
}

static void append_examples(struct buf *out, const struct plexctl_command *command)
{
    auto_buf struct buf examples = BUF_INIT(SIZE_MAX / 2);
    const struct plexctl_command *const none[] = {NULL};
    const struct plexctl_command *const *below = command->subcommands ? command->subcommands : none;

    man_text_literal(&examples, command->examples ? command->examples : "");
    for (; *below; below++)
        man_text_literal(&examples, (*below)->examples ? (*below)->examples : "");
    if (examples.len)
        buf_append_text(out, ".Sh EXAMPLES\n");
    help_append(out, &examples);
}

plexctl_status man_page(const struct plexctl_command *command, const struct plexctl_command *parent, int64_t unix_s,
                        struct buf *out, struct error *err)
{
    const struct page page = {command, parent, out};

    append_head(&page, unix_s);
    buf_append_text(out, ".Sh SYNOPSIS\n");
    synopsis_each(command, parent, append_item, out);
    buf_append_text(out, ".Sh DESCRIPTION\n");
    append_body(&page);
    append_exit_status(out);
    append_examples(out, command);
    buf_append_text(out, ".Sh SEE ALSO\n.Xr plexctl 1\n");
    return buf_check(out, "the man page", err);
}
