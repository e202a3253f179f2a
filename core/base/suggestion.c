/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggestion.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

void suggestion_begin(struct suggestion *suggestion, const char *typed, size_t length)
{
    *suggestion = (struct suggestion){.distance = UINT_MAX};
    if (length <= SUGGESTION_MAX_BYTES)
        memcpy(suggestion->typed, typed, length);
}

void suggestion_consider(struct suggestion *suggestion, const char *candidate, size_t length)
{
    const char *typed = suggestion->typed;
    char word[SUGGESTION_MAX_BYTES + 1] = "";

    if (!typed[0] || length == 0 || length > SUGGESTION_MAX_BYTES)
        return;
    memcpy(word, candidate, length);
    if (strncmp(word, typed, strlen(typed)) == 0) {
        if (suggestion->completed_count < SUGGESTION_MAX_COMPLETED)
            memcpy(suggestion->completed[suggestion->completed_count], word, sizeof word);
        suggestion->completed_count++;
    }
    if (suggestion->distance > 0 && strcasecmp(word, typed) == 0)
        suggestion->distance = 0;
    else if (!text_is_nearer(typed, word, &suggestion->distance))
        return;
    memcpy(suggestion->nearest, word, sizeof word);
}

static void append_word(struct buf *out, const char *before, const char *word, const char *after)
{
    buf_append_text(out, before);
    text_sanitise(out, word, strlen(word), SUGGESTION_MAX_BYTES);
    buf_append_text(out, after);
}

bool suggestion_ask(const struct suggestion *suggestion, const char *before, const char *after, struct buf *out)
{
    const unsigned all = suggestion->completed_count;
    const unsigned count = all < SUGGESTION_MAX_COMPLETED ? all : SUGGESTION_MAX_COMPLETED;
    const bool is_nearest = all != 1 && suggestion->nearest[0];

    if (!is_nearest && count == 0)
        return false;
    buf_append_text(out, "did you mean ");
    if (is_nearest)
        append_word(out, before, suggestion->nearest, after);
    for (unsigned i = 0; !is_nearest && i < count; i++) {
        if (i > 0)
            buf_append_text(out, i + 1 == count ? " or " : ", ");
        append_word(out, before, suggestion->completed[i], after);
    }
    buf_append_char(out, '?');
    return true;
}
