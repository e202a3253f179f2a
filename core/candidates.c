/* SPDX-License-Identifier: Apache-2.0 */
#include "candidates.h"

#include <stdint.h>
#include <string.h>

#include "base/shell_word.h"
#include "base/text.h"

void candidates_release(struct candidates *candidates)
{
    buf_release(&candidates->list);
}

/* A value that would be escaped is not what it looks like. */
static plexctl_status looks_as_it_is(const char *value, bool *ret_does, struct error *err)
{
    auto_buf struct buf safe = BUF_INIT(SIZE_MAX / 2);

    text_sanitise(&safe, value, strlen(value), SIZE_MAX);
    *ret_does = strcmp(buf_text(&safe), value) == 0;
    return buf_check(&safe, "a candidate", err);
}

static plexctl_status is_fit(const struct candidates *candidates, const char *value, bool *ret_is_fit,
                             struct error *err)
{
    size_t len = strlen(value);

    *ret_is_fit = false;
    if (len == 0 || len > CANDIDATES_VALUE_MAX_BYTES || (candidates->no_dash && value[0] == '-') ||
        strncmp(value, candidates->typed, strlen(candidates->typed)) != 0)
        return PLEXCTL_OK;
    return looks_as_it_is(value, ret_is_fit, err);
}

plexctl_status candidates_add(struct candidates *candidates, const char *value, const char *description,
                              struct error *err)
{
    auto_buf struct buf row = BUF_INIT(SIZE_MAX / 2);
    bool fits = false;
    plexctl_status status = is_fit(candidates, value, &fits, err);

    if (status != PLEXCTL_OK || !fits)
        return status;
    buf_append(&row, value, strlen(value) + 1);
    if (description)
        text_sanitise(&row, description, strlen(description), TEXT_SERVER_MAX_BYTES);
    buf_append_char(&row, '\0');
    if (row.failed != PLEXCTL_OK)
        return error_no_memory(err);
    if (row.len > candidates->list.max - candidates->list.len)
        return error_set(err, PLEXCTL_FAILED, "there are more candidates than are shown");
    buf_append(&candidates->list, row.data, row.len);
    return buf_check(&candidates->list, "the list of candidates", err);
}

static void print_line(const struct shell_words *words, const char *word, bool is_bash, struct buf *out)
{
    if (is_bash)
        shell_word_complete(out, word + words->kept, words->quote);
    else
        buf_append_text(out, word);
}

void candidates_print(const struct candidates *candidates, const struct shell_words *words, size_t before, bool is_bash,
                      struct buf *out)
{
    const struct buf *list = &candidates->list;

    if (candidates->wants_files)
        buf_appendf(out, "files %zu\n", before);
    else
        buf_append_text(out, "words\n");
    for (size_t at = 0; at < list->len;) {
        auto_buf struct buf word = BUF_INIT(SIZE_MAX / 2);
        const char *value = list->data + at, *description = value + strlen(value) + 1;
        buf_append(&word, words->rows[words->count - 1], before);
        buf_append_text(&word, value);
        print_line(words, buf_text(&word), is_bash, out);
        if (!is_bash)
            buf_appendf(out, "\t%s", description);
        buf_append_char(out, '\n');
        if (word.failed != PLEXCTL_OK)
            out->failed = word.failed;
        at = (size_t)(description - list->data) + strlen(description) + 1;
    }
}
