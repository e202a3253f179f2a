/* SPDX-License-Identifier: Apache-2.0 */
#include "completion_answer.h"

#include <stdint.h>
#include <string.h>

#include "builtins.h"
#include "child.h"
#include "command_list.h"
#include "completion_values.h"
#include "output.h"

/* Words of plexctl's own */

static plexctl_status add_commands(struct loader *loader, struct candidates *candidates, struct error *err)
{
    auto_command_list struct command_list list = COMMAND_LIST_INIT;
    plexctl_status status = command_list_load(loader, &list, err);

    for (size_t i = 0; status == PLEXCTL_OK && i < list.count; i++)
        status = candidates_add(candidates, list.rows[i].word, list.rows[i].summary, err);
    return status;
}

static plexctl_status add_subcommands(const struct plexctl_command *command, struct candidates *candidates,
                                      struct error *err)
{
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; status == PLEXCTL_OK && command && command->subcommands && command->subcommands[i]; i++)
        status = candidates_add(candidates, command->subcommands[i]->name, command->subcommands[i]->summary, err);
    return status;
}

static plexctl_status add_help_words(struct loader *loader, const struct completion_place *place,
                                     struct candidates *candidates, struct error *err)
{
    const struct plexctl_command *record = NULL;

    if (place->argument_count == 0)
        return add_commands(loader, candidates, err);
    if (place->argument_count > 1)
        return PLEXCTL_OK;
    plexctl_status status = completion_place_record(loader, place->last_argument, &record, err);
    return status == PLEXCTL_OK ? add_subcommands(record, candidates, err) : status;
}

static plexctl_status add_flags_of(const struct plexctl_flags *flags, struct candidates *candidates, struct error *err)
{
    plexctl_status status = PLEXCTL_OK;

    for (uint32_t i = 0; status == PLEXCTL_OK && i < flags->count; i++) {
        struct plexctl_flag flag = options_flag_at(flags, i);
        auto_buf struct buf name = BUF_INIT(SIZE_MAX / 2);
        const char letter[] = {'-', (char)flag.letter, '\0'};
        buf_appendf(&name, "--%s", flag.name);
        status = buf_check(&name, "a flag's name", err);
        if (status == PLEXCTL_OK)
            status = candidates_add(candidates, buf_text(&name), flag.help, err);
        if (status == PLEXCTL_OK && flag.letter)
            status = candidates_add(candidates, letter, flag.help, err);
    }
    return status;
}

static plexctl_status add_flags(const struct completion_place *place, struct candidates *candidates, struct error *err)
{
    static const struct plexctl_flag version_rows[] = {{.name = "version", .help = "Print the version"}};
    static const struct plexctl_flags version = PLEXCTL_ROWS(version_rows);
    plexctl_status status = PLEXCTL_OK;

    if (place->command && !place->is_lost)
        status = add_flags_of(&place->command->flags, candidates, err);
    if (status == PLEXCTL_OK)
        status = add_flags_of(&options_persistent, candidates, err);
    return status == PLEXCTL_OK && !place->command ? add_flags_of(&version, candidates, err) : status;
}

/* Which of them */

static plexctl_status add_plain(struct completion_question *question, struct candidates *candidates, struct error *err)
{
    const struct completion_place *place = &question->place;
    const struct plexctl_command *command = place->command;
    struct loader *loader = question->app.loader;

    candidates->no_dash = !place->flags_ended;
    if (place->is_lost)
        return PLEXCTL_OK;
    if (!command)
        return add_commands(loader, candidates, err);
    if (command == builtin_find("help")->command)
        return add_help_words(loader, place, candidates, err);
    if (place->argument_count >= command->arguments.count)
        return add_subcommands(command, candidates, err);
    struct plexctl_argument argument = options_argument_at(&command->arguments, place->argument_count);
    const struct plexctl_flag as_flag = {.name = argument.name, .type = argument.type, .complete = argument.complete};
    return completion_values_add(question, &as_flag, candidates, err);
}

static plexctl_status add_all(struct completion_question *question, struct candidates *candidates, struct error *err)
{
    const struct completion_place *place = &question->place;

    candidates->typed = question->words.rows[question->words.count - 1] + place->before;
    if (place->has_flag)
        return completion_values_add(question, &place->flag, candidates, err);
    if (!place->flags_ended && candidates->typed[0] == '-')
        return add_flags(place, candidates, err);
    return add_plain(question, candidates, err);
}

/* The process */

static plexctl_status prepare(struct completion_question *question, int argc, char *const argv[], struct error *err)
{
    struct app *app = &question->app;
    plexctl_status status = PLEXCTL_FAILED;

    question->is_bash = argc == 5 && strcmp(argv[2], "bash") == 0;
    if (question->is_bash)
        status = shell_words_split(argv[3], argv[4], &question->words, err);
    else if (argc > 3 && strcmp(argv[2], "words") == 0)
        status = shell_words_copy(argc - 3, argv + 3, &question->words, err);
    if (status == PLEXCTL_OK)
        status = loader_new(&app->loader, err);
    if (status == PLEXCTL_OK)
        status = credential_store_new(output_warning, &app->store, err);
    return status == PLEXCTL_OK ? completion_place_find(app->loader, &question->words, &question->place, err) : status;
}

static void release(struct completion_question *question)
{
    settings_release(&question->app.settings);
    option_values_release(&question->app.values);
    option_values_release(&question->app.persistent);
    credential_store_free(question->app.store);
    loader_free(question->app.loader);
    shell_words_release(&question->words);
}

struct arguments {
    int argc;
    char *const *argv;
};

static void answer(void *context, struct buf *out)
{
    const struct arguments *arguments = context;
    auto_candidates struct candidates candidates = CANDIDATES_INIT;
    struct completion_question question = {0};
    struct error ignored = ERROR_INIT;

    if (prepare(&question, arguments->argc, arguments->argv, &ignored) == PLEXCTL_OK) {
        if (!question.words.is_active)
            (void)add_all(&question, &candidates, &ignored);
        candidates_print(&candidates, &question.words, question.place.before, question.is_bash, out);
    }
    release(&question);
}

bool completion_is_asked(int argc, char *const argv[])
{
    return argc > 1 && strcmp(argv[1], "__complete") == 0;
}

plexctl_status completion_answer(int argc, char *const argv[], struct error *err)
{
    struct arguments arguments = {argc, argv};
    struct child child = {.run = answer, .context = &arguments, .limit_ms = COMPLETION_LIMIT_MS};
    auto_buf struct buf text = BUF_INIT(8 * CANDIDATES_MAX_BYTES);

    if (child_run(&child, &text, err) == PLEXCTL_OK && child.has_answered)
        (void)output_write(buf_text(&text), text.len, err);
    error_clear(err);
    return PLEXCTL_OK;
}
