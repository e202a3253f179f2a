/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line: words parted by newlines. What the parser accepts is what the tables ask for, and comes to the same
 * when it is written out plainly: every flag as --name=value, the arguments behind "--". A refusal is one line that
 * does not show a secret.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "exit_code.h"
#include "fuzz.h"
#include "options.h"

const char fuzz_name[] = "argv";

#define WORDS_MAX 64

static const struct plexctl_flag flags[] = {
    {.name = "domain-id", .help = "h", .type = PLEXCTL_UUID, .attributes = PLEXCTL_REQUIRED},
    {.name = "text", .help = "h", .type = PLEXCTL_STRING, .letter = 't'},
    {.name = "count",
     .help = "h",
     .type = PLEXCTL_INT,
     .default_value = "3",
     .minimum = -5,
     .maximum = 9,
     .letter = 'c'},
    {.name = "force", .help = "h", .type = PLEXCTL_BOOL, .letter = 'f'},
    {.name = "password", .help = "h", .type = PLEXCTL_SECRET, .letter = 'p'},
    {.name = "wait", .help = "h", .type = PLEXCTL_DURATION, .default_value = "90s"},
    {.name = "colour", .help = "h", .type = PLEXCTL_ENUM, .choices = "red|green"},
    {.name = "file", .help = "h", .type = PLEXCTL_PATH},
};
static const struct plexctl_argument arguments[] = {
    {.name = "NAME", .help = "h", .type = PLEXCTL_PROFILE, .attributes = PLEXCTL_REQUIRED},
    {.name = "NUMBER", .help = "h", .type = PLEXCTL_INT},
};
static const struct plexctl_command plain = {
    .size = sizeof plain, .name = "plain", .flags = PLEXCTL_ROWS(flags), .arguments = PLEXCTL_ROWS(arguments)};

static const struct plexctl_flag show_flags[] = {{.name = "all", .help = "h", .type = PLEXCTL_BOOL, .letter = 'a'}};
static const struct plexctl_command list = {.size = sizeof list, .name = "list"};
static const struct plexctl_command show = {
    .size = sizeof show, .name = "show", .flags = PLEXCTL_ROWS(show_flags), .arguments = PLEXCTL_ROWS(arguments)};
static const struct plexctl_command *const below[] = {&list, &show, NULL};
static const struct plexctl_command tree = {
    .size = sizeof tree, .name = "tree", .flags = PLEXCTL_ROWS(show_flags), .subcommands = below};

struct parsed {
    const char *word;
    const struct plexctl_command *command;
    struct option_values persistent, values;
    struct error err;
    plexctl_status status;
};

static void parse(int argc, char *argv[], struct parsed *parsed)
{
    const struct plexctl_command *const commands[] = {&plain, &tree};
    struct option_line line = {
        .argc = argc, .argv = argv, .persistent = &parsed->persistent, .values = &parsed->values};

    *parsed = (struct parsed){.err = ERROR_INIT};
    parsed->status = options_split(&line, &parsed->word, &parsed->err);
    for (size_t i = 0; parsed->status == PLEXCTL_OK && parsed->word && !parsed->command && i < 2; i++) {
        if (strcmp(commands[i]->name, parsed->word) == 0) {
            parsed->status = options_parse(&line, commands[i], &parsed->command, &parsed->err);
            break;
        }
    }
}

static void release(struct parsed *parsed)
{
    option_values_release(&parsed->persistent);
    option_values_release(&parsed->values);
}

static bool is_uuid(const char *text)
{
    int end = 0;
    unsigned parts[5];

    return strlen(text) == 36 && strspn(text, "0123456789abcdefABCDEF-") == 36 &&
           sscanf(text, "%8x-%4x-%4x-%4x-%4x%n", &parts[0], &parts[1], &parts[2], &parts[3], &parts[4], &end) == 5 &&
           end == 28 && !strchr(text + end, '-');
}

static void check_value(const struct option_value *value)
{
    if (!value->text)
        return;
    if (value->type == PLEXCTL_UUID)
        fuzz_require(is_uuid(value->text), "a UUID is one");
    else if (value->type == PLEXCTL_INT && strcmp(value->name, "count") == 0)
        fuzz_require(value->number >= -5 && value->number <= 9 && value->number == strtoll(value->text, NULL, 10),
                     "a number is within its bounds");
    else if (value->type == PLEXCTL_DURATION)
        fuzz_require(value->number >= 0 && value->number >= strtoll(value->text, NULL, 10), "a duration is in seconds");
    else if (strcmp(value->name, "colour") == 0)
        fuzz_require(strcmp(value->text, "red") == 0 || strcmp(value->text, "green") == 0, "a choice is one of them");
    else if (value->type == PLEXCTL_BOOL)
        fuzz_require(value->number == 0 || value->number == 1, "a truth is 0 or 1");
    else if (value->type != PLEXCTL_PATH)
        fuzz_require(!strpbrk(value->text, "\x01\x1b\r\x7f"), "a text has no control byte");
}

static char *flag_word(const char *name, const char *text)
{
    char *word = NULL;

    fuzz_require(asprintf(&word, "--%s=%s", name, text) >= 0, "there is memory");
    return word;
}

