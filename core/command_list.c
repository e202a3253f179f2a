/* SPDX-License-Identifier: Apache-2.0 */
#include "command_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/suggestion.h"
#include "base/text.h"
#include "builtins.h"
#include "option_value.h"

struct collector {
    struct command_list list;
    size_t capacity;
    bool has_failed;
};

static bool add_row(struct collector *collector, const struct command_row *row)
{
    struct command_list *list = &collector->list;

    if (list->count == collector->capacity) {
        size_t capacity = collector->capacity ? collector->capacity * 2 : 16;
        struct command_row *grown = reallocarray(list->rows, capacity, sizeof *grown);
        if (!grown) {
            collector->has_failed = true;
            return false;
        }
        list->rows = grown;
        collector->capacity = capacity;
    }
    list->rows[list->count++] = *row;
    return true;
}

static bool add_entry(void *context, const struct plugin_entry *entry)
{
    struct collector *collector = context;

    if (entry->refusal->status != PLEXCTL_OK) {
        collector->list.refused++;
        return true;
    }
    if (entry->shadowed_by || !entry->note || builtin_find(entry->word))
        return true;
    return add_row(collector, &(struct command_row){.note = *entry->note});
}

static int compare_rows(const void *a, const void *b)
{
    const struct command_row *left = a, *right = b;
    return strcmp(left->word, right->word);
}

/* Rows move while the array grows, so their texts are pointed at only now. */
static void finish(struct command_list *list)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < list->count; i++) {
            struct command_row *row = &list->rows[i];
            row->word = row->built_in ? row->built_in->name : row->note.command;
            row->summary = row->built_in ? row->built_in->summary : row->note.summary;
        }
        if (pass == 0 && list->count)
            qsort(list->rows, list->count, sizeof *list->rows, compare_rows);
    }
}

plexctl_status command_list_load(struct loader *loader, struct command_list *ret_list, struct error *err)
{
    struct collector collector = {0};
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; i < builtins_count && !collector.has_failed; i++)
        (void)add_row(&collector, &(struct command_row){.built_in = builtins[i].command});
    if (!collector.has_failed)
        status = loader_each(loader, add_entry, &collector, err);
    if (collector.has_failed)
        status = error_no_memory(err);
    if (status != PLEXCTL_OK) {
        command_list_release(&collector.list);
        return status;
    }
    finish(&collector.list);
    *ret_list = collector.list;
    return PLEXCTL_OK;
}

void command_list_release(struct command_list *list)
{
    free(list->rows);
    *list = (struct command_list)COMMAND_LIST_INIT;
}

plexctl_status command_list_open(struct loader *loader, const char *word, const struct plexctl_command **ret_record,
                                 struct error *err)
{
    const struct builtin *builtin = builtin_find(word);
    struct loaded_plugin plugin = {0};

    if (builtin) {
        *ret_record = builtin->command;
        return PLEXCTL_OK;
    }
    if (!text_is_command_word(word))
        return error_set(err, PLEXCTL_NOT_FOUND, "no command word");
    plexctl_status status = loader_open(loader, word, &plugin, err);
    if (status != PLEXCTL_OK)
        return status;
    *ret_record = plugin.plugin->command; /* which outlives the loaded_plugin */
    loaded_plugin_release(&plugin);
    return PLEXCTL_OK;
}

plexctl_status command_list_unknown(struct loader *loader, const char *word, struct error *err)
{
    auto_command_list struct command_list list = COMMAND_LIST_INIT;
    auto_buf struct buf shown = BUF_FIXED(ERROR_TEXT_SIZE);
    auto_buf struct buf advice = BUF_FIXED(ERROR_TEXT_SIZE);
    struct suggestion suggestion;
    plexctl_status status = command_list_load(loader, &list, err);

    if (status != PLEXCTL_OK)
        return status;
    suggestion_begin(&suggestion, word, strlen(word));
    for (size_t i = 0; i < list.count; i++)
        suggestion_consider(&suggestion, list.rows[i].word, strlen(list.rows[i].word));
    option_value_quote(&shown, word);
    if (!suggestion_ask(&suggestion, "\"", "\"", &advice))
        buf_append_text(&advice, "see `plexctl help` for what is installed");
    return error_set(err, PLEXCTL_USAGE, "unknown command %s; %s", buf_text(&shown), buf_text(&advice));
}
