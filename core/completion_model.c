/* SPDX-License-Identifier: Apache-2.0 */
#include "completion_model.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "options.h"
#include "plugin_probe.h"

/* Loading */

static void add_row(struct completion_model *model, const char *first, const char *second,
                    const struct completion_row *given)
{
    if (model->count == model->capacity) {
        size_t capacity = model->capacity ? model->capacity * 2 : 32;
        struct completion_row *grown = reallocarray(model->rows, capacity, sizeof *grown);
        if (!grown) {
            model->has_failed = true;
            return;
        }
        model->rows = grown;
        model->capacity = capacity;
    }
    struct completion_row *row = &model->rows[model->count++];
    *row = *given;
    (void)snprintf(row->path, sizeof row->path, "%s%s%s", first, *second ? " " : "", second);
}

static void add_command(struct completion_model *model, const struct command_row *command,
                        const struct plexctl_command *record)
{
    bool is_help = command->built_in && strcmp(command->word, "help") == 0;

    add_row(model, command->word, "",
            &(struct completion_row){.takes_any_command = is_help, .names_of = record, .flags_of = record});
    for (size_t i = 0; record && record->subcommands && record->subcommands[i] && !model->has_failed; i++)
        add_row(model, command->word, record->subcommands[i]->name,
                &(struct completion_row){.flags_of = record->subcommands[i]});
    if (!model->has_failed)
        add_row(model, "help", command->word, &(struct completion_row){.names_of = record});
}

/* The record outlives its loaded_plugin. NULL for a plugin that turns out unusable: one bad plugin spoils nothing, also
 * one that ends its process when it is opened, which the probe finds out. */
static plexctl_status find_record(struct loader *loader, const struct command_row *command,
                                  const struct plexctl_command **ret_record, struct error *err)
{
    struct loaded_plugin plugin = {0};
    struct error finding = ERROR_INIT;

    *ret_record = command->built_in;
    if (command->built_in)
        return PLEXCTL_OK;
    plexctl_status status = plugin_probe(loader, command->word, PLUGIN_PROBE_LIMIT_MS, &finding, err);
    if (status != PLEXCTL_OK)
        return status;
    if (finding.status == PLEXCTL_OK && loader_open(loader, command->word, &plugin, &finding) == PLEXCTL_OK) {
        *ret_record = plugin.plugin->command;
        loaded_plugin_release(&plugin);
    }
    return finding.status == PLEXCTL_NO_MEMORY ? error_no_memory(err) : PLEXCTL_OK;
}

plexctl_status completion_model_load(struct loader *loader, struct completion_model *ret_model, struct error *err)
{
    struct completion_model model = COMPLETION_MODEL_INIT;
    plexctl_status status = command_list_load(loader, &model.commands, err);

    if (status == PLEXCTL_OK)
        add_row(&model, "", "", &(struct completion_row){.takes_any_command = true});
    for (size_t i = 0; status == PLEXCTL_OK && i < model.commands.count; i++) {
        const struct plexctl_command *record = NULL;
        status = find_record(loader, &model.commands.rows[i], &record, err);
        if (status == PLEXCTL_OK)
            add_command(&model, &model.commands.rows[i], record);
        if (model.has_failed)
            status = error_no_memory(err);
    }
    if (status == PLEXCTL_OK)
        *ret_model = model;
    else
        completion_model_release(&model);
    return status;
}

void completion_model_release(struct completion_model *model)
{
    command_list_release(&model->commands);
    free(model->rows);
    *model = (struct completion_model)COMPLETION_MODEL_INIT;
}

/* Walking */

bool completion_has_names(const struct completion_row *row)
{
    return row->takes_any_command || (row->names_of && row->names_of->subcommands && row->names_of->subcommands[0]);
}

void completion_names(const struct completion_model *model, const struct completion_row *row, completion_name *print,
                      struct buf *out)
{
    for (size_t i = 0; row->takes_any_command && i < model->commands.count; i++)
        print(out, model->commands.rows[i].word, model->commands.rows[i].summary);
    if (row->takes_any_command || !completion_has_names(row))
        return;
    for (size_t i = 0; row->names_of->subcommands[i]; i++)
        print(out, row->names_of->subcommands[i]->name, row->names_of->subcommands[i]->summary);
}

void completion_flags(const struct plexctl_flags *flags, const char *path, completion_flag *print, struct buf *out)
{
    for (uint32_t i = 0; i < flags->count; i++) {
        struct plexctl_flag flag = options_flag_at(flags, i);
        print(out, path, &flag);
    }
}

void completion_choices(const struct plexctl_flag *flag, completion_choice *print, struct buf *out)
{
    const char *rest = flag->type == PLEXCTL_ENUM && flag->choices ? flag->choices : "";

    while (*rest) {
        auto_buf struct buf choice = BUF_INIT(SIZE_MAX / 2);
        auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);
        size_t len = strcspn(rest, "|");
        buf_append(&choice, rest, len);
        text_sanitise(&safe, rest, len, SIZE_MAX);
        if (len > 0 && strcmp(buf_text(&choice), buf_text(&safe)) == 0)
            print(out, buf_text(&choice));
        if (choice.failed != PLEXCTL_OK || safe.failed != PLEXCTL_OK)
            out->failed = PLEXCTL_NO_MEMORY;
        rest += len + (rest[len] != '\0');
    }
}

/* Text */

void completion_safe(struct buf *out, const char *text)
{
    text_sanitise(out, text ? text : "", text ? strlen(text) : 0, SIZE_MAX);
}

void completion_quote(struct buf *out, const char *text)
{
    buf_append_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            buf_append_text(out, "'\\''");
        else
            buf_append_char(out, *text);
    }
    buf_append_char(out, '\'');
}
