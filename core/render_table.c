/* SPDX-License-Identifier: Apache-2.0 */
#include "render_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/text_width.h"
#include "base/text_wrap.h"

#define NOTHING "-"
#define GAP 2

struct column {
    const char *key, *title; /* title NULL: made of the key */
    size_t width;
};

struct table {
    const struct plexctl_json *result;
    bool reveal_secrets, is_bold;
    struct column *columns; /* malloc'd */
    size_t count, capacity;
    size_t max_columns; /* 0: none */
    bool has_failed;
};

/* A part that lacks something must not make a whole that looks complete. */
static void carry_failure(struct buf *out, const struct buf *part)
{
    if (part->failed != PLEXCTL_OK && out->failed == PLEXCTL_OK)
        out->failed = part->failed;
}

/* Columns */

static bool add_column(struct table *table, const char *key, const char *title)
{
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 16;
        struct column *grown = reallocarray(table->columns, capacity, sizeof *grown);
        if (!grown) {
            table->has_failed = true;
            return false;
        }
        table->columns = grown;
        table->capacity = capacity;
    }
    table->columns[table->count++] = (struct column){.key = key, .title = title};
    return true;
}

static bool add_member(void *context, const char *key, struct plexctl_json *value)
{
    struct table *table = context;

    (void)value;
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->columns[i].key, key) == 0)
            return true;
    }
    return add_column(table, key, NULL);
}

/* A row of another minor may be longer or shorter than ours. */
static struct plexctl_column column_at(const struct plexctl_columns *columns, uint32_t index)
{
    struct plexctl_column column = {0};
    size_t size = columns->row_size < sizeof column ? columns->row_size : sizeof column;

    memcpy(&column, (const char *)columns->rows + (size_t)index * columns->row_size, size);
    return column;
}

static plexctl_status find_columns(struct table *table, const struct plexctl_columns *wanted, struct error *err)
{
    size_t rows = json_length(table->result);

    if (wanted && wanted->rows && wanted->count) {
        for (uint32_t i = 0; i < wanted->count && !table->has_failed; i++) {
            struct plexctl_column column = column_at(wanted, i);
            if (column.key)
                (void)add_column(table, column.key, column.title);
        }
    } else if (json_type(table->result) == PLEXCTL_JSON_OBJECT) {
        (void)json_each(table->result, add_member, table);
    } else {
        for (size_t i = 0; i < rows && !table->has_failed; i++)
            (void)json_each(json_at(table->result, i), add_member, table);
    }
    return table->has_failed ? error_no_memory(err) : PLEXCTL_OK;
}

/* By ASCII, whatever the locale is. */
static char title_character(char c)
{
    static const char lower[] = "abcdefghijklmnopqrstuvwxyz_", title[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ ";
    const char *found = strchr(lower, c);

    if (!found)
        return c;
    return title[found - lower];
}

static void append_title(struct buf *out, const struct column *column)
{
    auto_buf struct buf title = BUF_INIT(SIZE_MAX / 2);

    for (const char *c = column->key; !column->title && *c; c++)
        buf_append_char(&title, title_character(*c));
    if (column->title)
        buf_append_text(&title, column->title);
    text_sanitise(out, buf_text(&title), title.len, SIZE_MAX);
    carry_failure(out, &title);
}

/* As it is shown; *ret_width is what it takes on a line. */
static void append_shown_title(struct buf *out, const struct table *table, const struct column *column,
                               size_t *ret_width)
{
    auto_buf struct buf title = BUF_INIT(SIZE_MAX / 2);

    append_title(&title, column);
    buf_appendf(out, "%s%s%s", table->is_bold ? "\033[1m" : "", buf_text(&title), table->is_bold ? "\033[0m" : "");
    carry_failure(out, &title);
    *ret_width = text_width(buf_text(&title), title.len);
}

/* Cells */

static void append_value(struct buf *text, const struct plexctl_json *value, bool reveal)
{
    if (json_type(value) == PLEXCTL_JSON_STRING && (reveal || !json_is_secret(value)))
        buf_append_text(text, json_string(value));
    else if (json_type(value) == PLEXCTL_JSON_STRING)
        buf_append_text(text, "***");
    else if (json_type(value) == PLEXCTL_JSON_NULL || json_type(value) == PLEXCTL_JSON_ABSENT)
        buf_append_text(text, NOTHING);
    else
        json_write(text, value, reveal ? JSON_WRITE_REVEAL : 0, 0);
}

static bool is_container(const struct plexctl_json *value)
{
    return json_type(value) == PLEXCTL_JSON_ARRAY || json_type(value) == PLEXCTL_JSON_OBJECT;
}

static bool is_list_of_scalars(const struct plexctl_json *value)
{
    size_t length = json_length(value);

    if (json_type(value) != PLEXCTL_JSON_ARRAY)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (is_container(json_at(value, i)))
            return false;
    }
    return true;
}

