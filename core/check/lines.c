/* SPDX-License-Identifier: Apache-2.0 */
#include "check/lines.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check/recording.h"
#include "child.h"
#include "options.h"

#define TEXT_MAX_BYTES ((size_t)1 << 20)
#define HALF_A_MINUTE 30

/* In the child: each word ends in NUL, each line in an empty word. */

static void add_word(struct buf *out, const char *word)
{
    buf_append(out, word, strlen(word) + 1);
}

static void add_number(const struct plexctl_flag *flag, int64_t wanted, struct buf *out)
{
    bool is_bounded = flag->minimum != 0 || flag->maximum != 0;

    if (is_bounded && wanted < flag->minimum)
        wanted = flag->minimum;
    if (is_bounded && wanted > flag->maximum)
        wanted = flag->maximum;
    buf_appendf(out, "%" PRId64, wanted);
}

static void add_value(const struct plexctl_flag *flag, struct buf *out)
{
    switch (flag->type) {
    case PLEXCTL_INT:
        add_number(flag, 1, out);
        break;
    case PLEXCTL_DURATION:
        add_number(flag, HALF_A_MINUTE, out);
        break;
    case PLEXCTL_ENUM:
        if (flag->choices) /* as record_check has seen to */
            buf_append(out, flag->choices, strcspn(flag->choices, "|"));
        break;
    case PLEXCTL_UUID:
        buf_append_text(out, "0190a8b8-a0c0-7a0a-8a0a-a0a0a0a0a0a0");
        break;
    case PLEXCTL_URL:
        buf_append_text(out, TRIAL_SERVER "/");
        break;
    case PLEXCTL_SECRET:
        buf_append_text(out, TRIAL_SECRET);
        break;
    case PLEXCTL_PROFILE:
        buf_append_text(out, "default");
        break;
    default:
        buf_append_text(out, "text");
    }
    buf_append_char(out, '\0');
}

static void add_line(const struct plexctl_command *command, const struct plexctl_command *parent, struct buf *out)
{
    if (!command->run)
        return;
    if (parent)
        add_word(out, parent->name);
    add_word(out, command->name);
    for (uint32_t i = 0; i < command->flags.count; i++) {
        struct plexctl_flag flag = options_flag_at(&command->flags, i);
        bool is_required = flag.attributes & PLEXCTL_REQUIRED && !flag.default_value;
        if (!is_required && flag.type != PLEXCTL_SECRET)
            continue;
        buf_appendf(out, "--%s=", flag.name);
        if (flag.type == PLEXCTL_BOOL)
            add_word(out, "true");
        else
            add_value(&flag, out);
    }
    add_word(out, "--");
    for (uint32_t i = 0; i < command->arguments.count; i++) {
        struct plexctl_argument argument = options_argument_at(&command->arguments, i);
        const struct plexctl_flag like = {.type = argument.type};
        if (argument.attributes & PLEXCTL_REQUIRED)
            add_value(&like, out);
    }
    buf_append_char(out, '\0');
}

static void add_lines(void *context, struct buf *answer)
{
    const struct subject *subject = context;
    struct loader *loader = NULL;
    struct loaded_plugin plugin = {0};
    struct error ignored = ERROR_INIT;

    if (trial_enter(subject, &ignored) == PLEXCTL_OK &&
        subject_load(subject, &loader, &plugin, &ignored) == PLEXCTL_OK) {
        const struct plexctl_command *command = plugin.plugin->command;
        add_line(command, NULL, answer);
        for (size_t i = 0; command->subcommands && command->subcommands[i]; i++)
            add_line(command->subcommands[i], command, answer);
    }
    loaded_plugin_release(&plugin);
    loader_free(loader);
}

/* In the parent */

static plexctl_status cut_line(struct lines *lines, char **at, const char *end, struct error *err)
{
    struct trial_line *line = &lines->rows[lines->count];
    char *first = *at;

    for (; *at < end && **at; *at += strlen(*at) + 1)
        line->count++;
    line->words = calloc((size_t)line->count + 1, sizeof *line->words);
    if (!line->words)
        return error_no_memory(err);
    for (int i = 0; i < line->count; first += strlen(first) + 1)
        line->words[i++] = first;
    lines->count++;
    (*at)++;
    return PLEXCTL_OK;
}

plexctl_status lines_make(const struct subject *subject, struct lines *ret_lines, struct error *err)
{
    struct child child = {.run = add_lines, .context = (void *)(uintptr_t)subject, .limit_ms = TRIAL_LIMIT_MS};
    struct buf text = BUF_INIT(TEXT_MAX_BYTES);
    plexctl_status status = child_run(&child, &text, err);

    if (status == PLEXCTL_OK && (!child.has_answered || text.len == 0))
        status = error_set(err, PLEXCTL_FAILED, "the plugin does not tell its commands");
    ret_lines->text = text.data;
    if (status != PLEXCTL_OK)
        return status;
    char *at = text.data, *end = text.data + text.len;
    while (status == PLEXCTL_OK && at < end && ret_lines->count < LINES_MAX)
        status = cut_line(ret_lines, &at, end, err);
    return status;
}

plexctl_status lines_take(const char *word, char *const words[], size_t count, struct lines *ret_lines,
                          struct error *err)
{
    struct trial_line *line = &ret_lines->rows[0];

    ret_lines->text = strdup(word);
    line->words = calloc(count + 2, sizeof *line->words);
    if (!ret_lines->text || !line->words)
        return error_no_memory(err);
    line->words[0] = ret_lines->text;
    memcpy(line->words + 1, words, count * sizeof *words);
    line->count = (int)count + 1;
    ret_lines->count = 1;
    return PLEXCTL_OK;
}

void lines_release(struct lines *lines)
{
    for (size_t i = 0; i < LINES_MAX; i++)
        free(lines->rows[i].words);
    free(lines->text);
}

void lines_name(const struct trial_line *line, struct buf *out)
{
    for (int i = 0; i < line->count && line->words[i][0] != '-'; i++)
        buf_appendf(out, "%s%s", i ? " " : "", line->words[i]);
}
