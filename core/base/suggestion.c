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
        memcpy(suggestion->completed, word, sizeof word);
        suggestion->completed_count++;
    }
    if (suggestion->distance > 0 && strcasecmp(word, typed) == 0)
        suggestion->distance = 0;
    else if (!text_is_nearer(typed, word, &suggestion->distance))
        return;
    memcpy(suggestion->nearest, word, sizeof word);
}

const char *suggestion_best(const struct suggestion *suggestion)
{
    if (suggestion->completed_count == 1)
        return suggestion->completed;
    if (suggestion->nearest[0])
        return suggestion->nearest;
    return suggestion->completed_count ? suggestion->completed : NULL;
}