static int write_flags(const struct option_values *values, size_t count, char *words[], int at)
{
    for (size_t i = 0; i < count; i++) {
        const struct option_value *value = &values->rows[i];
        if (value->given && value->type == PLEXCTL_BOOL)
            words[at++] = flag_word(value->name, value->number ? "true" : "false");
        else if (value->given)
            words[at++] = flag_word(value->name, value->text);
    }
    return at;
}

static void check_same(const struct option_values *one, const struct option_values *other, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct option_value *a = &one->rows[i], *b = &other->rows[i];
        fuzz_require(a->given == b->given && a->number == b->number, "written out plainly it comes to the same");
        fuzz_require(a->type == PLEXCTL_BOOL ||
                         (a->text && b->text ? strcmp(a->text, b->text) == 0 : a->text == b->text),
                     "written out plainly its texts are the same");
    }
}

static void check_plain_form(const struct parsed *parsed)
{
    char *words[WORDS_MAX] = {strdup("plexctl"), strdup(parsed->word)};
    struct parsed again;
    int argc = 2;
    size_t flag_count = parsed->command->flags.count;

    if (parsed->command != &plain && parsed->command != &tree)
        words[argc++] = strdup(parsed->command->name);
    /* --version belongs before the word and is none of the command's. */
    argc = write_flags(&parsed->persistent, options_persistent.count, words, argc);
    argc = write_flags(&parsed->values, flag_count, words, argc);
    words[argc++] = strdup("--");
    for (size_t i = flag_count; i < parsed->values.count && parsed->values.rows[i].given; i++)
        words[argc++] = strdup(parsed->values.rows[i].text);
    parse(argc, words, &again);
    fuzz_require(again.status == PLEXCTL_OK && again.command == parsed->command, "its plain form is accepted");
    check_same(&parsed->persistent, &again.persistent, options_persistent.count);
    check_same(&parsed->values, &again.values, parsed->values.count);
    release(&again);
    for (int i = 0; i < argc; i++)
        free(words[i]);
}

static bool is_printable(const char *text)
{
    while (*text >= 0x20 && *text <= 0x7e)
        text++;
    return *text == '\0';
}

/* A message is the same whatever TEXT of --password=TEXT is: here, the same characters from behind. */
static void check_secret(const char *message, int argc, char *argv[])
{
    static const char flag[] = "--password=";
    char *words[WORDS_MAX + 2];
    struct parsed again;

    for (int i = 0; i < argc; i++) {
        words[i] = strdup(argv[i]);
        fuzz_require(words[i] != NULL, "there is memory");
        size_t begin = strlen(flag), end = strlen(words[i]);
        if (strncmp(words[i], flag, begin) != 0 || !is_printable(words[i]))
            continue;
        for (; begin + 1 < end; begin++, end--) {
            words[i][begin] = argv[i][end - 1];
            words[i][end - 1] = argv[i][begin];
        }
    }
    parse(argc, words, &again);
    fuzz_require(strcmp(message, again.err.text) == 0, "a message shows no secret");
    release(&again);
    for (int i = 0; i < argc; i++)
        free(words[i]);
}

static void check(struct parsed *parsed, int argc, char *argv[])
{
    int code = exit_code_of(parsed->status);

    fuzz_require(parsed->status == PLEXCTL_OK || parsed->status == PLEXCTL_USAGE, "a line is good or a usage fault");
    fuzz_require(code == 0 || code == 2, "the exit code is 0 or 2");
    fuzz_require((parsed->status == PLEXCTL_OK) == (parsed->err.text[0] == '\0'), "a fault is explained");
    fuzz_require(fuzz_is_safe(parsed->err.text, strlen(parsed->err.text)), "an explanation is one line");
    check_secret(parsed->err.text, argc, argv);
    if (parsed->status != PLEXCTL_OK)
        return;
    for (size_t i = 0; i < parsed->persistent.count; i++)
        check_value(&parsed->persistent.rows[i]);
    for (size_t i = 0; i < parsed->values.count; i++)
        check_value(&parsed->values.rows[i]);
    if (parsed->command)
        check_plain_form(parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    auto_free char *line = malloc(size + 1);
    char *argv[WORDS_MAX + 2] = {"plexctl"};
    struct parsed parsed;
    int argc = 1;

    fuzz_require(line != NULL, "there is memory");
    memcpy(line, data, size);
    line[size] = '\0';
    for (char *rest = line, *word; argc < WORDS_MAX / 2 && (word = strsep(&rest, "\n")) != NULL;)
        argv[argc++] = word;
    parse(argc, argv, &parsed);
    if (fuzz_planted && strstr(parsed.err.text, "--count")) {
        parsed.status = PLEXCTL_OK;
        error_clear(&parsed.err);
        for (size_t i = 0; i < parsed.values.count; i++) {
            if (strcmp(parsed.values.rows[i].name, "count") == 0)
                parsed.values.rows[i].number = 10;
        }
    }
    check(&parsed, argc, argv);
    release(&parsed);
    return 0;
}
