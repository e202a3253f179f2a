/* SPDX-License-Identifier: Apache-2.0 */
#include "tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct token {
    char text[TOKEN_SIZE];
    const struct identity *identity; /* NULL: a free place */
    int64_t expires_ms;
};

struct tokens {
    size_t next; /* the place of the next one: the oldest of a full ring */
    struct token rows[TOKENS_MAX];
};

struct tokens *tokens_new(void)
{
    return calloc(1, sizeof(struct tokens));
}

void tokens_free(struct tokens *tokens)
{
    if (tokens)
        explicit_bzero(tokens, sizeof *tokens);
    free(tokens);
}

const char *tokens_add(struct tokens *tokens, const char *random, const struct identity *identity, int64_t expires_ms)
{
    struct token *row = &tokens->rows[tokens->next];

    tokens->next = (tokens->next + 1) % TOKENS_MAX;
    (void)snprintf(row->text, sizeof row->text, "%s%s", TOKEN_PREFIX, random);
    row->identity = identity;
    row->expires_ms = expires_ms;
    return row->text;
}

enum token_verdict tokens_check(const struct tokens *tokens, const char *token, int64_t now_ms,
                                const struct identity **ret_identity)
{
    for (size_t i = 0; i < TOKENS_MAX && tokens->rows[i].identity; i++) {
        const struct token *row = &tokens->rows[i];
        if (!secret_equal(row->text, token))
            continue;
        if (now_ms >= row->expires_ms)
            return TOKEN_EXPIRED;
        *ret_identity = row->identity;
        return TOKEN_VALID;
    }
    return TOKEN_UNKNOWN;
}
