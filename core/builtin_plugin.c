/* SPDX-License-Identifier: Apache-2.0 */
#include "builtin_plugin.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "builtins.h"
#include "output.h"
#include "plugin_probe.h"

#define INERT_ALL_BUT_OUTPUT \
    (PLEXCTL_INERT_SERVER | PLEXCTL_INERT_PROFILE | PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_YES | \
     PLEXCTL_INERT_REVEAL_SECRETS)

static const struct plexctl_column list_columns[] = {
    {"command", "COMMAND"}, {"version", "VERSION"}, {"abi", "ABI"}, {"verdict", "VERDICT"}, {"path", "PATH"}};
static const struct plexctl_column doctor_columns[] = {{"status", "STATUS"}, {"file", "FILE"}, {"finding", "FINDING"}};

const struct plexctl_command builtin_plugin_list = {
    .size = sizeof builtin_plugin_list,
    .inert = INERT_ALL_BUT_OUTPUT,
    .name = "list",
    .summary = "List the plugins that were found, and whether they are run",
    .description =
        "A plugin is \"ok\", \"refused\" (see `plexctl plugin doctor`), or \"shadowed\" by an earlier one of the "
        "same command.\n",
    .columns = PLEXCTL_ROWS(list_columns),
};

const struct plexctl_command builtin_plugin_doctor = {
    .size = sizeof builtin_plugin_doctor,
    .inert = INERT_ALL_BUT_OUTPUT,
    .name = "doctor",
    .summary = "Say which plugins are not run, why, and how to mend it",
    .description = "Opens every plugin that would be run, each in a process of its own. Fails where one is refused.\n",
    .columns = PLEXCTL_ROWS(doctor_columns),
};

static plexctl_status emit(struct app *app, struct plexctl_json *result, struct error *err)
{
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
    const struct output_style style = {.format = app->format, .columns = &app->command->columns};
    plexctl_status status = output_render(result, &style, &text, err);

    return status == PLEXCTL_OK ? output_write(buf_text(&text), text.len, err) : status;
}

static plexctl_status set_text(struct plexctl_json *object, const char *key, const char *text)
{
    return json_set(object, key, text ? json_new_string(text) : json_new_null());
}

/* What runs in place of the entry's file; NULL if nothing does. */
static const char *shadow_of(const struct plugin_entry *entry)
{
    if (entry->shadowed_by)
        return entry->shadowed_by;
    return builtin_find(entry->word) ? "plexctl's own command" : NULL;
}

/* List */

struct list {
    struct plexctl_json *rows;
    plexctl_status status;
};

static const char *verdict(const struct plugin_entry *entry)
{
    if (entry->refusal->status != PLEXCTL_OK)
        return "refused";
    return shadow_of(entry) ? "shadowed" : "ok";
}

static plexctl_status fill_row(struct plexctl_json *row, const struct plugin_entry *entry)
{
    auto_buf struct buf abi = BUF_FIXED(64);

    if (entry->note)
        buf_appendf(&abi, "%u.%u", (unsigned)entry->note->abi_major, (unsigned)entry->note->abi_minor);
    if (abi.failed != PLEXCTL_OK || set_text(row, "command", entry->word[0] ? entry->word : NULL) != PLEXCTL_OK ||
        set_text(row, "version", entry->note ? entry->note->version : NULL) != PLEXCTL_OK ||
        set_text(row, "abi", entry->note ? buf_text(&abi) : NULL) != PLEXCTL_OK ||
        set_text(row, "path", entry->path) != PLEXCTL_OK ||
        json_set(row, "built_in", json_new_boolean(entry->is_built_in)) != PLEXCTL_OK ||
        set_text(row, "verdict", verdict(entry)) != PLEXCTL_OK)
        return PLEXCTL_NO_MEMORY;
    return PLEXCTL_OK;
}

static bool list_entry(void *context, const struct plugin_entry *entry)
{
    struct list *list = context;
    struct plexctl_json *row = json_new_object();

    list->status = fill_row(row, entry);
    if (list->status == PLEXCTL_OK)
        list->status = json_append(list->rows, row);
    else
        json_free(row);
    return list->status == PLEXCTL_OK;
}

plexctl_status builtin_plugin_run_list(struct app *app, struct error *err)
{
    struct list list = {.rows = json_new_array()};
    plexctl_status status = loader_each(app->loader, list_entry, &list, err);

    if (status == PLEXCTL_OK && (!list.rows || list.status != PLEXCTL_OK))
        status = error_no_memory(err);
    if (status == PLEXCTL_OK)
        status = emit(app, list.rows, err);
    json_free(list.rows);
    return status;
}

/* Doctor */

