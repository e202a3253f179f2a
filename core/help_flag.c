/* SPDX-License-Identifier: Apache-2.0 */
#include "help_flag.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "base/text_width.h"
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

enum extent { NOTES_ALL, NOTES_BRIEF, NOTES_KEPT };

/* " (required, default: 5)"; nothing where nothing applies. */
static void append_notes(struct buf *out, const struct plexctl_flag *flag, enum extent extent)
{
    const bool is_all = extent == NOTES_ALL;
    bool has_notes = false;

    if (flag->attributes & PLEXCTL_REQUIRED) {
        append_note(out, &has_notes);
        buf_append_text(out, "required");
    }
    if (is_all && (flag->attributes & PLEXCTL_WAIVES_REQUIRED)) {
        append_note(out, &has_notes);
        buf_append_text(out, "instead of what is required");
    }
    if (is_all && flag->type == PLEXCTL_ENUM && flag->choices &&
        strcmp(help_flag_value_name(flag), flag->choices) != 0) {
        append_note(out, &has_notes);
        buf_append_text(out, flag->choices);
    }
    if (is_all && (flag->minimum != 0 || flag->maximum != 0)) {
        append_note(out, &has_notes);
        append_bounds(out, flag);
    }
    if (extent != NOTES_KEPT && flag->default_value && flag->type != PLEXCTL_SECRET) {
        append_note(out, &has_notes);
        buf_appendf(out, "default: %s", flag->default_value);
    }
    if (has_notes)
        buf_append_char(out, ')');
}

void help_flag_text(struct buf *out, const struct plexctl_flag *flag)
{
    buf_append_text(out, flag->help ? flag->help : "");
    append_notes(out, flag, NOTES_ALL);
}

/* One line */

/* Up to the first of `ends` behind which a space follows. */
static size_t clause_length(const char *help, const char *ends)
{
    size_t len = strcspn(help, ends);

    while (help[len] && help[len + 1] != ' ')
        len += 1 + strcspn(help + len + 1, ends);
    return len;
}

static void append_cut(struct buf *out, const char *help, size_t columns)
{
    static const char ellipsis[] = "...";
    size_t room = columns > strlen(ellipsis) ? columns - strlen(ellipsis) : 0;
    size_t len = text_fit(help, strlen(help), room), end = len;

    while (end > 0 && help[end] != ' ')
        end--;
    buf_append(out, help, end ? end : len);
    buf_append_text(out, ellipsis);
}

void help_flag_one_line(struct buf *out, const char *help, const struct help_notes *notes, size_t columns)
{
    const size_t lengths[] = {strlen(help), clause_length(help, ";"), clause_length(help, ",;")};
    const char *const extents[] = {notes->all, notes->brief, notes->kept};
    const size_t kept = text_width(notes->kept, strlen(notes->kept));

    for (size_t n = 0; n < sizeof extents / sizeof extents[0]; n++) {
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            if (text_width(help, lengths[i]) + text_width(extents[n], strlen(extents[n])) > columns)
                continue;
            buf_append(out, help, lengths[i]);
            buf_append_text(out, extents[n]);
            return;
        }
    }
    append_cut(out, help, columns > kept ? columns - kept : 0);
    buf_append_text(out, notes->kept);
}

size_t help_flag_room(const struct buf *left, size_t widest)
{
    size_t width = text_width(buf_text(left), left->len);

    width = (width > widest ? width : widest) + 2;
    return width < HELP_LINE_COLUMNS ? HELP_LINE_COLUMNS - width : 0;
}

/* Rows */

static void append_left(struct buf *left, const struct plexctl_flag *flag)
{
    if (flag->letter > ' ' && flag->letter < 0x7f)
        buf_appendf(left, "  -%c, ", (char)flag->letter);
    else
        buf_append_text(left, "      ");
    help_flag_label(left, flag);
}

void help_flag_row(struct help_rows *rows, const struct plexctl_flag *flag)
{
    auto_buf struct buf left = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf right = BUF_INIT(SIZE_MAX / 2);

    append_left(&left, flag);
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

static void add_short_row(struct help_rows *rows, const struct plexctl_flag *flag, size_t widest)
{
    struct buf extents[] = {BUF_INIT(SIZE_MAX / 2), BUF_INIT(SIZE_MAX / 2), BUF_INIT(SIZE_MAX / 2)};
    auto_buf struct buf left = BUF_INIT(SIZE_MAX / 2);
    auto_buf struct buf right = BUF_INIT(SIZE_MAX / 2);

    for (int i = NOTES_ALL; i <= NOTES_KEPT; i++)
        append_notes(&extents[i], flag, (enum extent)i);
    const struct help_notes notes = {buf_text(&extents[NOTES_ALL]), buf_text(&extents[NOTES_BRIEF]),
                                     buf_text(&extents[NOTES_KEPT])};
    append_left(&left, flag);
    help_flag_one_line(&right, flag->help ? flag->help : "", &notes, help_flag_room(&left, widest));
    for (int i = NOTES_ALL; i <= NOTES_KEPT; i++) {
        help_carry(&right, &extents[i]);
        buf_release(&extents[i]);
    }
    help_rows_add(rows, &left, &right);
}

void help_flag_rows_short(struct help_rows *rows, const struct plexctl_flags *flags)
{
    auto_help_rows struct help_rows whole = HELP_ROWS_INIT;

    help_flag_rows(&whole, flags);
    help_carry(&rows->lefts, &whole.lefts);
    for (uint32_t i = 0; i < flags->count; i++) {
        struct plexctl_flag flag = options_flag_at(flags, i);
        add_short_row(rows, &flag, help_rows_widest(&whole, HELP_LINE_COLUMNS));
    }
    rows->is_tight = true;
}
