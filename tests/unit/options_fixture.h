/* SPDX-License-Identifier: Apache-2.0
 *
 * options_fixture - a plain command, one with subcommands, and a command line taken through options as dispatch does.
 */
#ifndef TESTS_OPTIONS_FIXTURE_H
#define TESTS_OPTIONS_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "options.h"
#include "unit.h"

#define UUID "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0b0"
#define MAX_WORDS 16

static inline plexctl_status do_nothing(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_flag flag_rows[] = {
    {.name = "domain-id", .help = "h", .type = PLEXCTL_UUID, .attributes = PLEXCTL_REQUIRED},
    {.name = "text", .help = "h", .type = PLEXCTL_STRING, .letter = 't'},
    {.name = "count", .help = "h", .type = PLEXCTL_INT, .default_value = "3", .minimum = -5, .maximum = 9},
    {.name = "force", .help = "h", .type = PLEXCTL_BOOL, .letter = 'f'},
    {.name = "password", .help = "h", .type = PLEXCTL_SECRET, .letter = 'p'},
    {.name = "wait",
     .help = "h",
     .type = PLEXCTL_DURATION,
     .default_value = "90s",
     .attributes = PLEXCTL_WAIVES_REQUIRED},
    {.name = "colour", .help = "h", .type = PLEXCTL_ENUM, .choices = "red|green"},
    {.name = "anyway", .help = "h", .type = PLEXCTL_BOOL, .attributes = PLEXCTL_WAIVES_REQUIRED},
};
static const struct plexctl_argument argument_rows[] = {
    {.name = "NAME", .help = "h", .type = PLEXCTL_STRING, .attributes = PLEXCTL_REQUIRED},
    {.name = "NUMBER", .help = "h", .type = PLEXCTL_INT},
};
static const struct plexctl_command plain = {.size = sizeof plain,
                                             .name = "plain",
                                             .summary = "s",
                                             .flags = PLEXCTL_ROWS(flag_rows),
                                             .arguments = PLEXCTL_ROWS(argument_rows),
                                             .run = do_nothing};

static const struct plexctl_flag tree_flags[] = {{.name = "deep", .help = "h", .type = PLEXCTL_BOOL}};
static const struct plexctl_flag show_flags[] = {{.name = "all", .help = "h", .type = PLEXCTL_BOOL, .letter = 'a'}};
static const struct plexctl_argument show_arguments[] = {{.name = "NAME", .help = "h", .type = PLEXCTL_PROFILE}};
static const struct plexctl_command list = {.size = sizeof list, .name = "list", .summary = "s", .run = do_nothing};
static const struct plexctl_command show = {.size = sizeof show,
                                            .name = "show",
                                            .summary = "s",
                                            .flags = PLEXCTL_ROWS(show_flags),
                                            .arguments = PLEXCTL_ROWS(show_arguments),
                                            .run = do_nothing};
static const struct plexctl_command *const below[] = {&list, &show, NULL};
static const struct plexctl_command tree = {
    .size = sizeof tree, .name = "tree", .summary = "s", .flags = PLEXCTL_ROWS(tree_flags), .subcommands = below};

/* One command line, as dispatch would take it. */
struct run {
    char words[1024];
    char *argv[MAX_WORDS + 2];
    int argc;
    struct option_values persistent, values;
    struct option_line line;
    const char *word;
    const struct plexctl_command *command;
    struct error err;
    plexctl_status status;
};

static struct run run;

static inline void release(void)
{
    option_values_release(&run.persistent);
    option_values_release(&run.values);
}

static inline plexctl_status split(int argc, char *const argv[])
{
    run.line = (struct option_line){.argc = argc, .argv = argv, .persistent = &run.persistent, .values = &run.values};
    return options_split(&run.line, &run.word, &run.err);
}

static inline void run_words(void)
{
    const struct plexctl_command *const commands[] = {&plain, &tree, &list};

    run.status = split(run.argc, run.argv);
    for (size_t i = 0; run.status == PLEXCTL_OK && run.word && i < 3; i++) {
        if (strcmp(commands[i]->name, run.word) == 0) {
            run.status = options_parse(&run.line, commands[i], &run.command, &run.err);
            break;
        }
    }
}

/* `line` is cut at blanks; '' stands for an empty word, and _ within a word for a blank. */
static inline void parse(const char *line)
{
    char *saved = NULL;

    memset(&run, 0, sizeof run);
    (void)snprintf(run.words, sizeof run.words, "plexctl %s", line);
    for (char *word = strtok_r(run.words, " ", &saved); word; word = strtok_r(NULL, " ", &saved)) {
        ck_assert_int_lt(run.argc, MAX_WORDS);
        if (strcmp(word, "''") == 0)
            *word = '\0';
        for (char *at = word; (at = strchr(at, '_')) != NULL;)
            *at = ' ';
        run.argv[run.argc++] = word;
    }
    run_words();
    ck_assert_int_eq(run.status == PLEXCTL_OK, run.err.text[0] == '\0');
}

static inline const struct option_value *value_of(const char *name)
{
    const struct option_value *value = option_values_find(&run.values, name);
    return value ? value : option_values_find(&run.persistent, name);
}

#endif