static void append_cell(struct buf *out, const struct plexctl_json *value, bool reveal)
{
    auto_buf struct buf text = BUF_INIT(SIZE_MAX / 2);
    size_t length = json_length(value);

    if (!is_list_of_scalars(value))
        append_value(&text, value, reveal);
    else if (length == 0)
        buf_append_text(&text, NOTHING);
    else
        for (size_t i = 0; i < length; i++) {
            if (i > 0)
                buf_append_text(&text, ", ");
            append_value(&text, json_at(value, i), reveal);
        }
    text_sanitise(out, buf_text(&text), text.len, SIZE_MAX);
    carry_failure(out, &text);
}

/* Lines */

static void append_gap(struct buf *line, size_t used, size_t width)
{
    for (size_t i = used; i < width + GAP; i++)
        buf_append_char(line, ' ');
}

static void append_line(struct buf *out, const struct buf *line)
{
    size_t len = line->len;

    while (len > 0 && line->data[len - 1] == ' ')
        len--;
    buf_append(out, buf_text(line), len);
    buf_append_char(out, '\n');
    carry_failure(out, line);
}

static size_t widest_word(const struct buf *cell)
{
    size_t widest = 0;

    for (const char *at = buf_text(cell); *at;) {
        size_t len = strcspn(at, " "), width = text_width(at, len);
        widest = width > widest ? width : widest;
        at += len + (at[len] != '\0');
    }
    return widest;
}

static void append_spaces(struct buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_append_char(out, ' ');
}

/* Behind a title that takes `used` of `width`. On a terminal that it does not fit: broken between its words there, and
 * where one of these does not fit either, below the title. */
static void append_value_of(const struct table *table, struct buf *line, struct buf *cell, size_t used, size_t width)
{
    size_t columns = table->max_columns, hang = width + GAP, widest = widest_word(cell);

    if (cell->len == 0 || !columns || hang + text_width(cell->data, cell->len) <= columns) {
        append_gap(line, used, width);
        buf_append(line, buf_text(cell), cell->len);
        return;
    }
    if (hang + widest <= columns) {
        append_gap(line, used, width);
    } else {
        hang = GAP + widest <= columns ? GAP : 0;
        buf_append_char(line, '\n');
        append_spaces(line, hang);
    }
    text_wrap(cell->data, cell->len, columns - hang, 0);
    for (size_t i = 0; i < cell->len; i++) {
        buf_append_char(line, cell->data[i]);
        if (cell->data[i] == '\n')
            append_spaces(line, hang);
    }
}

static void render_object(const struct table *table, const struct plexctl_json *object, struct buf *out)
{
    size_t width = 0;

    for (size_t i = 0; i < table->count; i++) {
        auto_buf struct buf title = BUF_INIT(SIZE_MAX / 2);
        append_title(&title, &table->columns[i]);
        size_t title_width = text_width(buf_text(&title), title.len);
        width = title_width > width ? title_width : width;
        carry_failure(out, &title);
    }
    for (size_t i = 0; i < table->count; i++) {
        auto_buf struct buf line = BUF_INIT(SIZE_MAX / 2), cell = BUF_INIT(SIZE_MAX / 2);
        size_t used;
        append_shown_title(&line, table, &table->columns[i], &used);
        append_cell(&cell, json_get(object, table->columns[i].key), table->reveal_secrets);
        append_value_of(table, &line, &cell, used, width);
        carry_failure(&line, &cell);
        append_line(out, &line);
    }
}

