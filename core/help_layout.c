/* SPDX-License-Identifier: Apache-2.0 */
#include "help_layout.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "base/text_width.h"
#include "terminal.h"

#define GAP 2
#define BREAK '\v' /* sanitised text has none */

struct layout {
    struct buf *out;
    size_t columns; /* of the page */
    size_t column;  /* where the line ends */
    size_t hang;    /* where the next one starts */
    bool is_empty;  /* nothing stands on the line yet */
};

struct help_page help_page_for(int fd, struct buf *out)
{
    size_t columns = terminal_columns(fd);

    return (struct help_page){.out = out,
                              .columns = columns < HELP_LINE_COLUMNS ? columns : HELP_LINE_COLUMNS,
                              .is_bold = terminal_has_colour(fd)};
}

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

void help_break(const struct help_page *page)
{
    buf_append_char(page->out, BREAK);
}

void help_fit(struct buf *out, size_t start, size_t max_lines)
{
    size_t lines = 0, kept = start;

    for (size_t i = start; i < out->len; i++)
        lines += out->data[i] == '\n';
    for (size_t i = start; i < out->len; i++) {
        char c = out->data[i];
        if (c == BREAK && lines >= max_lines)
            continue;
        lines += c == BREAK;
        out->data[kept++] = c;
        if (c == BREAK)
            out->data[kept - 1] = '\n';
    }
    if (kept < out->len)
        out->data[kept] = '\0';
    out->len = kept;
}

void help_heading(const struct help_page *page, const char *text)
{
    buf_appendf(page->out, "%s%s%s", page->is_bold ? "\033[1m" : "", text, page->is_bold ? "\033[0m" : "");
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

    if (!layout->is_empty && layout->column + 1 + width > layout->columns) {
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

static void add_wrapped(const struct help_page *page, const char *safe, size_t indent)
{
    size_t spaces = strspn(safe, " ");
    size_t start = indent + (spaces < page->columns / 2 ? spaces : page->columns / 2);
    struct layout layout = {.out = page->out, .columns = page->columns, .hang = start};

    start_line(&layout, start);
    add_words(&layout, safe, ' ');
}

/* A line of a list or an example; spaces at its end are nothing to keep. */
static void add_kept_line(const struct help_page *page, const char *line, size_t len, size_t indent)
{
    struct buf *out = page->out;
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);

    while (len > 0 && line[len - 1] == ' ')
        len--;
    text_sanitise(&safe, line, len, SIZE_MAX);
    if (indent + text_width(buf_text(&safe), safe.len) > page->columns)
        add_wrapped(page, buf_text(&safe), indent);
    else if (safe.len > 0) {
        append_spaces(out, indent);
        buf_append(out, buf_text(&safe), safe.len);
    }
    buf_append_char(out, '\n');
    help_carry(out, &safe);
}

void help_text(const struct help_page *page, const char *text, size_t indent)
{
    struct layout layout = {.out = page->out, .columns = page->columns, .hang = indent};
    bool is_within = false; /* a paragraph, whose last line is not ended yet */

    while (*text) {
        size_t len = strcspn(text, "\n");
        bool flows = len > 0 && text[0] != ' ';
        if (flows && !is_within)
            start_line(&layout, indent);
        if (!flows && is_within)
            buf_append_char(page->out, '\n');
        if (flows)
            add_foreign(&layout, text, len);
        else
            add_kept_line(page, text, len, indent);
        is_within = flows;
        text += len + (text[len] != '\0');
    }
    if (is_within)
        buf_append_char(page->out, '\n');
}

void help_items(const struct help_page *page, struct help_lead lead, const char *items, size_t hang)
{
    struct layout layout = {
        .out = page->out, .columns = page->columns, .column = text_width(lead.text, strlen(lead.text)), .hang = hang};

    if (lead.is_heading)
        help_heading(page, lead.text);
    else
        buf_append_text(page->out, lead.text);
    add_words(&layout, items, '\t');
    buf_append_char(page->out, '\n');
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

void help_command_line(const struct help_page *page, const char *line, size_t len, size_t indent)
{
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);
    struct layout layout = {.out = page->out, .columns = page->columns, .hang = indent};

    text_sanitise(&safe, line, len, SIZE_MAX);
    const char *rest = buf_text(&safe);
    start_line(&layout, indent);
    while (*rest) {
        size_t length = piece_length(rest);
        bool is_last = rest[length] == '\0';
        size_t width = text_width(rest, length) + (is_last ? 0 : 2);
        if (!layout.is_empty && layout.column + 1 + width > page->columns) {
            buf_append_text(page->out, " \\\n");
            layout.hang = indent + 4;
            start_line(&layout, layout.hang);
        }
        add_word(&layout, rest, length);
        rest += length + !is_last;
    }
    buf_append_char(page->out, '\n');
    help_carry(page->out, &safe);
}

/* Rows */

void help_rows_add(struct help_rows *rows, const struct buf *left, const struct buf *right)
{
    help_append(&rows->lefts, left);
    buf_append_char(&rows->lefts, '\0');
    help_append(&rows->rights, right);
    buf_append_char(&rows->rights, '\0');
}

/* Two fifths of a page are for the lefts; a wider one has its line for itself. */
size_t help_rows_widest(const struct help_rows *rows, size_t columns)
{
    const char *lefts = buf_text(&rows->lefts);
    size_t widest = 0;

    for (const char *left = lefts; left < lefts + rows->lefts.len; left += strlen(left) + 1) {
        size_t width = text_width(left, strlen(left));
        if (width > widest && width <= columns * 2 / 5)
            widest = width;
    }
    return widest;
}

/* The column at which the right begins, on this line or the next. */
static size_t leave_left(struct layout *layout, size_t widest, const char *right, bool is_tight)
{
    size_t width = text_width(right, strlen(right));

    if (layout->column > widest && is_tight && layout->column + GAP + width <= layout->columns)
        return layout->column + GAP;
    if (layout->column > widest) {
        buf_append_char(layout->out, '\n');
        layout->column = 0;
    }
    return widest + GAP;
}

void help_rows_print(const struct help_rows *rows, const struct help_page *page)
{
    const char *left = buf_text(&rows->lefts);
    const char *right = buf_text(&rows->rights);
    size_t widest = help_rows_widest(rows, page->columns);

    help_carry(page->out, &rows->lefts);
    help_carry(page->out, &rows->rights);
    if (page->out->failed != PLEXCTL_OK)
        return;
    while (left < buf_text(&rows->lefts) + rows->lefts.len) {
        struct layout layout = {
            .out = page->out, .columns = page->columns, .column = text_width(left, strlen(left)), .hang = widest + GAP};
        buf_append_text(page->out, left);
        if (*right) {
            size_t start = leave_left(&layout, widest, right, rows->is_tight);
            start_line(&layout, start - layout.column);
            layout.column = start;
            add_foreign(&layout, right, strlen(right));
        }
        buf_append_char(page->out, '\n');
        left += strlen(left) + 1;
        right += strlen(right) + 1;
    }
}

void help_rows_release(struct help_rows *rows)
{
    buf_release(&rows->lefts);
    buf_release(&rows->rights);
}
