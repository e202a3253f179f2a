/* SPDX-License-Identifier: Apache-2.0 */
#include "help_layout.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "base/text_width.h"

#define GAP 2
#define LEFT_MAX_COLUMNS 32 /* a wider left has its line for itself */

struct layout {
    struct buf *out;
    size_t column; /* where the line ends */
    size_t hang;   /* where the next one starts */
    bool is_empty; /* nothing stands on the line yet */
};

void help_carry(struct buf *out, const struct buf *part)
{
    if (part->failed != PLEXCTL_OK && out->failed == PLEXCTL_OK)
        out->failed = part->failed;
}

void help_append(struct buf *out, const struct buf *part)
{
    buf_append(out, buf_text(part), part->len);
    help_carry(out, part);
}

static void append_spaces(struct buf *out, size_t count)
{
    static const char spaces[] = "                                        ";

    for (size_t part; count > 0; count -= part) {
        part = count < sizeof spaces - 1 ? count : sizeof spaces - 1;
        buf_append(out, spaces, part);
    }
}

static void start_line(struct layout *layout, size_t column)
{
    append_spaces(layout->out, column);
    layout->column = column;
    layout->is_empty = true;
}

static void add_word(struct layout *layout, const char *word, size_t len)
{
    size_t width = text_width(word, len);

    if (!layout->is_empty && layout->column + 1 + width > HELP_LINE_COLUMNS) {
        buf_append_char(layout->out, '\n');
        start_line(layout, layout->hang);
    }
    if (!layout->is_empty) {
        buf_append_char(layout->out, ' ');
        layout->column++;
    }
    buf_append(layout->out, word, len);
    layout->column += width;
    layout->is_empty = false;
}

static void add_words(struct layout *layout, const char *text, char separator)
{
    const char separators[] = {separator, '\0'};

    while (*text) {
        size_t len = strcspn(text, separators);
        if (len > 0)
            add_word(layout, text, len);
        text += len + (text[len] != '\0');
    }
}

static void add_foreign(struct layout *layout, const char *text, size_t len)
{
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);

    text_sanitise(&safe, text, len, SIZE_MAX);
    add_words(layout, buf_text(&safe), ' ');
    help_carry(layout->out, &safe);
}

static void add_wrapped(struct buf *out, const char *safe, size_t indent)
{
    size_t spaces = strspn(safe, " ");
    size_t start = indent + (spaces < HELP_LINE_COLUMNS / 2 ? spaces : HELP_LINE_COLUMNS / 2);
    struct layout layout = {.out = out, .hang = start};

    start_line(&layout, start);
    add_words(&layout, safe, ' ');
}

/* A line of a list or an example; spaces at its end are nothing to keep. */
static void add_kept_line(struct buf *out, const char *line, size_t len, size_t indent)
{
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);

    while (len > 0 && line[len - 1] == ' ')
        len--;
    text_sanitise(&safe, line, len, SIZE_MAX);
    if (indent + text_width(buf_text(&safe), safe.len) > HELP_LINE_COLUMNS)
        add_wrapped(out, buf_text(&safe), indent);
    else if (safe.len > 0) {
        append_spaces(out, indent);
        buf_append(out, buf_text(&safe), safe.len);
    }
    buf_append_char(out, '\n');
    help_carry(out, &safe);
}

void help_text(struct buf *out, const char *text, size_t indent)
{
    struct layout layout = {.out = out, .hang = indent};
    bool is_within = false; /* a paragraph, whose last line is not ended yet */

    while (*text) {
        size_t len = strcspn(text, "\n");
        bool flows = len > 0 && text[0] != ' ';
        if (flows && !is_within)
            start_line(&layout, indent);
        if (!flows && is_within)
            buf_append_char(out, '\n');
        if (flows)
            add_foreign(&layout, text, len);
        else
            add_kept_line(out, text, len, indent);
        is_within = flows;
        text += len + (text[len] != '\0');
    }
    if (is_within)
        buf_append_char(out, '\n');
}

void help_items(struct buf *out, const char *lead, const char *items, size_t hang)
{
    struct layout layout = {.out = out, .column = text_width(lead, strlen(lead)), .hang = hang};

    buf_append_text(out, lead);
    add_words(&layout, items, '\n');
    buf_append_char(out, '\n');
}

/* Command lines */

/* The length of the piece that must stay together: up to a space before a '-', outside quotes. */
static size_t piece_length(const char *line)
{
    char quote = '\0';
    size_t i = 0;

    for (; line[i]; i++) {
        if (quote == '\0' && line[i] == ' ' && line[i + 1] == '-')
            break;
        if (quote != '\'' && line[i] == '\\' && line[i + 1])
            i++;
        else if (quote == '\0' && (line[i] == '\'' || line[i] == '"'))
            quote = line[i];
        else if (line[i] == quote)
            quote = '\0';
    }
    return i;
}

void help_command_line(struct buf *out, const char *line, size_t len, size_t indent)
{
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);
    struct layout layout = {.out = out, .hang = indent};

    text_sanitise(&safe, line, len, SIZE_MAX);
    const char *rest = buf_text(&safe);
    start_line(&layout, indent);
    while (*rest) {
        size_t length = piece_length(rest);
        bool is_last = rest[length] == '\0';
        size_t width = text_width(rest, length) + (is_last ? 0 : 2);
        if (!layout.is_empty && layout.column + 1 + width > HELP_LINE_COLUMNS) {
            buf_append_text(out, " \\\n");
            layout.hang = indent + 4;
            start_line(&layout, layout.hang);
        }
        add_word(&layout, rest, length);
        rest += length + !is_last;
    }
    buf_append_char(out, '\n');
    help_carry(out, &safe);
}

/* Rows */

void help_rows_add(struct help_rows *rows, const struct buf *left, const struct buf *right)
{
    size_t width = text_width(buf_text(left), left->len);

    help_append(&rows->lefts, left);
    buf_append_char(&rows->lefts, '\0');
    help_append(&rows->rights, right);
    buf_append_char(&rows->rights, '\0');
    if (width > rows->widest && width <= LEFT_MAX_COLUMNS)
        rows->widest = width;
}

void help_rows_print(const struct help_rows *rows, struct buf *out)
{
    const char *left = buf_text(&rows->lefts);
    const char *right = buf_text(&rows->rights);
    size_t right_column = rows->widest + GAP;

    help_carry(out, &rows->lefts);
    help_carry(out, &rows->rights);
    if (out->failed != PLEXCTL_OK)
        return;
    while (left < buf_text(&rows->lefts) + rows->lefts.len) {
        struct layout layout = {.out = out, .column = text_width(left, strlen(left)), .hang = right_column};
        buf_append_text(out, left);
        if (layout.column > rows->widest && *right) {
            buf_append_char(out, '\n');
            layout.column = 0;
        }
        if (*right)
            start_line(&layout, right_column - layout.column);
        layout.column = right_column;
        add_foreign(&layout, right, strlen(right));
        buf_append_char(out, '\n');
        left += strlen(left) + 1;
        right += strlen(right) + 1;
    }
}

void help_rows_release(struct help_rows *rows)
{
    buf_release(&rows->lefts);
    buf_release(&rows->rights);
    rows->widest = 0;
}
