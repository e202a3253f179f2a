/* SPDX-License-Identifier: Apache-2.0 */
#include "base/shell_word.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define PLAIN LETTERS "0123456789/._-+@%,:="
#define QUOTES_BYTES ((size_t)2)
#define QUOTED_QUOTE "'\\''"

static void append_quoted(struct buf *out, const char *text)
{
    buf_append_char(out, '\'');
    for (;;) {
        size_t len = strcspn(text, "'");
        text_sanitise(out, text, len, SIZE_MAX);
        text += len;
        if (*text++ == '\0')
            break;
        buf_append_text(out, QUOTED_QUOTE);
    }
    buf_append_char(out, '\'');
}

void shell_word_append(struct buf *out, const char *text)
{
    if (*text && text[strspn(text, PLAIN)] == '\0')
        buf_append_text(out, text);
    else
        append_quoted(out, text);
}

void shell_word_show(struct buf *out, const char *text)
{
    auto_buf struct buf word = BUF_FIXED(SHELL_WORD_SHOWN_BYTES), begin = BUF_FIXED(SHELL_WORD_SHOWN_BYTES);
    size_t room = SHELL_WORD_SHOWN_BYTES - QUOTES_BYTES;

    shell_word_append(&word, text);
    if (word.failed == PLEXCTL_OK) {
        buf_append(out, word.data, word.len);
        return;
    }
    text_sanitise(&begin, text, strlen(text), strchr(text, '\'') ? room / strlen(QUOTED_QUOTE) : room);
    append_quoted(out, buf_text(&begin));
}

bool shell_word_is_whole(const char *text)
{
    auto_buf struct buf word = BUF_FIXED(SHELL_WORD_SHOWN_BYTES), clean = BUF_FIXED(SHELL_WORD_SHOWN_BYTES);

    shell_word_append(&word, text);
    text_sanitise(&clean, text, strlen(text), SIZE_MAX);
    return word.failed == PLEXCTL_OK && strcmp(buf_text(&clean), text) == 0;
}

/* "!" recalls history within double quotes, and a backslash before it stays there. */
static void append_in_double(struct buf *out, char c)
{
    if (c == '!')
        buf_append_text(out, "\"\\!\"");
    else {
        if (strchr("$`\"\\", c))
            buf_append_char(out, '\\');
        buf_append_char(out, c);
    }
}

static bool is_bare(char c)
{
    return (unsigned char)c >= 0x80 || strchr(LETTERS "0123456789_-./:=@%+,", c);
}

void shell_word_complete(struct buf *out, const char *text, char quote)
{
    size_t len = out->len;

    for (; *text; text++) {
        if (quote == '"')
            append_in_double(out, *text);
        else if (quote == '\'' && *text == '\'')
            buf_append_text(out, QUOTED_QUOTE);
        else {
            if (!quote && !is_bare(*text))
                buf_append_char(out, '\\');
            buf_append_char(out, *text);
        }
    }
    if (quote && out->len > len && out->data[out->len - 1] == quote)
        buf_append_char(out, quote);
}

/* Within single quotes, a backslash is an escape to fish alone. */
void shell_word_quote(struct buf *out, const char *text, bool is_fish)
{
    buf_append_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            buf_append_text(out, QUOTED_QUOTE);
        else if (*text == '\\' && is_fish)
            buf_append_text(out, "\\\\");
        else
            buf_append_char(out, *text);
    }
    buf_append_char(out, '\'');
}
