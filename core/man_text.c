/* SPDX-License-Identifier: Apache-2.0 */
#include "man_text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "help_layout.h"

#define LINE_COLUMNS 78
#define MACRO_MAX_BYTES 3

static void append_escaped(struct buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\')
            buf_append_text(out, "\\e");
        else if (text[i] == '"')
            buf_append_text(out, "\\(dq");
        else
            buf_append_char(out, text[i]);
    }
}

static bool is_control(const char *line)
{
    return line[0] == '.' || line[0] == '\'';
}

/* Macros */

static bool may_be_macro(const char *text)
{
    return strlen(text) <= MACRO_MAX_BYTES && isupper((unsigned char)text[0]) && islower((unsigned char)text[1]);
}

static bool is_bare(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (!isalnum((unsigned char)*c) && !strchr("-_/", *c) && (*c != '|' || c == text))
            return false;
    }
    return *text && !may_be_macro(text);
}

void man_text_argument(struct buf *out, const char *text)
{
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);

    text_sanitise(&safe, text, strlen(text), SIZE_MAX);
    if (is_bare(buf_text(&safe))) {
        buf_append_text(out, buf_text(&safe));
    } else {
        buf_append_text(out, "\"\\&");
        append_escaped(out, buf_text(&safe), safe.len);
        buf_append_char(out, '"');
    }
    help_carry(out, &safe);
}

void man_text_rest(struct buf *out, const char *text)
{
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);

    text_sanitise(&safe, text, strlen(text), SIZE_MAX);
    for (const char *word = buf_text(&safe); *word;) {
        size_t len = strcspn(word, " ");
        auto_buf struct buf one = BUF_INIT(SIZE_MAX / 2);
        buf_append(&one, word, len);
        if (len > 0) {
            buf_append_text(out, is_bare(buf_text(&one)) ? " " : " \\&");
            append_escaped(out, word, len);
        }
        help_carry(out, &one);
        word += len + (word[len] != '\0');
    }
    help_carry(out, &safe);
}

/* Running text */

struct filler {
    struct buf *out;
    size_t column;
    bool has_ended; /* a sentence: the next one begins on a new line */
};

static bool ends_sentence(const char *word, size_t len)
{
    while (len > 1 && strchr(")]'\"", word[len - 1]))
        len--;
    return strchr(".!?", word[len - 1]) != NULL;
}

static void add_word(struct filler *filler, const char *word, size_t len)
{
    auto_buf struct buf escaped = BUF_INIT(SIZE_MAX / 2);

    append_escaped(&escaped, word, len);
    if (filler->column > 0 && (filler->has_ended || filler->column + 1 + escaped.len > LINE_COLUMNS)) {
        buf_append_char(filler->out, '\n');
        filler->column = 0;
    }
    if (filler->column > 0)
        buf_append_char(filler->out, ' ');
    else if (is_control(word))
        buf_append_text(filler->out, "\\&");
    help_append(filler->out, &escaped);
    filler->column += 1 + escaped.len;
    filler->has_ended = ends_sentence(word, len);
}

static void add_words(struct filler *filler, const char *text, size_t len)
{
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);

    text_sanitise(&safe, text, len, SIZE_MAX);
    for (const char *word = buf_text(&safe); *word;) {
        size_t length = strcspn(word, " ");
        if (length > 0)
            add_word(filler, word, length);
        word += length + (word[length] != '\0');
    }
    help_carry(filler->out, &safe);
}

static void end_paragraph(struct filler *filler)
{
    if (filler->column > 0)
        buf_append_char(filler->out, '\n');
    *filler = (struct filler){.out = filler->out};
}

void man_text_fill(struct buf *out, const char *text)
{
    struct filler filler = {.out = out};

    add_words(&filler, text, strlen(text));
    end_paragraph(&filler);
}

/* Kept lines */

static void add_kept_line(struct buf *out, const char *line, size_t len)
{
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);

    while (len > 0 && line[len - 1] == ' ')
        len--;
    text_sanitise(&safe, line, len, SIZE_MAX);
    if (is_control(buf_text(&safe)))
        buf_append_text(out, "\\&");
    append_escaped(out, buf_text(&safe), safe.len);
    buf_append_char(out, '\n');
    help_carry(out, &safe);
}

/* The lines of `text` as long as `is_kept` says so; returns the rest. */
static const char *add_display(struct buf *out, const char *text, bool (*is_kept)(const char *line))
{
    buf_append_text(out, ".Bd -literal -offset indent\n");
    while (*text && is_kept(text)) {
        size_t len = strcspn(text, "\n");
        add_kept_line(out, text, len);
        text += len + (text[len] != '\0');
    }
    buf_append_text(out, ".Ed\n");
    return text;
}

static bool is_any(const char *line)
{
    (void)line;
    return true;
}

static bool is_indented(const char *line)
{
    return line[0] == ' ';
}

void man_text_literal(struct buf *out, const char *text)
{
    if (*text)
        (void)add_display(out, text, is_any);
}

void man_text_description(struct buf *out, const char *text, bool has_text)
{
    struct filler filler = {.out = out};

    while (*text) {
        size_t len = strcspn(text, "\n");
        if (is_indented(text)) {
            end_paragraph(&filler);
            text = add_display(out, text, is_indented);
            has_text = true;
            continue;
        }
        if (len == 0)
            end_paragraph(&filler);
        else if (filler.column == 0 && has_text)
            buf_append_text(out, ".Pp\n");
        if (len > 0)
            add_words(&filler, text, len);
        has_text = has_text || len > 0;
        text += len + (text[len] != '\0');
    }
    end_paragraph(&filler);
}