struct doctor {
    struct plexctl_json *findings;
    char (*words)[32]; /* malloc'd: of the plugins that would run */
    char **paths;      /* malloc'd, each malloc'd */
    size_t count, capacity;
    size_t seen, refused;
    plexctl_status status;
};

static plexctl_status add_finding(struct doctor *doctor, const char *file, const char *status, const char *text)
{
    struct plexctl_json *row = json_new_object();

    if (set_text(row, "file", file) != PLEXCTL_OK || set_text(row, "status", status) != PLEXCTL_OK ||
        set_text(row, "finding", text) != PLEXCTL_OK) {
        json_free(row);
        return PLEXCTL_NO_MEMORY;
    }
    return json_append(doctor->findings, row);
}

static plexctl_status grow(struct doctor *doctor)
{
    size_t capacity = doctor->capacity ? doctor->capacity * 2 : 16;
    void *words = reallocarray(doctor->words, capacity, sizeof *doctor->words);

    if (!words)
        return PLEXCTL_NO_MEMORY;
    doctor->words = words;
    void *paths = reallocarray(doctor->paths, capacity, sizeof *doctor->paths);
    if (!paths)
        return PLEXCTL_NO_MEMORY;
    doctor->paths = paths;
    doctor->capacity = capacity;
    return PLEXCTL_OK;
}

static plexctl_status add_healthy(struct doctor *doctor, const struct plugin_entry *entry)
{
    if (doctor->count == doctor->capacity && grow(doctor) != PLEXCTL_OK)
        return PLEXCTL_NO_MEMORY;
    char *path = strdup(entry->path);
    if (!path)
        return PLEXCTL_NO_MEMORY;
    (void)strncpy(doctor->words[doctor->count], entry->word, sizeof *doctor->words - 1);
    doctor->words[doctor->count][sizeof *doctor->words - 1] = '\0';
    doctor->paths[doctor->count++] = path;
    return PLEXCTL_OK;
}

static bool examine_entry(void *context, const struct plugin_entry *entry)
{
    struct doctor *doctor = context;
    const char *shadow = shadow_of(entry);

    doctor->seen++;
    if (entry->refusal->status != PLEXCTL_OK) {
        doctor->refused++;
        doctor->status = add_finding(doctor, entry->path, "refused", entry->refusal->text);
    } else if (shadow) {
        auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
        buf_appendf(&text, "never run: %s comes first; remove or rename one of them", shadow);
        doctor->status = text.failed != PLEXCTL_OK ? PLEXCTL_NO_MEMORY
                                                   : add_finding(doctor, entry->path, "shadowed", buf_text(&text));
    } else {
        doctor->status = add_healthy(doctor, entry);
    }
    return doctor->status == PLEXCTL_OK;
}

static plexctl_status probe_each(struct doctor *doctor, struct loader *loader, struct error *err)
{
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; status == PLEXCTL_OK && i < doctor->count; i++) {
        struct error finding = ERROR_INIT;
        status = plugin_probe(loader, doctor->words[i], PLUGIN_PROBE_LIMIT_MS, &finding, err);
        if (status != PLEXCTL_OK || finding.status == PLEXCTL_OK)
            continue;
        doctor->refused++;
        if (add_finding(doctor, doctor->paths[i], "refused", finding.text) != PLEXCTL_OK)
            status = error_no_memory(err);
    }
    return status;
}

static plexctl_status report(struct doctor *doctor, struct app *app, struct error *err)
{
    auto_buf struct buf line = BUF_FIXED(256);
    plexctl_status status;

    if (app->format == PLEXCTL_OUTPUT_TABLE && json_length(doctor->findings) == 0) {
        buf_appendf(&line, "all %zu plugins are well", doctor->seen);
        status = output_line(buf_text(&line), err);
    } else {
        status = emit(app, doctor->findings, err);
    }
    if (status == PLEXCTL_OK && doctor->refused)
        status =
            error_set(err, PLEXCTL_FAILED, "%zu of %zu plugins %s refused; standard output says why and how to mend it",
                      doctor->refused, doctor->seen, doctor->refused == 1 ? "is" : "are");
    return status;
}

plexctl_status builtin_plugin_run_doctor(struct app *app, struct error *err)
{
    struct doctor doctor = {.findings = json_new_array()};
    plexctl_status status = loader_each(app->loader, examine_entry, &doctor, err);

    if (status == PLEXCTL_OK && (!doctor.findings || doctor.status != PLEXCTL_OK))
        status = error_no_memory(err);
    if (status == PLEXCTL_OK)
        status = probe_each(&doctor, app->loader, err);
    if (status == PLEXCTL_OK)
        status = report(&doctor, app, err);
    for (size_t i = 0; i < doctor.count; i++)
        free(doctor.paths[i]);
    free(doctor.paths);
    free(doctor.words);
    json_free(doctor.findings);
    return status;
}
