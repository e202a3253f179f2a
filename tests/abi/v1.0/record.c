/* SPDX-License-Identifier: Apache-2.0
 *
 * record - a command with all that a record of ABI 1.0 can say: every type, attribute, need and inert flag. Built with
 * the plugin.h beside it, run by every later plexctl: not to be edited once 1.0 is released.
 */
#include <plexctl/plugin.h>

static plexctl_status show_run(const struct plexctl_host *host);
static plexctl_status offer(const struct plexctl_host *host, const char *typed);

static const struct plexctl_flag flags[] = {
    {.name = "text", .value_name = "WORDS", .help = "A text", .type = PLEXCTL_STRING, .letter = 't', .complete = offer},
    {.name = "number", .help = "A number", .minimum = -1, .maximum = 9, .type = PLEXCTL_INT},
    {.name = "switch", .help = "A switch", .type = PLEXCTL_BOOL, .letter = 'S'},
    {.name = "choice", .help = "A choice", .default_value = "b", .choices = "a|b", .type = PLEXCTL_ENUM},
    {.name = "id", .help = "An id", .type = PLEXCTL_UUID, .attributes = PLEXCTL_REQUIRED},
    {.name = "link", .help = "A link", .type = PLEXCTL_URL},
    {.name = "time", .help = "A time", .minimum = 1, .maximum = 86400, .type = PLEXCTL_DURATION},
    {.name = "file", .help = "A file", .type = PLEXCTL_PATH},
    {.name = "password", .help = "A secret", .type = PLEXCTL_SECRET},
    {.name = "as", .help = "A profile", .type = PLEXCTL_PROFILE},
};
static const struct plexctl_argument arguments[] = {
    {.name = "FIRST", .help = "What must be there", .type = PLEXCTL_STRING, .attributes = PLEXCTL_REQUIRED},
    {.name = "SECOND", .help = "What may be there", .type = PLEXCTL_INT, .complete = offer},
};
static const struct plexctl_column columns[] = {{"choice", "CHOICE"}, {"time", "SECONDS"}};

static const struct plexctl_command show = {
    .size = sizeof show,
    .inert = PLEXCTL_INERT_SERVER | PLEXCTL_INERT_PROFILE | PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_OUTPUT |
             PLEXCTL_INERT_YES | PLEXCTL_INERT_REVEAL_SECRETS,
    .name = "show",
    .summary = "Show what it was given",
    .description = "One paragraph.\n\n    kept as it is\n",
    .examples = "plexctl record show --id 0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0 one\n",
    .flags = PLEXCTL_ROWS(flags),
    .arguments = PLEXCTL_ROWS(arguments),
    .columns = PLEXCTL_ROWS(columns),
    .run = show_run,
};
static const struct plexctl_command *const subcommands[] = {&show, NULL};
static const struct plexctl_command record = {
    .size = sizeof record, .name = "record", .summary = "All that a record can say", .subcommands = subcommands};

PLEXCTL_PLUGIN("record", "1.0.0", "All that a record can say", &record)

static plexctl_status show_run(const struct plexctl_host *host)
{
    static const char *const texts[] = {"text", "choice", "id", "link", "file", "as", "FIRST"};
    static const char *const numbers[] = {"number", "time", "SECOND"};
    struct plexctl_json *shown = host->json->object(host);

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        (void)host->json->set_string(shown, texts[i], host->values->string(host, texts[i]));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        (void)host->json->set_integer(shown, numbers[i], host->values->integer(host, numbers[i]));
    (void)host->json->set_boolean(shown, "switch", host->values->boolean(host, "switch"));
    (void)host->json->set_secret(shown, "password", host->values->string(host, "password"));
    return host->output->emit(host, shown);
}

static plexctl_status offer(const struct plexctl_host *host, const char *typed)
{
    plexctl_status status = host->completion->offer(host, "42", "behind what was typed");

    return status == PLEXCTL_OK && !typed[0] ? host->completion->offer(host, "4711", NULL) : status;
}
