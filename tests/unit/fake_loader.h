/* SPDX-License-Identifier: Apache-2.0
 *
 * fake_loader - stands in for core/loader.c in the test that includes it: plugins are rows of the test. Defined here
 * and not in a library, so that only that test gets it.
 */
#ifndef TESTS_FAKE_LOADER_H
#define TESTS_FAKE_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader.h"
#include "unit.h"

struct fake_plugin {
    const char *word;                      /* "" for a directory */
    const char *path;                      /* NULL: "/plugins/WORD.so" */
    const struct plexctl_command *command; /* what opening it yields */
    const char *refusal;                   /* why loader_each refuses it; NULL if not */
    const char *open_refusal;              /* why only loader_open refuses it; NULL if not */
    const char *shadowed_by;
    void (*constructor)(void); /* run when it is opened */
};

struct loader {
    const struct fake_plugin *rows;
    size_t count;
    plexctl_status each_status;     /* what loader_each comes to */
    unsigned opened;                /* loader_open calls */
    const struct http_module *http; /* NULL: there is none */
};

#define FAKE_LOADER(plugins) \
    { \
        .rows = (plugins), .count = sizeof(plugins) / sizeof((plugins)[0]) \
    }

static struct plexctl_note fake_note(const struct fake_plugin *row)
{
    struct plexctl_note note = {.abi_major = 1, .abi_minor = 0};

    (void)snprintf(note.command, sizeof note.command, "%s", row->word);
    (void)snprintf(note.version, sizeof note.version, "2.3.4");
    (void)snprintf(note.summary, sizeof note.summary, "%.95s", row->command ? row->command->summary : "");
    return note;
}

static bool fake_visit(const struct fake_plugin *row, bool is_built_in,
                       bool (*visit)(void *context, const struct plugin_entry *entry), void *context)
{
    struct plexctl_note note = fake_note(row);
    struct error refusal = ERROR_INIT;
    char path[256];
    char *word = strdup(row->word); /* freed at once: a visitor that keeps it is caught by valgrind */

    (void)snprintf(path, sizeof path, "%s%s%s", row->path ? row->path : "/plugins/", row->path ? "" : row->word,
                   row->path ? "" : ".so");
    if (row->refusal)
        (void)error_set(&refusal, PLEXCTL_FAILED, "%s", row->refusal);
    const struct plugin_entry entry = {.word = word ? word : row->word,
                                       .path = path,
                                       .note = row->refusal ? NULL : &note,
                                       .shadowed_by = row->shadowed_by,
                                       .refusal = &refusal,
                                       .is_built_in = is_built_in};
    bool goes_on = visit(context, &entry);
    free(word);
    return goes_on;
}

plexctl_status loader_each(struct loader *loader, bool (*visit)(void *context, const struct plugin_entry *entry),
                           void *context, struct error *err)
{
    if (loader->each_status != PLEXCTL_OK)
        return error_set(err, loader->each_status, "the fake loader fails");
    for (size_t i = 0; i < loader->count; i++) {
        if (!fake_visit(&loader->rows[i], i == 0, visit, context))
            break;
    }
    return PLEXCTL_OK;
}

plexctl_status loader_open(struct loader *loader, const char *word, struct loaded_plugin *ret_plugin, struct error *err)
{
    static struct plexctl_plugin plugin;

    loader->opened++;
    for (size_t i = 0; i < loader->count; i++) {
        const struct fake_plugin *row = &loader->rows[i];
        const char *why = row->refusal ? row->refusal : row->open_refusal;
        if (strcmp(row->word, word) != 0 || row->shadowed_by)
            continue;
        if (row->constructor)
            row->constructor();
        if (why)
            return error_set(err, PLEXCTL_FAILED, "%s", why);
        plugin = (struct plexctl_plugin){.size = sizeof plugin, .command = row->command};
        *ret_plugin = (struct loaded_plugin){.plugin = &plugin, .note = fake_note(row), .path = strdup(row->word)};
        if (!ret_plugin->path)
            return error_no_memory(err);
        return PLEXCTL_OK;
    }
    return error_set(err, PLEXCTL_NOT_FOUND, "no plugin serves \"%s\"", word);
}

plexctl_status loader_http(struct loader *loader, const struct http_module **ret_module, struct error *err)
{
    *ret_module = loader->http;
    return loader->http ? PLEXCTL_OK : error_set(err, PLEXCTL_FAILED, "the fake loader has no http module");
}

const char *loader_library_dir(const struct loader *loader)
{
    (void)loader;
    return "/opt/it's here/lib/plexctl";
}

void loaded_plugin_release(struct loaded_plugin *plugin)
{
    free(plugin->path);
    plugin->path = NULL;
}

#endif
