/* SPDX-License-Identifier: Apache-2.0 */
#include "builtin_plugin.h"

#include <stdint.h>

#include "builtins.h"
#include "output.h"
#include "plugin_probe.h"
#include "refusal.h"

static const struct plexctl_column list_columns[] = {{"command", "COMMAND"}, {"version", "VERSION"}, {"abi", "ABI"},
                                                     {"verdict", "VERDICT"}, {"needs", "NEEDS"},     {"path", "PATH"}};

const struct plexctl_command builtin_plugin_list = {
    .size = sizeof builtin_plugin_list,
    .inert = INERT_ALL_BUT_OUTPUT,
    .name = "list",
    .summary = "List the plugins that were found, and whether they are run",
    .description =
        "A plugin is \"ok\", \"refused\" (see `plexctl plugin doctor`), or \"shadowed\" by an earlier one of the "
        "same command.\n\nWhat it needs, of a server, a token and the right to save profiles, is in its code: it is "
        "opened in a process of its own, once its file is trusted and its note passes.\n",
    .examples = "plexctl plugin list\nplexctl plugin list --output json",
    .columns = PLEXCTL_ROWS(list_columns),
};

const struct plexctl_command builtin_plugin_doctor = {
    .size = sizeof builtin_plugin_doctor,
    .inert = INERT_ALL_BUT_OUTPUT,
    .name = "doctor",
    .summary = "Say which plugins are not run, why, and how to mend it",
    .description = "Opens every plugin that would be run, each in a process of its own. Fails where one is refused.\n",
    .examples = "plexctl plugin doctor\nplexctl plugin doctor --output yaml",
};

