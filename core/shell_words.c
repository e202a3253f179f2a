/* SPDX-License-Identifier: Apache-2.0 */
#include "shell_words.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static plexctl_status add_word(struct shell_words *words, const char *text, struct error *err)
{
    char **grown = reallocarray(words->rows, words->count + 1, sizeof *grown);

    if (!grown)
        return error_no_memory(err);
    words->rows = grown;
    grown[words->count] = strdup(text);
    if (!grown[words->count])
        return error_no_memory(err);
    words->count++;
    return PLEXCTL_OK;
}

void shell_words_release(struct shell_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->rows[i]);
    free(words->rows);
    *words = (struct shell_words)SHELL_WORDS_INIT;
}

plexctl_status shell_words_copy(int count, char *const words[], struct shell_words *ret_words, struct error *err)
{
    auto_shell_words struct shell_words copy = SHELL_WORDS_INIT;
    plexctl_status status = PLEXCTL_OK;

    for (int i = 0; status == PLEXCTL_OK && i < count; i++)
        status = add_word(&copy, words[i], err);
    if (status == PLEXCTL_OK && count <= 0)
        status = add_word(&copy, "", err);
    if (status != PLEXCTL_OK)
        return status;
    *ret_words = copy;
    copy = (struct shell_words)SHELL_WORDS_INIT;
    return PLEXCTL_OK;
}

/* Splitting */

struct splitter {
    const char *rest;
    const char *breaks;
    struct shell_words words;
    struct buf word;
    char quote;
    bool is_active;
    bool is_within;      /* a word, maybe an empty one in quotes */
    size_t behind_break; /* bytes of the word up to behind its last break character */
    size_t behind_quote; /* ... and to behind the last quote that was opened */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* bash leaves these two to what replaces the word. */
static bool is_special_prefix(char c)
{
    return c == '@' || c == '$';
}

static plexctl_status end_word(struct splitter *splitter, struct error *err)
{
    plexctl_status status = add_word(&splitter->words, buf_text(&splitter->word), err);

    if (status == PLEXCTL_OK)
        status = buf_check(&splitter->word, "a word", err);
    splitter->is_within = false;
    return status;
}

static void start_word(struct splitter *splitter)
{
    buf_release(&splitter->word);
    splitter->is_within = true;
    splitter->is_active = false;
    splitter->behind_break = splitter->behind_quote = 0;
}

/* A backslash stands before *rest; at the end of the line it waits for its character. */
static void take_escaped(struct splitter *splitter)
{
    char c = *splitter->rest;

    if (splitter->quote && (c == '\0' || !strchr("$`\"\\\n", c)))
        buf_append_char(&splitter->word, '\\');
    else if (c != '\0') {
        if (c != '\n')
            buf_append_char(&splitter->word, c);
        splitter->rest++;
    }
}

static void take_char(struct splitter *splitter, char c)
{
    struct buf *word = &splitter->word;

    if (splitter->quote && c == splitter->quote)
        splitter->quote = '\0';
    else if (c == '\\' && splitter->quote != '\'')
        take_escaped(splitter);
    else if (!splitter->quote && (c == '\'' || c == '"')) {
        splitter->quote = c;
        splitter->behind_quote = word->len;
    } else {
        buf_append_char(word, c);
        if (splitter->quote != '\'' && strchr(splitter->quote ? "$`" : "$`()<>;|&", c))
            splitter->is_active = true;
        if (!splitter->quote && strchr(splitter->breaks, c))
            splitter->behind_break = word->len - (is_special_prefix(c) ? 1 : 0);
    }
}

static plexctl_status split(struct splitter *splitter, struct error *err)
{
    plexctl_status status = PLEXCTL_OK;

    while (status == PLEXCTL_OK && *splitter->rest) {
        char c = *splitter->rest++;
        if (!splitter->quote && is_blank(c)) {
            if (splitter->is_within)
                status = end_word(splitter, err);
            continue;
        }
        if (!splitter->is_within)
            start_word(splitter);
        take_char(splitter, c);
    }
    if (status == PLEXCTL_OK && !splitter->is_within)
        start_word(splitter);
    return status == PLEXCTL_OK ? end_word(splitter, err) : status;
}

static void drop_first(struct shell_words *words)
{
    if (words->count < 2)
        return;
    free(words->rows[0]);
    memmove(words->rows, words->rows + 1, --words->count * sizeof *words->rows);
}

plexctl_status shell_words_split(const char *line, const char *breaks, struct shell_words *ret_words, struct error *err)
{
    struct splitter splitter = {.rest = line, .breaks = breaks, .word = BUF_INIT(SIZE_MAX / 2)};
    plexctl_status status = split(&splitter, err);

    buf_release(&splitter.word);
    if (status != PLEXCTL_OK) {
        shell_words_release(&splitter.words);
        return status;
    }
    splitter.words.quote = splitter.quote;
    splitter.words.is_active = splitter.is_active;
    splitter.words.kept = splitter.quote ? splitter.behind_quote : splitter.behind_break;
    drop_first(&splitter.words);
    *ret_words = splitter.words;
    return PLEXCTL_OK;
}
