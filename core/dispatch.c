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

/* What stands behind "--" is not parsed. */
static void take_rest(struct app *app, struct option_line *line)
{
    for (int i = line->next; i < line->argc; i++) {
        if (strcmp(line->argv[i], "--") == 0) {
            app->rest = line->argv + i + 1;
            app->rest_count = (size_t)(line->argc - i - 1);
            line->argc = i;
        }
    }
}

/* A plugin's command is run as a builtin. */
static plexctl_status run_record(struct app *app, const struct builtin *builtin, struct option_line *line,
                                 struct error *err)
{
    if (builtin->takes_rest)
        take_rest(app, line);
    plexctl_status status = options_parse(line, builtin->command, &app->command, err);
    if (status != PLEXCTL_OK)
        return status;
    trace_configure(&app->persistent);
    app->parent = app->command == builtin->command ? NULL : builtin->command;
    if (option_values_is_set(&app->persistent, "help"))
        return show_help(app, err);
    status = check_format(app, err);
    if (status != PLEXCTL_OK)
        return status;
    if (app->plugin_path && !app->command->run)
        return show_help(app, err);
    app->may_save = app->may_save && (app->command->needs & PLEXCTL_NEEDS_CREDENTIALS);
    status = preconditions_meet(app, err);
    if (status != PLEXCTL_OK)
        return status;
    return builtin->run(app, err);
}

static plexctl_status run_plugin(struct app *app, const char *word, struct option_line *line, struct error *err)
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
    const struct builtin as_builtin = {.command = plugin.plugin->command, .run = host_run};
    status = run_record(app, &as_builtin, line, err);
    loaded_plugin_release(&plugin);
    return status;
}

/* `plexctl --version` is `plexctl version`, as everywhere. */
static plexctl_status find_word(struct option_line *line, const char **ret_word, struct error *err)
{
    plexctl_status status = options_split(line, ret_word, err);

    if (status == PLEXCTL_OK && option_values_is_set(line->persistent, "version"))
        *ret_word = "version";
    return status;
}

static plexctl_status run(struct app *app, struct option_line *line, struct error *err)
{
    const char *word = NULL;
    plexctl_status status = find_word(line, &word, err);
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
        return run_record(app, builtin, line, err);
    return run_plugin(app, word, line, err);
}

plexctl_status dispatch(int argc, char *const argv[], struct error *err)
{
    struct app app = {0};
    struct option_line line = {.argc = argc, .argv = argv, .persistent = &app.persistent, .values = &app.values};

    if (completion_is_asked(argc, argv))
        return completion_answer(argc, argv, err);
    plexctl_status status = run(&app, &line, err);

    settings_release(&app.settings);
    option_values_release(&app.values);
    option_values_release(&app.persistent);
    credential_store_free(app.store);
    loader_free(app.loader);
    return status;
}