static plexctl_status emit(struct app *app, struct plexctl_json *result, struct error *err)
{
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
    const struct output_style style = output_style_for_stdout(app->format, false, &app->command->columns);
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

/* What both look at of one entry. `reason` is why it is refused, by its file or when it was opened; of status
 * PLEXCTL_OK where it is not. */
struct examination {
    const struct plugin_entry *entry;
    const char *shadow;
    const struct error *reason;
    struct plugin_probe probe;
};

/* Only what would be run is opened: another file of the same word would be opened in place of a shadowed one. */
static plexctl_status examine(struct loader *loader, struct examination *examination, struct error *err)
{
    const struct plugin_entry *entry = examination->entry;

    examination->shadow = shadow_of(entry);
    examination->reason = entry->refusal;
    examination->probe = (struct plugin_probe){.word = entry->word, .limit_ms = PLUGIN_PROBE_LIMIT_MS};
    if (entry->refusal->status != PLEXCTL_OK || examination->shadow)
        return PLEXCTL_OK;
    examination->reason = &examination->probe.finding;
    return plugin_probe_run(loader, &examination->probe, err);
}

static const char *verdict(const struct examination *examination)
{
    if (examination->reason->status != PLEXCTL_OK)
        return "refused";
    return examination->shadow ? "shadowed" : "ok";
}

/* Puts a part of the facts into the row; an empty array or null, as `is_array` says, where they have none. */
static plexctl_status set_fact(struct plexctl_json *row, const char *key, const struct examination *examination,
                               bool is_array)
{
    const struct plexctl_json *fact = json_get(examination->probe.facts, key);

    if (json_type(fact) == PLEXCTL_JSON_ARRAY)
        return json_set(row, key, json_copy(fact));
    return json_set(row, key, is_array ? json_new_array() : json_new_null());
}

/* The walk */

/* Over all that lies in the search path; what `visit` is given. Where it ends the walk, `failure` says why. */
struct walk {
    struct app *app;
    struct plexctl_json *rows;
    struct error failure;
};

/* The caller frees walk->rows, whatever comes of it. */
static plexctl_status walk_all(struct walk *walk, plugin_visit *visit, struct error *err)
{
    plexctl_status status = json_open(err);

    if (status == PLEXCTL_OK && !(walk->rows = json_new_array()))
        status = error_no_memory(err);
    if (status == PLEXCTL_OK)
        status = loader_each(walk->app->loader, visit, walk, err);
    if (status == PLEXCTL_OK && walk->failure.status != PLEXCTL_OK) {
        *err = walk->failure;
        status = err->status;
    }
    return status;
}

/* List */

static plexctl_status set_needs(struct plexctl_json *row, const struct examination *examination, int32_t format)
{
    const struct plexctl_json *needs = json_get(examination->probe.facts, "needs");

    if (format == PLEXCTL_OUTPUT_TABLE && json_type(needs) == PLEXCTL_JSON_ARRAY && json_length(needs) == 0)
        return set_text(row, "needs", "nothing"); /* where an empty array would show as an unknown one does */
    return set_fact(row, "needs", examination, false);
}

static plexctl_status fill_row(struct plexctl_json *row, const struct examination *examination, int32_t format)
{
    const struct plugin_entry *entry = examination->entry;
    auto_buf struct buf abi = BUF_FIXED(64);

    if (entry->note)
        buf_appendf(&abi, "%u.%u", (unsigned)entry->note->abi_major, (unsigned)entry->note->abi_minor);
    if (abi.failed != PLEXCTL_OK || set_text(row, "command", entry->word[0] ? entry->word : NULL) != PLEXCTL_OK ||
        set_text(row, "version", entry->note ? entry->note->version : NULL) != PLEXCTL_OK ||
        set_text(row, "abi", entry->note ? buf_text(&abi) : NULL) != PLEXCTL_OK ||
        set_text(row, "path", entry->path) != PLEXCTL_OK ||
        json_set(row, "built_in", json_new_boolean(entry->is_built_in)) != PLEXCTL_OK ||
        set_needs(row, examination, format) != PLEXCTL_OK ||
        set_fact(row, "subcommands", examination, false) != PLEXCTL_OK ||
        set_text(row, "verdict", verdict(examination)) != PLEXCTL_OK)
        return PLEXCTL_NO_MEMORY;
    return PLEXCTL_OK;
}

static bool list_entry(void *context, const struct plugin_entry *entry)
{
    struct walk *list = context;
    struct examination examination = {.entry = entry};
    struct plexctl_json *row = json_new_object();

    plexctl_status status = examine(list->app->loader, &examination, &list->failure);
    if (status == PLEXCTL_OK && fill_row(row, &examination, list->app->format) != PLEXCTL_OK)
        status = error_no_memory(&list->failure);
    if (status != PLEXCTL_OK)
        json_free(row);
    else if (json_append(list->rows, row) != PLEXCTL_OK)
        status = error_no_memory(&list->failure);
    plugin_probe_release(&examination.probe);
    return status == PLEXCTL_OK;
}

plexctl_status builtin_plugin_run_list(struct app *app, struct error *err)
{
    struct walk list = {.app = app};
    plexctl_status status = walk_all(&list, list_entry, err);

    if (status == PLEXCTL_OK)
        status = emit(app, list.rows, err);
    json_free(list.rows);
    return status;
}

/* Doctor */

struct doctor {
    struct walk walk;           /* first; its rows are the findings */
    size_t seen, refused;       /* plugins */
    size_t refused_directories; /* whose plugins nobody has looked at */
};

static plexctl_status set_part(struct plexctl_json *row, const char *key, const struct error *reason,
                               void (*part)(const struct error *reason, struct buf *out))
{
    auto_buf struct buf text = BUF_FIXED(ERROR_TEXT_SIZE);

    part(reason, &text);
    return set_text(row, key, text.len > 0 ? buf_text(&text) : NULL);
}

static plexctl_status describe_refused(struct plexctl_json *row, const struct examination *examination)
{
    const struct error *reason = examination->reason;
    const char *rule = refusal_word(reason);

    if (set_text(row, "rule", rule[0] ? rule : NULL) != PLEXCTL_OK ||
        set_part(row, "found", reason, refusal_found) != PLEXCTL_OK ||
        set_part(row, "wanted", reason, refusal_wanted) != PLEXCTL_OK ||
        set_part(row, "fix", reason, refusal_fix) != PLEXCTL_OK)
        return PLEXCTL_NO_MEMORY;
    return PLEXCTL_OK;
}

static plexctl_status describe_shadowed(struct plexctl_json *row, const struct examination *examination)
{
    if (set_text(row, "rule", "order") != PLEXCTL_OK ||
        set_text(row, "found",
                 examination->entry->shadowed_by ? "an earlier directory has a file of that name"
                                                 : "plexctl has that command itself") != PLEXCTL_OK ||
        set_text(row, "wanted", "one plugin for a command") != PLEXCTL_OK ||
        set_text(row, "fix",
                 examination->entry->shadowed_by ? "remove or rename one of them" : "rename it, and its command") !=
            PLEXCTL_OK)
        return PLEXCTL_NO_MEMORY;
    return PLEXCTL_OK;
}

static plexctl_status add_finding(struct doctor *doctor, const struct examination *examination)
{
    struct plexctl_json *row = json_new_object();
    bool is_refused = examination->reason->status != PLEXCTL_OK;

    if (set_text(row, "file", examination->entry->path) == PLEXCTL_OK &&
        set_text(row, "verdict", verdict(examination)) == PLEXCTL_OK &&
        (is_refused ? describe_refused : describe_shadowed)(row, examination) == PLEXCTL_OK &&
        set_text(row, "shadowed_by", examination->shadow) == PLEXCTL_OK &&
        set_fact(row, "missing_libraries", examination, true) == PLEXCTL_OK)
        return json_append(doctor->walk.rows, row) == PLEXCTL_OK ? PLEXCTL_OK : error_no_memory(&doctor->walk.failure);
    json_free(row);
    return error_no_memory(&doctor->walk.failure);
}

static bool examine_entry(void *context, const struct plugin_entry *entry)
{
    struct doctor *doctor = context;
    struct examination examination = {.entry = entry};
    bool is_directory = entry->word[0] == '\0';

    plexctl_status status = examine(doctor->walk.app->loader, &examination, &doctor->walk.failure);
    bool is_refused = status == PLEXCTL_OK && examination.reason->status != PLEXCTL_OK;
    if (!is_directory)
        doctor->seen++;
    if (is_refused)
        (*(is_directory ? &doctor->refused_directories : &doctor->refused))++;
    if (status == PLEXCTL_OK && (is_refused || examination.shadow))
        status = add_finding(doctor, &examination);
    plugin_probe_release(&examination.probe);
    return status == PLEXCTL_OK;
}

/* A block for each finding, with the lines that it has something for: no table of these fits a terminal. */
static plexctl_status print_blocks(const struct plexctl_json *findings, struct error *err)
{
    static const struct plexctl_column every[] = {
        {"file", "FILE"},     {"verdict", "VERDICT"},         {"rule", "RULE"}, {"found", "FOUND"},
        {"wanted", "WANTED"}, {"shadowed_by", "SHADOWED BY"}, {"fix", "FIX"},   {"missing_libraries", "MISSING"}};
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; status == PLEXCTL_OK && i < json_length(findings); i++) {
        const struct plexctl_json *finding = json_at(findings, i);
        struct plexctl_column shown[sizeof every / sizeof every[0]];
        struct plexctl_columns columns = {.rows = shown, .row_size = sizeof shown[0]};
        for (size_t j = 0; j < sizeof every / sizeof every[0]; j++) {
            const struct plexctl_json *value = json_get(finding, every[j].key);
            if (json_string(value) || json_length(value) > 0)
                shown[columns.count++] = every[j];
        }
        if (i > 0)
            buf_append_char(&text, '\n');
        const struct output_style style = output_style_for_stdout(PLEXCTL_OUTPUT_TABLE, false, &columns);
        status = output_render(finding, &style, &text, err);
    }
    return status == PLEXCTL_OK ? output_write(buf_text(&text), text.len, err) : status;
}

