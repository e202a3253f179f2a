/* SPDX-License-Identifier: Apache-2.0 */
#include "synopsis.h"

#include "help_flag.h"
#include "options.h"

struct walk {
    const struct plexctl_command *command, *parent;
    synopsis_visitor *visit;
    void *context;
};

static struct synopsis_item item_of(const struct walk *walk, enum synopsis_kind kind)
{
    return (struct synopsis_item){.kind = kind, .command = walk->command, .parent = walk->parent};
}

static uint32_t count_optional(const struct plexctl_command *command)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < command->flags.count; i++)
        count += !(options_flag_at(&command->flags, i).attributes & PLEXCTL_REQUIRED);
    return count;
}

static void visit_flags(const struct walk *walk, bool optional)
{
    for (uint32_t i = 0; i < walk->command->flags.count; i++) {
        struct plexctl_flag flag = options_flag_at(&walk->command->flags, i);
        struct synopsis_item item = item_of(walk, SYNOPSIS_FLAG);
        item.flag = &flag;
        item.is_optional = !(flag.attributes & PLEXCTL_REQUIRED);
        if (item.is_optional == optional)
            walk->visit(walk->context, &item);
    }
}

static void visit_arguments(const struct walk *walk)
{
    const struct plexctl_arguments *arguments = &walk->command->arguments;
    uint32_t open = 0;

    for (uint32_t i = 0; i < arguments->count; i++) {
        struct plexctl_argument argument = options_argument_at(arguments, i);
        struct synopsis_item item = item_of(walk, SYNOPSIS_ARGUMENT);
        item.name = argument.name;
        item.is_optional = !(argument.attributes & PLEXCTL_REQUIRED);
        item.open = open;
        open += item.is_optional;
        item.closes = i + 1 == arguments->count ? open : 0;
        walk->visit(walk->context, &item);
    }
}

static void visit_line(const struct walk *walk)
{
    struct synopsis_item item = item_of(walk, SYNOPSIS_BEGIN);

    walk->visit(walk->context, &item);
    visit_flags(walk, false);
    if (count_optional(walk->command) <= SYNOPSIS_OPTIONAL_MAX)
        visit_flags(walk, true);
    visit_arguments(walk);
    item.kind = SYNOPSIS_END;
    walk->visit(walk->context, &item);
}

void synopsis_each(const struct plexctl_command *command, const struct plexctl_command *parent, synopsis_visitor *visit,
                   void *context)
{
    const struct plexctl_command *const *below = command->subcommands;
    const struct walk walk = {command, parent, visit, context};

    if (command->run || !below || !below[0])
        visit_line(&walk);
    for (; below && *below; below++) {
        const struct walk one = {*below, command, visit, context};
        visit_line(&one);
    }
}

/* As text */

static void append_item(void *context, const struct synopsis_item *item)
{
    struct buf *out = context;

    switch (item->kind) {
    case SYNOPSIS_BEGIN:
        buf_append_text(out, "plexctl ");
        if (item->parent) {
            help_flag_safe(out, item->parent->name);
            buf_append_char(out, ' ');
        }
        help_flag_safe(out, item->command->name);
        break;
    case SYNOPSIS_FLAG:
        buf_append_text(out, item->is_optional ? "\t[" : "\t");
        help_flag_label(out, item->flag);
        buf_append_text(out, item->is_optional ? "]" : "");
        break;
    case SYNOPSIS_ARGUMENT:
        buf_append_text(out, item->is_optional ? "\t[" : "\t");
        help_flag_safe(out, item->name);
        for (uint32_t i = 0; i < item->closes; i++)
            buf_append_char(out, ']');
        break;
    case SYNOPSIS_END:
        buf_append_text(out, "\t[flags]\n");
        break;
    }
}

void synopsis_lines(const struct plexctl_command *command, const struct plexctl_command *parent, struct buf *out)
{
    synopsis_each(command, parent, append_item, out);
}
