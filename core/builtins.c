/* SPDX-License-Identifier: Apache-2.0 */
#include "builtins.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "builtin_plugin.h"
#include "command_list.h"
#include "completion.h"
#include "env_command.h"
#include "help.h"
#include "man_page.h"
#include "option_fault.h"
#include "output.h"
#include "pager.h"
#include "plugin_check.h"
#include "plugin_new.h"

/* Records */

static const struct plexctl_flag help_flags[] = {
    {.name = "man", .help = "Print the command's man page (mdoc) instead", .type = PLEXCTL_BOOL},
};

static const struct plexctl_argument help_arguments[] = {
    {.name = "COMMAND", .help = "The command to explain", .type = PLEXCTL_STRING},
    {.name = "SUBCOMMAND", .help = "Its subcommand", .type = PLEXCTL_STRING},
};

static const struct plexctl_command help_record = {
    .size = sizeof help_record,
    .inert = INERT_ALL,
    .name = "help",
    .summary = "Explain plexctl or one of its commands",
    .examples = "plexctl help login\nplexctl help profile list\nplexctl help --man login > plexctl-login.1",
    .flags = PLEXCTL_ROWS(help_flags),
    .arguments = PLEXCTL_ROWS(help_arguments),
};

static const struct plexctl_command version_record = {
    .size = sizeof version_record,
    .inert = INERT_ALL_BUT_OUTPUT,
    .name = "version",
    .summary = "Print the version of plexctl and of its plugin ABI",
    .examples = "plexctl version\nplexctl version --output json",
};

static const struct plexctl_command bash_record = {
    .size = sizeof bash_record,
    .inert = INERT_ALL,
    .name = "bash",
    .summary = "Print the completion script for bash",
    .examples = "source <(plexctl completion bash)\n"
                "plexctl completion bash > ~/.local/share/bash-completion/completions/plexctl",
};

static const struct plexctl_command zsh_record = {
    .size = sizeof zsh_record,
    .inert = INERT_ALL,
    .name = "zsh",
    .summary = "Print the completion script for zsh",
    .examples = "source <(plexctl completion zsh)\n"
                "plexctl completion zsh > \"${fpath[1]}/_plexctl\"",
};

static const struct plexctl_command fish_record = {
    .size = sizeof fish_record,
    .inert = INERT_ALL,
    .name = "fish",
    .summary = "Print the completion script for fish",
    .examples = "plexctl completion fish | source\n"
                "plexctl completion fish > ~/.config/fish/completions/plexctl.fish",
};

static const struct plexctl_command *const shells[] = {&bash_record, &fish_record, &zsh_record, NULL};

static const struct plexctl_command completion_record = {
    .size = sizeof completion_record,
    .inert = INERT_ALL,
    .name = "completion",
    .summary = "Print a shell's completion script",
    .description =
        "The script asks plexctl at each Tab, so that it knows a plugin as soon as that is installed. Values "
        "complete as well: names of profiles, choices, files, and what a plugin has to offer.\n",
    .examples = "source <(plexctl completion bash)\nplexctl completion fish | source",
    .subcommands = shells,
};

static const struct plexctl_command *const plugin_subcommands[] = {&builtin_plugin_list, &builtin_plugin_doctor,
                                                                   &plugin_check_command, &plugin_new_command, NULL};

static const struct plexctl_command plugin_record = {
    .size = sizeof plugin_record,
    .inert = INERT_ALL_BUT_OUTPUT,
    .name = "plugin",
    .summary = "List plugins, diagnose and check them, begin a new one",
    .examples = "plexctl plugin list\nplexctl plugin new hello",
    .subcommands = plugin_subcommands,
};

/* Runs */

static plexctl_status print(const struct buf *text, plexctl_status status, struct error *err)
{
    return status == PLEXCTL_OK ? output_write(buf_text(text), text->len, err) : status;
}

static plexctl_status find_subcommand(const struct plexctl_command *record, const char *word,
                                      const struct plexctl_command **ret_record, struct error *err)
{
    const struct option_fault_place place = {.others = &record->flags, .command = record};

    for (size_t i = 0; record->subcommands && record->subcommands[i]; i++) {
        if (strcmp(record->subcommands[i]->name, word) == 0) {
            *ret_record = record->subcommands[i];
            return PLEXCTL_OK;
        }
    }
    return option_fault_unknown_subcommand(&place, word, err);
}

