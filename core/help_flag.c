/* SPDX-License-Identifier: Apache-2.0 */
#include "help_flag.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "options.h"

static const char *type_word(int32_t type)
{
    switch (type) {
    case PLEXCTL_INT:
        return "NUMBER";
    case PLEXCTL_UUID:
        return "UUID";
    case PLEXCTL_URL:
        return "URL";
    case PLEXCTL_DURATION:
        return "DURATION";
    case PLEXCTL_PATH:
        return "PATH";
    case PLEXCTL_SECRET:
        return "SECRET";
    case PLEXCTL_PROFILE:
        return "PROFILE";
    default:
        return "TEXT";
    }
}

const char *help_flag_value_name(const struct plexctl_flag *flag)
{
    if (flag->value_name)
        return flag->value_name;
    return flag->type == PLEXCTL_ENUM && flag->choices ? flag->choices : type_word(flag->type);
}

void help_flag_safe(struct buf *out, const char *text)
{
    text_sanitise(out, text, strlen(text), SIZE_MAX);
}

void help_flag_label(struct buf *out, const struct plexctl_flag *flag)
{
    buf_append_text(out, "--");
    help_flag_safe(out, flag->name);
    if (flag->type != PLEXCTL_BOOL) {
        buf_append_char(out, ' ');
        help_flag_safe(out, help_flag_value_name(flag));
    }
}

static void append_note(struct buf *out, bool *has_notes)
{
    buf_append_text(out, *has_notes ? ", " : " (");
    *has_notes = true;
}

static void append_bounds(struct buf *out, const struct plexctl_flag *flag)
{
    const char *unit = flag->type == PLEXCTL_DURATION ? " s" : "";

    buf_appendf(out, "%" PRId64 " to %" PRId64 "%s", flag->minimum, flag->maximum, unit);
}

void help_flag_text(struct buf *out, const struct plexctl_flag *flag)
{
    bool has_notes = false;

    buf_append_text(out, flag->help ? flag->help : "");
    if (flag->attributes & PLEXCTL_REQUIRED) {
        append_note(out, &has_notes);
        buf_append_text(out, "required");
    }
    if (flag->type == PLEXCTL_ENUM && flag->choices && strcmp(help_flag_value_name(flag), flag->choices) != 0) {
        append_note(out, &has_notes);
        buf_append_text(out, flag->choices);
    }
    if (flag->minimum != 0 || flag->maximum != 0) {
        append_note(out, &has_notes);
        append_bounds(out, flag);
    }
    if (flag->default_value && flag->type != PLEXCTL_SECRET) {
        append_note(out, &has_notes);
        buf_appendf(out, "default: %s", flag->default_value);
    }
    if (has_notes)
        buf_append_char(out, ')');
}

void help_flag_row(struct help_rows *rows, const struct plexctl_flag *flag)
{
    auto_buf struct buf left = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf right = BUF_INIT(SIZE_MAX / 2);

    if (flag->letter > ' ' && flag->letter < 0x7f)
        buf_appendf(&left, "  -%c, ", (char)flag->letter);
    else
        buf_append_text(&left, "      ");
    help_flag_label(&left, flag);
    help_flag_text(&right, flag);
    help_rows_add(rows, &left, &right);
}

void help_flag_rows(struct help_rows *rows, const struct plexctl_flags *flags)
{
    for (uint32_t i = 0; i < flags->count; i++) {
        struct plexctl_flag flag = options_flag_at(flags, i);
        help_flag_row(rows, &flag);
    }
}
