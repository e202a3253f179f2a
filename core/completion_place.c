/* SPDX-License-Identifier: Apache-2.0 */
#include "completion_place.h"

#include <string.h>

#include "command_list.h"
#include "options.h"

/* Those of the command, as far as they are known. */
static const struct plexctl_flags *own_flags(const struct completion_place *place)
{
    static const struct plexctl_flags none = {0};

    return place->command && !place->is_lost ? &place->command->flags : &none;
}

/* The flag of `word` that takes a value, and where in the word that value begins: strlen(word) where it is the next
 * word, or is not begun yet. False where there is none. */
static bool find_valued(const struct completion_place *place, const char *word, struct plexctl_flag *ret_flag,
                        size_t *ret_at)
{
    const struct plexctl_flags *own = own_flags(place);

    if (word[1] == '-') {
        size_t length = strcspn(word + 2, "=");
        *ret_at = 2 + length + (word[2 + length] == '=');
        return options_flag_by_name(own, word + 2, length, ret_flag) != OPTIONS_NO_FLAG &&
               (ret_flag->type != PLEXCTL_BOOL || word[2 + length] == '=');
    }
    for (size_t i = 1; word[i] && options_flag_by_letter(own, word[i], ret_flag) != OPTIONS_NO_FLAG; i++) {
        *ret_at = i + 1 + (word[i + 1] == '=');
        if (ret_flag->type != PLEXCTL_BOOL || word[i + 1] == '=')
            return true;
    }
    return false;
}

static bool is_flag(const struct completion_place *place, const char *word)
{
    return !place->flags_ended && word[0] == '-' && word[1] != '\0';
}

/* The words before */

plexctl_status completion_place_record(struct loader *loader, const char *word,
                                       const struct plexctl_command **ret_record, struct error *err)
{
    struct error refusal = ERROR_INIT;

    *ret_record = NULL;
    if (command_list_open(loader, word, ret_record, &refusal) == PLEXCTL_NO_MEMORY)
        return error_no_memory(err);
    return PLEXCTL_OK;
}

static void enter_subcommand(struct completion_place *place, const char *word)
{
    const struct plexctl_command *const *subcommand = place->command->subcommands;

    while (*subcommand && strcmp((*subcommand)->name, word) != 0)
        subcommand++;
    place->is_lost = *subcommand == NULL;
    if (*subcommand) {
        place->parent = place->command;
        place->command = *subcommand;
    }
}

static plexctl_status pass_plain(struct completion_place *place, struct loader *loader, const char *word,
                                 struct error *err)
{
    if (place->is_lost)
        return PLEXCTL_OK;
    if (!place->command) {
        plexctl_status status = completion_place_record(loader, word, &place->command, err);
        place->is_lost = !place->command;
        return status;
    }
    if (place->command->subcommands && place->command->subcommands[0])
        enter_subcommand(place, word);
    else {
        place->argument_count++;
        place->last_argument = word;
    }
    return PLEXCTL_OK;
}

/* A flag that has no value in its own word leaves it to the next. */
static void pass_flag(struct completion_place *place, const char *word)
{
    struct plexctl_flag flag;
    size_t at = 0;

    if (strcmp(word, "--") == 0)
        place->flags_ended = true;
    else if (find_valued(place, word, &flag, &at) && word[at] == '\0' && word[at - 1] != '=') {
        place->has_flag = true;
        place->flag = flag;
    }
}

/* The typed word */

static void look_at_typed(struct completion_place *place, const char *typed)
{
    struct plexctl_flag flag;
    size_t at = 0;

    if (place->has_flag || !is_flag(place, typed) || !find_valued(place, typed, &flag, &at))
        return;
    if (typed[at] == '\0' && typed[at - 1] != '=') /* "--output" and "-o" are still a flag's name */
        return;
    place->has_flag = true;
    place->flag = flag;
    place->before = at;
}

plexctl_status completion_place_find(struct loader *loader, const struct shell_words *words,
                                     struct completion_place *ret_place, struct error *err)
{
    struct completion_place place = {0};
    size_t last = words->count - 1;
    plexctl_status status = PLEXCTL_OK;

    for (size_t i = 0; status == PLEXCTL_OK && i < last; i++) {
        const char *word = words->rows[i];
        if (place.has_flag)
            place.has_flag = false;
        else if (is_flag(&place, word))
            pass_flag(&place, word);
        else
            status = pass_plain(&place, loader, word, err);
    }
    if (status != PLEXCTL_OK)
        return status;
    place.word_count = last - (place.has_flag ? 1 : 0);
    look_at_typed(&place, words->rows[last]);
    *ret_place = place;
    return PLEXCTL_OK;
}