/* As reproducible builds want it, the date of the sources where it is named. */
static int64_t date_of_page(void)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    int64_t unix_s = 0;

    return epoch && text_to_integer(epoch, &unix_s) ? unix_s : (int64_t)time(NULL);
}

static plexctl_status show_long(const struct buf *text, plexctl_status status, struct error *err)
{
    return status == PLEXCTL_OK ? pager_write(buf_text(text), text->len, err) : status;
}

static plexctl_status run_help(struct app *app, struct error *err)
{
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
    const struct help_page page = help_page_for(STDOUT_FILENO, &text);
    const char *word = option_values_text(&app->values, "COMMAND");
    const char *subword = option_values_text(&app->values, "SUBCOMMAND");
    const struct plexctl_command *record = &help_record, *parent = NULL;
    bool wants_man = option_values_is_set(&app->values, "man");

    if (!word && wants_man)
        return error_set(err, PLEXCTL_USAGE, "help: --man wants a command; see `plexctl help`");
    if (!word)
        return show_long(&text, help_program(app->loader, &page, err), err);
    plexctl_status status = command_list_open(app->loader, word, &record, err);
    if (status == PLEXCTL_NOT_FOUND)
        return command_list_unknown(app->loader, word, err);
    if (status == PLEXCTL_OK && subword) {
        parent = record;
        status = find_subcommand(parent, subword, &record, err);
    }
    if (status == PLEXCTL_OK && wants_man)
        return print(&text, man_page(record, parent, date_of_page(), &text, err), err);
    if (status == PLEXCTL_OK)
        status = help_command(record, parent, &page, err);
    return show_long(&text, status, err);
}

static plexctl_status run_version(struct app *app, struct error *err)
{
    auto_buf struct buf text = BUF_INIT(4096);
    const struct output_style style = {.format = app->format};

    if (app->format == PLEXCTL_OUTPUT_TABLE)
        return output_line("plexctl " PACKAGE_VERSION, err);
    plexctl_status status = json_open(err);
    if (status != PLEXCTL_OK)
        return status;
    struct plexctl_json *result = json_new_object();
    status = json_set(result, "version", json_new_string(PACKAGE_VERSION));
    if (status == PLEXCTL_OK)
        status = json_set(result, "abi_major", json_new_integer(PLEXCTL_ABI_MAJOR));
    if (status == PLEXCTL_OK)
        status = json_set(result, "abi_minor", json_new_integer(PLEXCTL_ABI_MINOR));
    status = status == PLEXCTL_OK ? output_render(result, &style, &text, err) : error_no_memory(err);
    json_free(result);
    return print(&text, status, err);
}

/* For a command that only has subcommands. */
static plexctl_status show_help(const struct app *app, struct error *err)
{
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
    const struct help_page page = help_page_for(STDOUT_FILENO, &text);

    return print(&text, help_command_short(app->command, NULL, &page, err), err);
}

static plexctl_status run_completion(struct app *app, struct error *err)
{
    const char *script = NULL;

    if (app->command == &completion_record)
        return show_help(app, err);
    plexctl_status status = completion_script(app->command->name, &script, err);
    return status == PLEXCTL_OK ? output_write(script, strlen(script), err) : status;
}

static plexctl_status run_plugin(struct app *app, struct error *err)
{
    if (app->command == &plugin_check_command)
        return plugin_check_run(app, err);
    if (app->rest_count)
        return error_set(err, PLEXCTL_USAGE, "%s takes nothing behind \"--\"", app->command->name);
    if (app->command == &builtin_plugin_list)
        return builtin_plugin_run_list(app, err);
    if (app->command == &builtin_plugin_doctor)
        return builtin_plugin_run_doctor(app, err);
    if (app->command == &plugin_new_command)
        return plugin_new_run(app, err);
    return show_help(app, err);
}

const struct builtin builtins[] = {
    {.command = &completion_record, .run = run_completion, .needs_no_loader = true},
    {.command = &env_command, .run = env_command_run},
    {.command = &help_record, .run = run_help},
    {.command = &plugin_record, .run = run_plugin, .takes_rest = true},
    {.command = &version_record, .run = run_version, .needs_no_loader = true},
};
const size_t builtins_count = sizeof builtins / sizeof builtins[0];

const struct builtin *builtin_find(const char *word)
{
    for (size_t i = 0; i < builtins_count; i++) {
        if (strcmp(builtins[i].command->name, word) == 0)
            return &builtins[i];
    }
    return NULL;
}
