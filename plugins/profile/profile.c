/* SPDX-License-Identifier: Apache-2.0
 *
 * plexctl profile - look at the profiles of the config file; only login writes it.
 */
#include <plexctl/plugin.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SUMMARY "Look at the saved profiles"

static plexctl_status list_run(const struct plexctl_host *host);
static plexctl_status show_run(const struct plexctl_host *host);
static plexctl_status doctor_run(const struct plexctl_host *host);

static const struct plexctl_column list_columns[] = {
    {"default", "DEFAULT"}, {"name", "NAME"}, {"server", "SERVER"}, {"expires_at", "EXPIRES"}};

static const struct plexctl_command list_command = {
    .size = sizeof list_command,
    .inert = PLEXCTL_INERT_SERVER | PLEXCTL_INERT_PROFILE | PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_YES,
    .name = "list",
    .summary = "List the saved profiles",
    .description = "Shows each profile of the config file, in the file's order: whether it is the default one, its\n"
                   "server, and when its token expires. Tokens are shown as *** in json and yaml.\n",
    .examples = "plexctl profile list\n"
                "plexctl profile list --output json\n",
    .columns = PLEXCTL_ROWS(list_columns),
    .run = list_run,
};

static const struct plexctl_argument show_arguments[] = {
    {.name = "NAME",
     .help = "Profile to show; without it the one that --profile names, else the default one",
     .type = PLEXCTL_PROFILE}};

static const struct plexctl_command show_command = {
    .size = sizeof show_command,
    .inert = PLEXCTL_INERT_SERVER | PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_YES,
    .name = "show",
    .summary = "Show one profile",
    .description = "Shows all that a profile holds. The token is shown as *** unless --reveal-secrets is given.\n",
    .examples = "plexctl profile show\n"
                "plexctl profile show staging --output yaml\n",
    .arguments = PLEXCTL_ROWS(show_arguments),
    .run = show_run,
};

static const struct plexctl_column doctor_columns[] = {
    {"verdict", "VERDICT"}, {"item", "ITEM"}, {"found", "FOUND"}, {"fix", "FIX"}};

static const struct plexctl_command doctor_command = {
    .size = sizeof doctor_command,
    .inert = PLEXCTL_INERT_SERVER | PLEXCTL_INERT_PROFILE | PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_YES |
             PLEXCTL_INERT_REVEAL_SECRETS,
    .name = "doctor",
    .summary = "Say what is wrong with the config file and its profiles, and how to mend it",
    .description =
        "Looks at the config file, its links, directory, owner and mode, at what killed logins left behind, at its\n"
        "text, and at each profile. Changes nothing and asks no server. Fails where there is a fault; a note, such as\n"
        "a token that expires within a day, is none.\n",
    .examples = "plexctl profile doctor\n"
                "plexctl profile doctor --output json\n",
    .columns = PLEXCTL_ROWS(doctor_columns),
    .run = doctor_run,
};

static const struct plexctl_command *const subcommands[] = {&list_command, &show_command, &doctor_command, NULL};

static const struct plexctl_command profile_command = {
    .size = sizeof profile_command,
    .name = "profile",
    .summary = SUMMARY,
    .description =
        "A profile holds a server and the token that `plexctl login` saved for it. Nothing here changes the\n"
        "config file.\n",
    .examples = "plexctl profile list\n"
                "plexctl profile show staging\n"
                "plexctl profile doctor\n",
    .subcommands = subcommands,
};

PLEXCTL_PLUGIN("profile", PACKAGE_VERSION, SUMMARY, &profile_command)

static plexctl_status list_run(const struct plexctl_host *host)
{
    struct plexctl_json *profiles = NULL;
    plexctl_status status = host->credentials->list(host, &profiles);

    return status == PLEXCTL_OK ? host->output->emit(host, profiles) : status;
}

static plexctl_status show_run(const struct plexctl_host *host)
{
    struct plexctl_json *profile = NULL;
    plexctl_status status = host->credentials->describe(host, host->values->string(host, "NAME"), &profile);

    return status == PLEXCTL_OK ? host->output->emit(host, profile) : status;
}

static uint64_t count_faults(const struct plexctl_host *host, const struct plexctl_json *findings)
{
    const struct plexctl_host_json *json = host->json;
    uint64_t faults = 0;

    for (uint64_t i = 0; i < json->length(findings); i++) {
        const char *verdict = json->string(json->get(json->at(findings, i), "verdict"));
        faults += verdict && strcmp(verdict, "fault") == 0;
    }
    return faults;
}

static plexctl_status doctor_run(const struct plexctl_host *host)
{
    struct plexctl_json *findings = NULL;
    char text[128];
    plexctl_status status = host->credentials->diagnose(host, &findings);

    if (status == PLEXCTL_OK)
        status = host->output->emit(host, findings);
    if (status != PLEXCTL_OK)
        return status;
    uint64_t faults = count_faults(host, findings);
    if (faults == 0)
        return PLEXCTL_OK;
    (void)snprintf(text, sizeof text,
                   "%" PRIu64 " fault%s found; standard output says what is wrong and how to mend it", faults,
                   faults == 1 ? " was" : "s were");
    return host->error->fail(host, PLEXCTL_FAILED, text);
}
