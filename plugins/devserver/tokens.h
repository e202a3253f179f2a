/* SPDX-License-Identifier: Apache-2.0
 *
 * tokens - issued bearer tokens in memory; the oldest goes when all places are taken. Pure: the token's text and the
 * time come from the caller.
 */
#ifndef DEVSERVER_TOKENS_H
#define DEVSERVER_TOKENS_H

#include <stdint.h>

#include "identities.h"
#include "random_text.h"

#define TOKENS_MAX 4096
#define TOKEN_PREFIX "psdev_" /* lets a secret scanner recognise one */
#define TOKEN_SIZE (RANDOM_TEXT_SIZE + sizeof TOKEN_PREFIX - 1)

struct tokens;

struct tokens *tokens_new(void); /* NULL out of memory */
void tokens_free(struct tokens *tokens);

/* `random` is of random_text(); the token's whole text is returned, good until the next tokens_add. */
const char *tokens_add(struct tokens *tokens, const char *random, const struct identity *identity, int64_t expires_ms);

enum token_verdict {
    TOKEN_VALID,
    TOKEN_EXPIRED,
    TOKEN_UNKNOWN,
};

/* *ret_identity is set for VALID. */
enum token_verdict tokens_check(const struct tokens *tokens, const char *token, int64_t now_ms,
                                const struct identity **ret_identity);

#endif
