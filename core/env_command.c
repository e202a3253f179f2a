/* SPDX-License-Identifier: Apache-2.0 */
#include "env_command.h"

#include <stdint.h>
#include <string.h>
#include <time.h>

#include "base/shell_word.h"
#include "base/text.h"
#include "credential.h"
#include "output.h"
#include "preconditions.h"

#define VARIABLES 2

static const struct plexctl_flag flags[] = {
    {.name = "shell",
     .help = "Shell that is to read it",
     .default_value = "sh",
     .choices = "sh|bash|zsh|fish",
     .type = PLEXCTL_ENUM},
};

const struct plexctl_command env_command = {
    .size = sizeof env_command,
    .needs = PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN | PLEXCTL_NEEDS_LATER,
    .inert = PLEXCTL_INERT_YES,
    .name = "env",
    .summary = "Print server and token as variables for Terraform",
    .description = "Prints PLEXSPHERE_ENDPOINT and PLEXSPHERE_TOKEN as commands for a shell, or as an object with\n"
                   "--output json or yaml. Only with --reveal-secrets: the token is in what it prints.\n",
    .examples = "(eval \"$(plexctl env --reveal-secrets)\" && terraform plan)\n"
                "plexctl env --shell fish --reveal-secrets | source\n",
    .flags = PLEXCTL_ROWS(flags),
};

struct variable {
    const char *name, *value;
    bool is_secret;
};

static void append_commands(struct buf *out, const struct variable *variables, bool is_fish)
{
    for (size_t i = 0; i < VARIABLES; i++) {
        buf_appendf(out, is_fish ? "set -gx %s " : "export %s=", variables[i].name);
        shell_word_quote(out, variables[i].value, is_fish);
        buf_append_char(out, '\n');
    }
}

static plexctl_status append_object(struct buf *out, const struct variable *variables, int32_t format,
                                    struct error *err)
{
    const struct output_style style = {.format = format, .reveal_secrets = true};
    plexctl_status status = json_open(err);

    if (status != PLEXCTL_OK)
        return status;
    struct plexctl_json *result = json_new_object();
    for (size_t i = 0; i < VARIABLES && status == PLEXCTL_OK; i++)
        status = json_set(result, variables[i].name,
                          (variables[i].is_secret ? json_new_secret : json_new_string)(variables[i].value));
    status = status == PLEXCTL_OK ? output_render(result, &style, out, err) : error_no_memory(err);
    json_free(result);
    return status;
}

/* No server is asked, and Terraform would only say that it was refused. */
static void warn_of_expiry(const struct app *app)
{
    const struct credential *credential = settings_token_profile(&app->settings);
    auto_buf struct buf text = BUF_FIXED(ERROR_TEXT_SIZE);
    int64_t expires_s;

    if (!credential || !credential->expires_at || !text_parse_utc(credential->expires_at, &expires_s) ||
        expires_s > (int64_t)time(NULL))
        return;
    buf_appendf(&text, "this token has expired at %s; run `", credential->expires_at);
    credential_append_login(&text, credential, true);
    buf_append_char(&text, '`');
    output_warning(buf_text(&text));
}

plexctl_status env_command_run(struct app *app, struct error *err)
{
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
    const char *shell = option_values_text(&app->values, "shell");

    if (!option_values_is_set(&app->persistent, "reveal-secrets"))
        return error_set(err, PLEXCTL_USAGE, "env prints the token; give --reveal-secrets if that is wanted");
    plexctl_status status = preconditions_prepare(app, PLEXCTL_NEEDS_SERVER | PLEXCTL_NEEDS_TOKEN, NULL, err);
    if (status != PLEXCTL_OK)
        return status;
    warn_of_expiry(app);
    const struct variable variables[VARIABLES] = {
        {.name = "PLEXSPHERE_ENDPOINT", .value = app->settings.server},
        {.name = "PLEXSPHERE_TOKEN", .value = app->settings.token.text, .is_secret = true}};
    if (app->format == PLEXCTL_OUTPUT_TABLE)
        append_commands(&text, variables, shell && strcmp(shell, "fish") == 0);
    else
        status = append_object(&text, variables, app->format, err);
    if (status == PLEXCTL_OK)
        status = buf_check(&text, "the variables", err);
    return status == PLEXCTL_OK ? output_write(buf_text(&text), text.len, err) : status;
}
