/* SPDX-License-Identifier: Apache-2.0 */
#include "random_text.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define RANDOM_BYTES 32

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool random_bytes(void *ret_bytes, size_t size)
{
    unsigned char *at = ret_bytes;

    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

bool random_text(char ret_text[RANDOM_TEXT_SIZE])
{
    unsigned char bytes[RANDOM_BYTES];
    unsigned pending = 0;
    unsigned pending_bits = 0;
    size_t length = 0;

    if (!random_bytes(bytes, sizeof bytes))
        return false;
    for (size_t i = 0; i < sizeof bytes; i++) {
        pending = (pending << 8) | bytes[i];
        pending_bits += 8;
        while (pending_bits >= 6) {
            pending_bits -= 6;
            ret_text[length++] = base64url[(pending >> pending_bits) & 63];
        }
    }
    ret_text[length++] = base64url[(pending << (6 - pending_bits)) & 63];
    ret_text[length] = '\0';
    explicit_bzero(bytes, sizeof bytes);
    return true;
}

bool secret_equal(const char *secret, const char *guess)
{
    if (!secret || !guess)
        return false;
    size_t secret_length = strlen(secret);
    size_t guess_length = strlen(guess);
    unsigned difference = secret_length != guess_length;

    for (size_t i = 0; i < guess_length; i++)
        difference |= (unsigned)(unsigned char)guess[i] ^ (unsigned char)secret[i <= secret_length ? i : secret_length];
    return difference == 0;
}
