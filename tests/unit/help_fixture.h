/* SPDX-License-Identifier: Apache-2.0
 *
 * help_fixture - records with everything that help shows, and what is asserted of its text.
 */
#ifndef TESTS_HELP_FIXTURE_H
#define TESTS_HELP_FIXTURE_H

#include <string.h>

#include "base/buf.h"
#include "unit.h"

/* Records */

static inline plexctl_status run(const struct plexctl_host *host)
{
    (void)host;
    return PLEXCTL_OK;
}

static const struct plexctl_flag login_flags[] = {
    {.name = "domain-id", .help = "Domain to log in to", .type = PLEXCTL_UUID, .attributes = PLEXCTL_REQUIRED},
    {.name = "idp-binding-id", .help = "Binding within it", .type = PLEXCTL_UUID, .attributes = PLEXCTL_REQUIRED},
    {.name = "profile-name", .help = "Name to save under", .default_value = "default", .type = PLEXCTL_PROFILE},
};

static const struct plexctl_command login = {
    .size = sizeof login,
    .inert = PLEXCTL_INERT_TOKEN_FILE,
    .name = "login",
    .summary = "Log in with a browser",
    .description = "First\nparagraph.\n\nSecond paragraph.\n",
    .examples = "plexctl login --domain-id A --idp-binding-id B",
    .flags = PLEXCTL_ROWS(login_flags),
    .run = run,
};

static const struct plexctl_flag every_flags[] = {
    {.name = "text", .help = "A text", .type = PLEXCTL_STRING, .letter = 't'},
    {.name = "count", .help = "A count", .minimum = 1, .maximum = 9, .type = PLEXCTL_INT},
    {.name = "quiet", .help = "A switch", .type = PLEXCTL_BOOL, .letter = 'q'},
    {.name = "kind", .help = "A kind", .choices = "one|two", .default_value = "one", .type = PLEXCTL_ENUM},
    {.name = "mode", .value_name = "MODE", .help = "A mode", .choices = "a|b", .type = PLEXCTL_ENUM},
    {.name = "url", .help = "A URL", .type = PLEXCTL_URL},
    {.name = "wait", .help = "A wait", .minimum = 1, .maximum = 60, .default_value = "30s", .type = PLEXCTL_DURATION},
    {.name = "file", .help = "A file", .type = PLEXCTL_PATH},
    {.name = "password", .help = "A secret", .default_value = "canary", .type = PLEXCTL_SECRET},
};

static const struct plexctl_argument every_arguments[] = {
    {.name = "FIRST", .help = "The first", .type = PLEXCTL_STRING, .attributes = PLEXCTL_REQUIRED},
    {.name = "SECOND", .help = "The second", .type = PLEXCTL_STRING},
    {.name = "THIRD", .help = "The third", .type = PLEXCTL_STRING},
};

static const struct plexctl_command every = {
    .size = sizeof every,
    .name = "every",
    .summary = "Use everything",
    .flags = PLEXCTL_ROWS(every_flags),
    .arguments = PLEXCTL_ROWS(every_arguments),
    .run = run,
};

static const struct plexctl_command list = {.size = sizeof list, .name = "list", .summary = "List them", .run = run};
static const struct plexctl_command *const subcommands[] = {&list, NULL};
static const struct plexctl_command profile = {
    .size = sizeof profile, .name = "profile", .summary = "Show profiles", .subcommands = subcommands};
static const struct plexctl_command both = {
    .size = sizeof both, .name = "both", .summary = "Show both", .subcommands = subcommands, .run = run};

/* As an author of bad will would write it. */
static const struct plexctl_flag evil_flags[] = {{.name = "evil",
                                                  .value_name = "V\x1b[2J",
                                                  .help = "h\nFORGED\x07",
                                                  .default_value = "d\x1b",
                                                  .type = PLEXCTL_STRING}};
static const struct plexctl_command evil = {
    .size = sizeof evil,
    .name = "evil",
    .summary = "s\x1b[2J\xe2\x80\xae",
    .description = "d\x9b\x1b]0;x\x07",
    .examples = "plexctl evil\r--x \x1b",
    .flags = PLEXCTL_ROWS(evil_flags),
    .run = run,
};

/* Helpers */

static inline void assert_lines_fit(const char *text)
{
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        ck_assert_uint_le(strcspn(line, "\n"), 80);
        ck_assert(line[0] == '\n' || line[strcspn(line, "\n") - 1] != ' ');
        ck_assert_uint_gt(strlen(line), strcspn(line, "\n"));
    }
}

static inline void assert_has(const char *text, const char *part)
{
    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text);
}

static inline void assert_in_order(const char *text, const char *const *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *found = strstr(text, parts[i]);
        ck_assert_msg(found != NULL, "no \"%s\" where it is due, in:\n%s", parts[i], text);
        text = found + strlen(parts[i]);
    }
}

#endif
