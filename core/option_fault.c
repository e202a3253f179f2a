/* SPDX-License-Identifier: Apache-2.0 */
#include "option_fault.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/suggestion.h"
#include "base/text.h"
#include "option_value.h"

#define SHOWN_MAX_BYTES 80
/* "-y" may be a letter, "-serv" is a long flag that lacks a dash. */
#define LONG_FLAG_LEAST_BYTES 3

static void append_path(struct buf *out, const struct option_fault_place *place)
{
    buf_append_text(out, "plexctl");
    if (place->parent)
        buf_appendf(out, " %s", place->parent->name);
    if (place->command)
        buf_appendf(out, " %s", place->command->name);
}

static plexctl_status say(const struct buf *line, struct error *err)
{
    return error_set(err, PLEXCTL_USAGE, "%s", buf_text(line));
}

/* Flags */

/* Whether there is one. */
static bool ask_for_flag(const struct option_fault_place *place, const char *typed, size_t length, struct buf *line)
{
    const struct plexctl_flags *tables[] = {&options_persistent, place->others};
    struct suggestion suggestion;
    auto_buf struct buf question = BUF_FIXED(ERROR_TEXT_SIZE);

    suggestion_begin(&suggestion, typed, length);
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        for (uint32_t i = 0; i < tables[t]->count; i++) {
            const char *name = options_flag_at(tables[t], i).name;
            suggestion_consider(&suggestion, name, strlen(name));
        }
    }
    if (!suggestion_ask(&suggestion, "--", "", &question))
        return false;
    buf_appendf(line, "; %s", buf_text(&question));
    return true;
}

static const struct plexctl_command *subcommand_with(const struct plexctl_command *command, const char *name,
                                                     size_t length)
{
    for (size_t s = 0; command && command->subcommands && command->subcommands[s]; s++) {
        const struct plexctl_flags *flags = &command->subcommands[s]->flags;
        for (uint32_t i = 0; i < flags->count; i++) {
            const char *candidate = options_flag_at(flags, i).name;
            if (strncmp(candidate, name, length) == 0 && candidate[length] == '\0')
                return command->subcommands[s];
        }
    }
    return NULL;
}

static void append_where_to_look(struct buf *line, const struct option_fault_place *place)
{
    buf_append_text(line, "; see `");
    append_path(line, place);
    buf_append_text(line, " --help`");
}

plexctl_status option_fault_unknown_flag(const struct option_fault_place *place, const char *word, struct error *err)
{
    const char *name = word + strspn(word, "-");
    size_t length = strcspn(name, "=");
    auto_buf struct buf line = BUF_FIXED(ERROR_TEXT_SIZE);
    const struct plexctl_command *subcommand = subcommand_with(place->command, name, length);

    buf_append_text(&line, "unknown flag ");
    text_sanitise(&line, word, (size_t)(name - word) + length, SHOWN_MAX_BYTES);
    if (subcommand) {
        buf_append_text(&line, " there; put it after `");
        append_path(&line, place);
        buf_appendf(&line, " %s`", subcommand->name);
        return say(&line, err);
    }
    bool is_asked = ask_for_flag(place, name, length, &line);
    if (is_asked)
        buf_append_text(&line, " flags are matched whole");
    if (!place->command)
        buf_append_text(&line, "; a command's own flags stand after the command word");
    if (place->command && !is_asked)
        append_where_to_look(&line, place);
    return say(&line, err);
}

plexctl_status option_fault_unknown_letter(const struct option_fault_place *place, const char *word, const char *letter,
                                           struct error *err)
{
    const char *name = word + 1;
    size_t length = strcspn(name, "=");
    size_t letter_length = text_utf8_length(letter, strlen(letter));
    auto_buf struct buf line = BUF_FIXED(ERROR_TEXT_SIZE);

    buf_append_text(&line, "unknown flag -");
    text_sanitise(&line, letter, letter_length ? letter_length : 1, SHOWN_MAX_BYTES);
    if (length >= LONG_FLAG_LEAST_BYTES && ask_for_flag(place, name, length, &line))
        buf_append_text(&line, " long flags have two dashes");
    else if (!place->command && (strcmp(word, "-v") == 0 || strcmp(word, "-V") == 0))
        buf_append_text(&line, "; did you mean --version?");
    else if (!place->command)
        buf_append_text(&line, "; a command's own flags stand after the command word");
    else
        append_where_to_look(&line, place);
    return say(&line, err);
}

plexctl_status option_fault_no_value(const struct plexctl_flag *flag, struct error *err)
{
    auto_buf struct buf placeholder = BUF_FIXED(ERROR_TEXT_SIZE);
    const char *text = option_value_placeholder(flag);

    text_sanitise(&placeholder, text, strlen(text), SHOWN_MAX_BYTES);
    return error_set(err, PLEXCTL_USAGE, "--%s needs a value: --%s %s", flag->name, flag->name, buf_text(&placeholder));
}

plexctl_status option_fault_flag_of_parent(const struct option_fault_place *place, const char *flag, struct error *err)
{
    auto_buf struct buf line = BUF_FIXED(ERROR_TEXT_SIZE);

    buf_appendf(&line, "--%s belongs to `plexctl %s` itself; leave it out with `", flag, place->parent->name);
    append_path(&line, place);
    buf_append_char(&line, '`');
    return say(&line, err);
}

/* Plain words */

static bool takes_secret(const struct option_fault_place *place)
{
    for (uint32_t i = 0; i < place->others->count; i++) {
        if (options_flag_at(place->others, i).type == PLEXCTL_SECRET)
            return true;
    }
    return false;
}

plexctl_status option_fault_stray_argument(const struct option_fault_place *place, const char *word, struct error *err)
{
    auto_buf struct buf line = BUF_FIXED(ERROR_TEXT_SIZE);
    uint32_t count = place->command->arguments.count;

    buf_append_text(&line, "unexpected argument");
    if (!takes_secret(place)) {
        buf_append_char(&line, ' ');
        option_value_quote(&line, word);
    }
    buf_append_text(&line, "; `");
    append_path(&line, place);
    if (count == 0)
        buf_append_text(&line, "` takes none");
    else
        buf_appendf(&line, "` takes at most %u", (unsigned)count);
    return say(&line, err);
}

plexctl_status option_fault_unknown_subcommand(const struct option_fault_place *place, const char *word,
                                               struct error *err)
{
    const struct plexctl_command *const *subcommands = place->command->subcommands;
    auto_buf struct buf line = BUF_FIXED(ERROR_TEXT_SIZE);
    struct suggestion suggestion;

    buf_append_text(&line, "unknown subcommand");
    if (!takes_secret(place)) {
        buf_append_char(&line, ' ');
        option_value_quote(&line, word);
    }
    buf_append_text(&line, " of `");
    append_path(&line, place);
    buf_append_text(&line, "`; ");
    if (!subcommands || !subcommands[0]) {
        buf_append_text(&line, "it has none; see `");
        append_path(&line, place);
        buf_append_text(&line, " --help`");
        return say(&line, err);
    }
    suggestion_begin(&suggestion, word, strlen(word));
    for (size_t i = 0; subcommands[i]; i++)
        suggestion_consider(&suggestion, subcommands[i]->name, strlen(subcommands[i]->name));
    if (suggestion_ask(&suggestion, "\"", "\"", &line))
        return say(&line, err);
    buf_append_text(&line, "it has");
    for (size_t i = 0; subcommands[i]; i++)
        buf_appendf(&line, "%s %s", i ? "," : "", subcommands[i]->name);
    return say(&line, err);
}
