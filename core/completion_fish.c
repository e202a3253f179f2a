/* SPDX-License-Identifier: Apache-2.0
 *
 * The script for fish. The text of `complete -a` is evaluated when a person presses Tab, so that choices are quoted
 * twice: once as words of that text, once as that text.
 */
#include <string.h>

#include "completion_model.h"
#include "options.h"

static const char head[] = "# fish completion for plexctl, printed by `plexctl completion fish`\n\n";

static const char path_function_start[] = "# The command words before the cursor.\n"
                                          "function __plexctl_path\n"
                                          "    set -l at ''\n"
                                          "    set -l skip 0\n"
                                          "    set -l tokens (commandline -opc)\n"
                                          "    set -e tokens[1]\n"
                                          "    for token in $tokens\n"
                                          "        if test $skip -eq 1\n"
                                          "            set skip 0\n"
                                          "            continue\n"
                                          "        end\n"
                                          "        switch $token\n"
                                          "            case '--' '--*=*'\n"
                                          "                continue\n"
                                          "            case '-*'\n"
                                          "                switch \"$at $token\"\n"
                                          "                    case";

static const char path_function_middle[] = "\n"
                                           "                        set skip 1\n"
                                           "                end\n"
                                           "            case '*'\n"
                                           "                switch (string trim -- \"$at $token\")\n"
                                           "                    case";

static const char path_function_end[] = "\n"
                                        "                        set at (string trim -- \"$at $token\")\n"
                                        "                    case '*'\n"
                                        "                        test -n \"$at\"\n"
                                        "                        or set at '?'\n"
                                        "                end\n"
                                        "        end\n"
                                        "    end\n"
                                        "    echo -- \"$at\"\n"
                                        "end\n\n"
                                        "function __plexctl_at\n"
                                        "    set -l at (__plexctl_path)\n"
                                        "    test \"$at\" = \"$argv[1]\"\n"
                                        "end\n\n"
                                        "complete -c plexctl -f\n";

static void append_quoted(struct buf *out, const char *text)
{
    buf_append_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            buf_append_char(out, '\\');
        buf_append_char(out, *text);
    }
    buf_append_char(out, '\'');
}

static void append_description(struct buf *out, const char *text)
{
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);

    completion_safe(&safe, text);
    buf_append_text(out, " -d ");
    append_quoted(out, buf_text(&safe));
    if (safe.failed != PLEXCTL_OK)
        out->failed = safe.failed;
}

static void append_condition(struct buf *out, const char *path)
{
    buf_appendf(out, "complete -c plexctl -n '__plexctl_at \\'%s\\''", path);
}

static void print_choice(struct buf *out, const char *choice)
{
    if (out->len)
        buf_append_char(out, ' ');
    append_quoted(out, choice);
}

static void print_flag(struct buf *out, const char *path, const struct plexctl_flag *flag)
{
    auto_buf struct buf choices = BUF_INIT(SIZE_MAX / 2);

    if (path)
        append_condition(out, path);
    else
        buf_append_text(out, "complete -c plexctl");
    if (flag->letter)
        buf_appendf(out, " -s %c", (char)flag->letter);
    buf_appendf(out, " -l %s", flag->name);
    if (flag->type == PLEXCTL_PATH)
        buf_append_text(out, " -r -F");
    else if (flag->type != PLEXCTL_BOOL)
        buf_append_text(out, " -x");
    if (flag->type == PLEXCTL_ENUM) {
        completion_choices(flag, print_choice, &choices);
        buf_append_text(out, " -a ");
        append_quoted(out, buf_text(&choices));
    }
    append_description(out, flag->help);
    buf_append_char(out, '\n');
    if (choices.failed != PLEXCTL_OK)
        out->failed = choices.failed;
}

static void print_valued(struct buf *out, const char *path, const struct plexctl_flag *flag)
{
    if (flag->type == PLEXCTL_BOOL)
        return;
    buf_appendf(out, " '%s --%s'", path ? path : "*", flag->name);
    if (flag->letter)
        buf_appendf(out, " '%s -%c'", path ? path : "*", (char)flag->letter);
}

static void append_path_function(const struct completion_model *model, struct buf *out)
{
    buf_append_text(out, path_function_start);
    completion_flags(&options_persistent, NULL, print_valued, out);
    for (size_t i = 0; i < model->count; i++) {
        if (model->rows[i].flags_of)
            completion_flags(&model->rows[i].flags_of->flags, model->rows[i].path, print_valued, out);
    }
    buf_append_text(out, path_function_middle);
    for (size_t i = 0; i < model->count; i++) {
        if (model->rows[i].path[0])
            buf_appendf(out, " '%s'", model->rows[i].path);
    }
    buf_append_text(out, path_function_end);
}

/* Names carry their path in front: completion_names knows only the word. */
static void print_name(struct buf *out, const char *word, const char *summary)
{
    buf_appendf(out, " -a %s", word);
    append_description(out, summary);
    buf_append_char(out, '\n');
}

static void append_names(const struct completion_model *model, const struct completion_row *row, struct buf *out)
{
    auto_buf struct buf names = BUF_INIT(SIZE_MAX / 2);

    completion_names(model, row, print_name, &names);
    /* Without memory the last line has no end. */
    const char *line = buf_text(&names);
    for (const char *end = strchr(line, '\n'); end; end = strchr(line, '\n')) {
        append_condition(out, row->path);
        buf_append(out, line, (size_t)(end - line) + 1);
        line = end + 1;
    }
    if (names.failed != PLEXCTL_OK)
        out->failed = names.failed;
}

void completion_fish(const struct completion_model *model, struct buf *out)
{
    buf_append_text(out, head);
    append_path_function(model, out);
    completion_flags(&options_persistent, NULL, print_flag, out);
    buf_append_text(out, "complete -c plexctl -n '__plexctl_at \\'\\'' -l version -d 'Print the version'\n");
    for (size_t i = 0; i < model->count; i++) {
        append_names(model, &model->rows[i], out);
        if (model->rows[i].flags_of)
            completion_flags(&model->rows[i].flags_of->flags, model->rows[i].path, print_flag, out);
    }
}