static plexctl_status count_refused(const struct doctor *doctor, struct error *err)
{
    auto_buf struct buf what = BUF_FIXED(256);
    size_t directories = doctor->refused_directories;

    if (doctor->refused)
        buf_appendf(&what, "%zu of %zu plugins%s", doctor->refused, doctor->seen, directories ? " and " : "");
    if (directories)
        buf_appendf(&what, "%zu director%s", directories, directories == 1 ? "y" : "ies");
    return error_set(err, PLEXCTL_FAILED, "%s %s refused; standard output says why and how to mend it", buf_text(&what),
                     doctor->refused + directories == 1 ? "is" : "are");
}

static plexctl_status report(const struct doctor *doctor, struct error *err)
{
    auto_buf struct buf line = BUF_FIXED(256);
    plexctl_status status;

    if (doctor->walk.app->format != PLEXCTL_OUTPUT_TABLE) {
        status = emit(doctor->walk.app, doctor->walk.rows, err);
    } else if (json_length(doctor->walk.rows) == 0) {
        buf_appendf(&line, "all %zu plugins are well", doctor->seen);
        status = output_line(buf_text(&line), err);
    } else {
        status = print_blocks(doctor->walk.rows, err);
    }
    if (status == PLEXCTL_OK && (doctor->refused || doctor->refused_directories))
        status = count_refused(doctor, err);
    return status;
}

plexctl_status builtin_plugin_run_doctor(struct app *app, struct error *err)
{
    struct doctor doctor = {.walk.app = app};
    plexctl_status status = walk_all(&doctor.walk, examine_entry, err);

    if (status == PLEXCTL_OK)
        status = report(&doctor, err);
    json_free(doctor.walk.rows);
    return status;
}