/* Row 0 is the header. Returns what it takes on a line. */
static size_t append_row_cell(const struct table *table, size_t row, size_t index, struct buf *out)
{
    const struct column *column = &table->columns[index];
    size_t start = out->len, width;

    if (row == 0) {
        append_shown_title(out, table, column, &width);
        return width;
    }
    append_cell(out, json_get(json_at(table->result, row - 1), column->key), table->reveal_secrets);
    return text_width(buf_text(out) + start, out->len - start);
}

static void measure_columns(struct table *table, struct buf *out)
{
    size_t rows = json_length(table->result);

    for (size_t row = 0; row <= rows; row++) {
        for (size_t i = 0; i < table->count; i++) {
            auto_buf struct buf cell = BUF_INIT(SIZE_MAX / 2);
            size_t width = append_row_cell(table, row, i, &cell);
            if (width > table->columns[i].width)
                table->columns[i].width = width;
            carry_failure(out, &cell);
        }
    }
}

static bool fits(const struct table *table)
{
    size_t width = 0;

    for (size_t i = 0; i < table->count; i++)
        width += table->columns[i].width + (i > 0 ? GAP : 0);
    return !table->max_columns || width <= table->max_columns;
}

static void render_rows(struct table *table, struct buf *out)
{
    size_t rows = json_length(table->result);

    measure_columns(table, out);
    for (size_t row = 0; row < rows && !fits(table); row++) {
        if (row > 0)
            buf_append_char(out, '\n');
        render_object(table, json_at(table->result, row), out);
    }
    if (rows && !fits(table))
        return;
    for (size_t row = 0; row <= rows && table->count; row++) {
        auto_buf struct buf line = BUF_INIT(SIZE_MAX / 2);
        for (size_t i = 0; i < table->count; i++) {
            size_t used = append_row_cell(table, row, i, &line);
            if (i + 1 < table->count)
                append_gap(&line, used, table->columns[i].width);
        }
        append_line(out, &line);
    }
}

static void render_list(const struct table *table, struct buf *out)
{
    size_t length = json_length(table->result);

    for (size_t i = 0; i < length; i++) {
        auto_buf struct buf line = BUF_INIT(SIZE_MAX / 2);
        append_cell(&line, json_at(table->result, i), table->reveal_secrets);
        append_line(out, &line);
    }
}

static bool is_list_of_objects(const struct plexctl_json *value)
{
    size_t length = json_length(value);

    if (json_type(value) != PLEXCTL_JSON_ARRAY)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (json_type(json_at(value, i)) != PLEXCTL_JSON_OBJECT)
            return false;
    }
    return true;
}

static void render_scalar(const struct table *table, struct buf *out)
{
    auto_buf struct buf line = BUF_INIT(SIZE_MAX / 2);

    append_cell(&line, table->result, table->reveal_secrets);
    append_line(out, &line);
}

plexctl_status render_table(const struct plexctl_json *result, const struct output_style *style, struct buf *out,
                            struct error *err)
{
    struct table table = {.result = result,
                          .reveal_secrets = style->reveal_secrets,
                          .is_bold = style->is_bold,
                          .max_columns = style->max_columns};
    plexctl_status status = find_columns(&table, style->columns, err);

    if (status == PLEXCTL_OK) {
        if (json_type(result) == PLEXCTL_JSON_OBJECT)
            render_object(&table, result, out);
        else if (is_list_of_objects(result))
            render_rows(&table, out);
        else if (json_type(result) == PLEXCTL_JSON_ARRAY)
            render_list(&table, out);
        else
            render_scalar(&table, out);
        status = buf_check(out, "the table", err);
    }
    free(table.columns);
    return status;
}
