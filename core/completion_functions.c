/* SPDX-License-Identifier: Apache-2.0
 *
 * The functions that the scripts for bash and zsh have in common: both shells read the same case statements and arrays.
 */
#include "completion_model.h"

#include "options.h"

static void print_choice(struct buf *out, const char *choice)
{
    buf_append_char(out, ' ');
    completion_quote(out, choice);
}

static void append_pattern(struct buf *out, const char *path, const char *dashes, const char *name)
{
    if (path)
        buf_appendf(out, "'%s %s%s'", path, dashes, name);
    else
        buf_appendf(out, "*' %s%s'", dashes, name);
}

static void print_value(struct buf *out, const char *path, const struct plexctl_flag *flag)
{
    const char letter[] = {(char)flag->letter, '\0'};

    if (flag->type == PLEXCTL_BOOL)
        return;
    buf_append_text(out, "    ");
    append_pattern(out, path, "--", flag->name);
    if (flag->letter) {
        buf_append_text(out, " | ");
        append_pattern(out, path, "-", letter);
    }
    buf_append_text(out, ")");
    if (flag->type == PLEXCTL_PATH)
        buf_append_text(out, " files=1");
    if (flag->type == PLEXCTL_ENUM) {
        buf_append_text(out, " choices=(");
        completion_choices(flag, print_choice, out);
        buf_append_text(out, " )");
    }
    buf_append_text(out, " ;;\n");
}

void completion_value_function(const struct completion_model *model, struct buf *out)
{
    buf_append_text(out, "# What a flag takes: command words, flag. False where it takes nothing.\n"
                         "_plexctl_value() {\n"
                         "    choices=() files=''\n"
                         "    case \"$1 $2\" in\n");
    completion_flags(&options_persistent, NULL, print_value, out);
    for (size_t i = 0; i < model->count; i++) {
        if (model->rows[i].flags_of)
            completion_flags(&model->rows[i].flags_of->flags, model->rows[i].path, print_value, out);
    }
    buf_append_text(out, "    *) return 1 ;;\n"
                         "    esac\n"
                         "}\n\n");
}

void completion_name_function(const struct completion_model *model, completion_name *print, struct buf *out)
{
    buf_append_text(out, "_plexctl_names() {\n"
                         "    case $1 in\n");
    for (size_t i = 0; i < model->count; i++) {
        if (!completion_has_names(&model->rows[i]))
            continue;
        buf_appendf(out, "    '%s') names=(", model->rows[i].path);
        completion_names(model, &model->rows[i], print, out);
        buf_append_text(out, "\n    ) ;;\n");
    }
    buf_append_text(out, "    *) names=() ;;\n"
                         "    esac\n"
                         "}\n\n");
}

void completion_flag_function(const struct completion_model *model, completion_flag *print, struct buf *out)
{
    static const struct plexctl_flag version = {.name = "version", .help = "Print the version", .type = PLEXCTL_BOOL};

    buf_append_text(out, "_plexctl_flags() {\n"
                         "    flags=(");
    completion_flags(&options_persistent, NULL, print, out);
    buf_append_text(out, "\n    )\n"
                         "    case $1 in\n"
                         "    '') flags+=(");
    print(out, NULL, &version);
    buf_append_text(out, "\n    ) ;;\n");
    for (size_t i = 0; i < model->count; i++) {
        const struct plexctl_command *command = model->rows[i].flags_of;
        if (!command || !command->flags.count)
            continue;
        buf_appendf(out, "    '%s') flags+=(", model->rows[i].path);
        completion_flags(&command->flags, NULL, print, out);
        buf_append_text(out, "\n    ) ;;\n");
    }
    buf_append_text(out, "    esac\n"
                         "}\n\n");
}
