/* SPDX-License-Identifier: Apache-2.0 */
#include "completion_values.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host.h"
#include "preconditions.h"

/* By type */

/* Never the token. */
static plexctl_status add_profile(void *context, const struct credential *credential, struct error *err)
{
    if (!text_is_profile_name(credential->name))
        return PLEXCTL_OK;
    return candidates_add(context, credential->name, credential->server, err);
}

static plexctl_status add_choices(struct candidates *candidates, const char *choices, struct error *err)
{
    plexctl_status status = PLEXCTL_OK;

    while (status == PLEXCTL_OK && choices && *choices) {
        size_t len = strcspn(choices, "|");
        auto_free char *choice = strndup(choices, len);
        status = choice ? candidates_add(candidates, choice, NULL, err) : error_no_memory(err);
        choices += len + (choices[len] != '\0');
    }
    return status;
}

/* By the plugin */

/* The words before the cursor as a command line of their own, which must be without fault as far as it goes. */
static plexctl_status parse(struct completion_question *question, char *const argv[], struct error *err)
{
    const struct completion_place *place = &question->place;
    struct app *app = &question->app;
    struct option_line line = {
        .argc = (int)place->word_count + 1, .argv = argv, .persistent = &app->persistent, .values = &app->values};
    const char *word = NULL;
    plexctl_status status = options_split(&line, &word, err);

    if (status == PLEXCTL_OK)
        status = options_parse(&line, place->parent ? place->parent : place->command, &app->command, err);
    return status == PLEXCTL_OK ? preconditions_check_urls(app, err) : status;
}

/* What cannot be resolved the services say themselves. */
static plexctl_status call(struct app *app, plexctl_complete *complete, struct candidates *candidates,
                           struct error *err)
{
    struct error unresolved = ERROR_INIT;

    settings_init(&app->settings, &app->persistent, app->store);
    (void)preconditions_resolve(app, app->command->needs, &unresolved);
    return host_complete(app, complete, candidates, err);
}

static plexctl_status ask_plugin(struct completion_question *question, plexctl_complete *complete,
                                 struct candidates *candidates, struct error *err)
{
    static char program[] = "plexctl";
    size_t count = question->place.word_count;
    auto_free char **argv = calloc(count + 2, sizeof *argv);

    if (!argv)
        return error_no_memory(err);
    argv[0] = program;
    for (size_t i = 0; i < count; i++)
        argv[i + 1] = question->words.rows[i];
    plexctl_status status = parse(question, argv, err);
    return status == PLEXCTL_OK ? call(&question->app, complete, candidates, err) : status;
}

plexctl_status completion_values_add(struct completion_question *question, const struct plexctl_flag *flag,
                                     struct candidates *candidates, struct error *err)
{
    if (flag->complete)
        return ask_plugin(question, flag->complete, candidates, err);
    if (flag->type == PLEXCTL_PROFILE)
        return credential_store_each(question->app.store, add_profile, candidates, err);
    if (flag->type == PLEXCTL_BOOL)
        return add_choices(candidates, "true|false", err);
    candidates->wants_files = flag->type == PLEXCTL_PATH;
    return add_choices(candidates, flag->choices, err);
}
