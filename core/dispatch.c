/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch.h"

#include <string.h>
#include <unistd.h>

#include "app.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "builtins.h"
#include "command_list.h"
#include "completion_answer.h"
#include "help.h"
#include "host.h"
#include "output.h"
#include "preconditions.h"
#include "trace.h"

static plexctl_status check_format(struct app *app, struct error *err)
{
    const char *output = option_values_text(&app->persistent, "output");

    app->format = PLEXCTL_OUTPUT_TABLE;
    return output ? output_format_parse(output, &app->format, err) : PLEXCTL_OK;
}

/* The command */

static plexctl_status show_help(struct app *app, struct error *err)
{
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
    const struct help_page page = help_page_for(STDOUT_FILENO, &text);
    plexctl_status status = app->command ? help_command_short(app->command, app->parent, &page, err)
                                         : help_program_short(app->loader, &page, err);

    return status == PLEXCTL_OK ? output_write(buf_text(&text), text.len, err) : status;
}

struct words {
    int argc;
    char *const *argv;
    int first; /* index behind the command word */
};

/* The number of words that are parsed. */
static int take_rest(struct app *app, const struct builtin *builtin, const struct words *words)
{
    for (int i = words->first; builtin && builtin->takes_rest && i < words->argc; i++) {
        if (strcmp(words->argv[i], "--") == 0) {
            app->rest = words->argv + i + 1;
            app->rest_count = (size_t)(words->argc - i - 1);
            return i;
        }
    }
    return words->argc;
}

/* `builtin` NULL: the record is a plugin's. */
static plexctl_status run_record(struct app *app, const struct plexctl_command *record, const struct builtin *builtin,
                                 const struct words *words, struct error *err)
{
    plexctl_status status = options_parse(record, take_rest(app, builtin, words), words->argv, words->first,
                                          &app->persistent, &app->values, &app->command, err);

    if (status != PLEXCTL_OK)
        return status;
    trace_configure(&app->persistent);
    app->parent = app->command == record ? NULL : record;
    if (option_values_is_set(&app->persistent, "help"))
        return show_help(app, err);
    status = check_format(app, err);
    if (status != PLEXCTL_OK)
        return status;
    if (!builtin && !app->command->run)
        return show_help(app, err);
    app->may_save = app->may_save && (app->command->needs & PLEXCTL_NEEDS_CREDENTIALS);
    status = preconditions_meet(app, err);
    if (status != PLEXCTL_OK)
        return status;
    return builtin ? builtin->run(app, err) : host_run(app, err);
}

static plexctl_status run_plugin(struct app *app, const char *word, const struct words *words, struct error *err)
{
    struct loaded_plugin plugin = {0};

    if (!text_is_command_word(word))
        return command_list_unknown(app->loader, word, err);
    plexctl_status status = loader_open(app->loader, word, &plugin, err);
    if (status == PLEXCTL_NOT_FOUND)
        return command_list_unknown(app->loader, word, err);
    if (status != PLEXCTL_OK)
        return status;
    app->may_save = plugin.is_built_in;
    app->plugin_path = plugin.path;
    status = run_record(app, plugin.plugin->command, NULL, words, err);
    loaded_plugin_release(&plugin);
    return status;
}

/* `plexctl --version` is `plexctl version`, as everywhere. */
static plexctl_status find_word(struct app *app, struct words *words, const char **ret_word, struct error *err)
{
    plexctl_status status = options_split(words->argc, words->argv, &app->persistent, ret_word, &words->first, err);

    if (status == PLEXCTL_OK && option_values_is_set(&app->persistent, "version"))
        *ret_word = "version";
    return status;
}

static plexctl_status run(struct app *app, int argc, char *const argv[], struct error *err)
{
    struct words words = {.argc = argc, .argv = argv};
    const char *word = NULL;
    plexctl_status status = find_word(app, &words, &word, err);
    const struct builtin *builtin = word ? builtin_find(word) : NULL;

    if (status == PLEXCTL_OK)
        status = credential_store_new(output_warning, &app->store, err);
    if (status == PLEXCTL_OK && !(builtin && builtin->needs_no_loader))
        status = loader_new(&app->loader, err);
    if (status != PLEXCTL_OK)
        return status;
    settings_init(&app->settings, &app->persistent, app->store);
    if (!word)
        return show_help(app, err);
    if (builtin)
        return run_record(app, builtin->command, builtin, &words, err);
    return run_plugin(app, word, &words, err);
}

plexctl_status dispatch(int argc, char *const argv[], struct error *err)
{
    struct app app = {0};

    if (completion_is_asked(argc, argv))
        return completion_answer(argc, argv, err);
    plexctl_status status = run(&app, argc, argv, err);

    settings_release(&app.settings);
    option_values_release(&app.values);
    option_values_release(&app.persistent);
    credential_store_free(app.store);
    loader_free(app.loader);
    return status;
}
