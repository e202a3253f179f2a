/* SPDX-License-Identifier: Apache-2.0
 *
 * echo-args - one flag of each type and two arguments; shows what it was given.
 */
#include <plexctl/plugin.h>

static const struct plexctl_flag flags[] = {
    {.name = "text", .help = "A string", .default_value = "none", .type = PLEXCTL_STRING, .letter = 't'},
    {.name = "count", .help = "A number", .minimum = -5, .maximum = 100, .type = PLEXCTL_INT, .letter = 'n'},
    {.name = "force", .help = "A switch", .type = PLEXCTL_BOOL, .letter = 'f'},
    {.name = "colour", .help = "A choice", .default_value = "red", .choices = "red|green", .type = PLEXCTL_ENUM},
    {.name = "id", .help = "An id", .type = PLEXCTL_UUID},
    {.name = "link", .help = "A link", .type = PLEXCTL_URL},
    {.name = "wait", .help = "A time", .default_value = "90s", .type = PLEXCTL_DURATION},
    {.name = "file", .help = "A file", .type = PLEXCTL_PATH},
    {.name = "password", .help = "A secret", .type = PLEXCTL_SECRET},
    {.name = "as", .help = "A profile", .type = PLEXCTL_PROFILE},
};
static const struct plexctl_argument arguments[] = {
    {.name = "FIRST", .help = "What must be there", .type = PLEXCTL_STRING, .attributes = PLEXCTL_REQUIRED},
    {.name = "SECOND", .help = "What may be there", .type = PLEXCTL_INT},
};

static plexctl_status echo_args_run(const struct plexctl_host *host)
{
    static const char *const texts[] = {"text", "colour", "id", "link", "file", "as", "FIRST"};
    static const char *const numbers[] = {"count", "wait", "SECOND"};
    struct plexctl_json *shown = host->json->object(host);

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        (void)host->json->set_string(shown, texts[i], host->values->string(host, texts[i]));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        (void)host->json->set_integer(shown, numbers[i], host->values->integer(host, numbers[i]));
    (void)host->json->set_boolean(shown, "force", host->values->boolean(host, "force"));
    (void)host->json->set_secret(shown, "password", host->values->string(host, "password"));
    (void)host->json->set_boolean(shown, "text_given", host->values->given(host, "text"));
    return host->output->emit(host, shown);
}

static const struct plexctl_command echo_args = {.size = sizeof echo_args,
                                                 .name = "echo-args",
                                                 .summary = "Show what it was given",
                                                 .flags = PLEXCTL_ROWS(flags),
                                                 .arguments = PLEXCTL_ROWS(arguments),
                                                 .run = echo_args_run};
PLEXCTL_PLUGIN("echo-args", "1.0.0", "Show what it was given", &echo_args)
