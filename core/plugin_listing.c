/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin_listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

struct listing {
    struct plugin_directory *rows;
    plugin_visit *visit;
    void *context;
    bool is_ended;
};

/* *ret_path is malloc'd: the same word's file in the first directory before `index` that has one; NULL for none. */
static plexctl_status find_shadow(const struct listing *listing, size_t index, const char *path, char **ret_path,
                                  struct error *err)
{
    const char *name = strrchr(path, '/') + 1;

    *ret_path = NULL;
    for (size_t i = 0; i < index; i++) {
        if (!plugin_directory_holds(&listing->rows[i], name))
            continue;
        if (asprintf(ret_path, "%s/%s", listing->rows[i].path, name) >= 0)
            return PLEXCTL_OK;
        *ret_path = NULL;
        return error_no_memory(err);
    }
    return PLEXCTL_OK;
}

static plexctl_status visit_file(struct listing *listing, size_t index, const char *word, struct error *err)
{
    const struct plugin_directory *directory = &listing->rows[index];
    auto_free char *path = NULL;
    auto_free char *shadow = NULL;
    struct plugin_file file = {.file.fd = -1};
    struct error refusal = ERROR_INIT;
    plexctl_status status = plugin_directory_join(directory, word, &path, err);

    if (status == PLEXCTL_OK)
        status = find_shadow(listing, index, path, &shadow, err);
    if (status != PLEXCTL_OK)
        return status;
    bool is_fit = plugin_directory_examine(directory, path, &file, &refusal) == PLEXCTL_OK;
    auto_fd int fd = file.file.fd;
    (void)fd;
    if (refusal.status == PLEXCTL_NO_MEMORY)
        return error_no_memory(err);
    const struct plugin_entry entry = {.word = word,
                                       .path = path,
                                       .note = is_fit ? &file.note : NULL,
                                       .shadowed_by = shadow,
                                       .refusal = &refusal,
                                       .is_built_in = directory->is_built_in};
    listing->is_ended = !listing->visit(listing->context, &entry);
    return PLEXCTL_OK;
}

static plexctl_status visit_refused(struct listing *listing, const struct plugin_directory *directory,
                                    const struct error *refusal, struct error *err)
{
    const struct plugin_entry entry = {
        .word = "", .path = directory->path, .refusal = refusal, .is_built_in = directory->is_built_in};

    if (refusal->status == PLEXCTL_NOT_FOUND)
        return PLEXCTL_OK;
    if (refusal->status == PLEXCTL_NO_MEMORY)
        return error_no_memory(err);
    listing->is_ended = !listing->visit(listing->context, &entry);
    return PLEXCTL_OK;
}

static plexctl_status visit_directory(struct listing *listing, size_t index, struct error *err)
{
    struct plugin_directory *directory = &listing->rows[index];
    struct plugin_words words = {0};
    struct error refusal = ERROR_INIT;
    plexctl_status status = plugin_directory_open(directory, &refusal);

    if (status == PLEXCTL_OK)
        status = plugin_directory_list(directory, &words, &refusal);
    if (status != PLEXCTL_OK)
        return visit_refused(listing, directory, &refusal, err);
    for (size_t i = 0; status == PLEXCTL_OK && !listing->is_ended && i < words.count; i++)
        status = visit_file(listing, index, words.rows[i], err);
    free(words.rows);
    return status;
}

plexctl_status plugin_listing_each(struct plugin_directory *rows, size_t count, plugin_visit *visit, void *context,
                                   struct error *err)
{
    struct listing listing = {.rows = rows, .visit = visit, .context = context};
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; status == PLEXCTL_OK && !listing.is_ended && i < count; i++)
        status = visit_directory(&listing, i, err);
    return status;
}
